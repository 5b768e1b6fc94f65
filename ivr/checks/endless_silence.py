"""A caller who does nothing comes to a spoken goodbye in the end, by way of a person where one is there."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.errors import Problem


def check(content: Content) -> Iterator[Problem]:
    """A question from which silence, wrong keys and failed calls lead back to it, for as long as the line is open."""
    for at, step in content.steps.items():
        if step.ways() and at in _in_silence(content, at):
            says = f"a caller who does nothing at {at} is led round to it again for ever, and never hears a goodbye"
            yield content.at_step(at, says, "otherwise")


def _in_silence(content: Content, at: str) -> set[str]:
    """Where a call can come to from here without a key of the caller's."""
    seen: set[str] = set()
    ahead: list[str] = list(content.steps[at].silent_exits())
    while ahead:
        one = ahead.pop()
        if one not in seen and one in content.steps:
            seen.add(one)
            ahead += content.steps[one].silent_exits()
    return seen
