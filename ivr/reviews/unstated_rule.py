"""Every rule of law in the table is one that some step states."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem
from ivr.helpline.rules import FILE


def review(content: Content, means: Means) -> Iterator[Problem]:
    """A rule that nobody states: often one whose name was misspelt, or whose sentence has gone."""
    stated = {name for step in content.steps.values() for name in step.stated()}
    for source in filter(None, [content.sources.get(FILE)]):
        for name in source.content:
            if name not in stated:
                yield source.problem(f"no step states “{name}”", name)
