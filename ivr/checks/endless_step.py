"""From every step the call can come to an end, and no steps lead round in a circle without stopping."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.graph import ending, exits_of
from ivr.engine.question import Question
from ivr.errors import Problem


def check(content: Content) -> Iterator[Problem]:
    """A step without a way to the end, or a step that comes round to itself with nobody asked anything."""
    can_end = ending(content)
    for at, step in content.steps.items():
        if at not in can_end:
            yield content.at_step(at, f"a call that comes to {at} can never end: no way from here to a goodbye")
        elif not isinstance(step, Question) and at in _without_stopping(content, at):
            yield content.at_step(at, f"{at} leads round to itself without the caller being asked anything")


def _without_stopping(content: Content, at: str) -> set[str]:
    """The steps that a call comes to from here with no key pressed."""
    seen: set[str] = set()
    ahead = list(exits_of(content, at))
    while ahead:
        step = ahead.pop()
        if step not in seen and step in content.steps and not isinstance(content.steps[step], Question):
            seen.add(step)
            ahead += exits_of(content, step)
    return seen
