"""Every step can be reached by some caller."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.graph import reachable
from ivr.errors import Problem


def check(content: Content) -> Iterator[Problem]:
    """A step that no exit, no entry and no key leads to."""
    reached = reachable(content, content.entries.values())
    for at in content.steps:
        if at not in reached:
            yield content.at_step(at, f"nobody can reach {at}: no exit leads here")
