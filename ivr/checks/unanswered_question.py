"""Whoever cannot or does not answer a question reaches a person."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.graph import leads_to, reachable
from ivr.engine.question import Question
from ivr.errors import Problem
from ivr.helpline.contacts import ADVISERS


def check(content: Content) -> Iterator[Problem]:
    """A question that a caller can meet before our advisers were rung, and whose failure does not ring them.

    After they were rung and nobody came, failing may end in a spoken goodbye.
    """
    before = reachable(content, content.entries.values(), passable=lambda at: not _is_their_door(content, at))
    for at in sorted(before):
        step = content.steps.get(at)
        if isinstance(step, Question) and not _leads_to_advisers(content, step.otherwise):
            says = f"a caller who does not answer {at} must reach a person, and “otherwise” leads to {step.otherwise}"
            yield content.at_step(at, says, "otherwise")


def _is_their_door(content: Content, at: str) -> bool:
    """Whether our advisers are rung here, or would be at an hour when they are there."""
    step = content.steps.get(at)
    is_asked = step is not None and step.way_to_a_person() is not None
    return (step is not None and step.rings() == ADVISERS) or (is_asked and _leads_to_advisers(content, at))


def _leads_to_advisers(content: Content, at: str) -> bool:
    return leads_to(content, at, lambda step: step.rings() == ADVISERS)
