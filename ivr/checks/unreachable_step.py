"""Every step can be reached by some caller."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.graph import reachable
from ivr.errors import Problem


def check(content: Content) -> Iterator[Problem]:
    """A step that no exit, no entry and no key leads to. An adviser who is rung begins at a step of their own."""
    for_advisers = (at for at, step in content.steps.items() if step.for_adviser)
    reached = reachable(content, (*content.entries.values(), *for_advisers))
    for at in content.steps:
        if at not in reached:
            yield content.at_step(at, f"nobody can reach {at}: no exit leads here")
