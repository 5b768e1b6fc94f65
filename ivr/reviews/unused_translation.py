"""Every sentence of a translation is one that the first language has."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem
from ivr.helpline import translations


def review(content: Content, means: Means) -> Iterator[Problem]:
    """A sentence that translates nothing: often one that was misspelt, or that has gone."""
    for translation in content.translations:
        if translation.is_complete:
            yield from translations.unused(content, translation)
