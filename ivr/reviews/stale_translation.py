"""A translation is of the sentence that stands there now."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem
from ivr.helpline import translations


def review(content: Content, means: Means) -> Iterator[Problem]:
    """A sentence that was changed since it was translated."""
    for translation in content.translations:
        if translation.is_complete:
            yield from translations.stale(content, translation)
