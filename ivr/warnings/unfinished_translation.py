"""A language in progress is not finished yet; it is not spoken before it is complete."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem
from ivr.helpline.translations import EVERY


def warn(content: Content, means: Means) -> Iterator[Problem]:
    """What would be a mistake in a language that is complete."""
    for translation in content.translations:
        if not translation.is_complete:
            for rule in EVERY:
                yield from rule(content, translation)
