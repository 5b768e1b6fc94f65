"""A language that is complete has every sentence."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem
from ivr.helpline import translations


def review(content: Content, means: Means) -> Iterator[Problem]:
    """A sentence that a language lacks."""
    for translation in content.translations:
        if translation.is_complete:
            yield from translations.untranslated(content, translation)
