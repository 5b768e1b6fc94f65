"""A translation has the blanks of the sentence it translates."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem
from ivr.helpline import translations


def review(content: Content, means: Means) -> Iterator[Problem]:
    """A blank too many, or one too few."""
    for translation in content.translations:
        if translation.is_complete:
            yield from translations.other_blanks(content, translation)
