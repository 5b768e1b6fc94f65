"""Whoever cannot or does not answer a question reaches a person."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.graph import reachable
from ivr.engine.question import Question
from ivr.errors import Problem
from ivr.helpline.contacts import ADVISERS


def check(content: Content) -> Iterator[Problem]:
    """A question that a caller can meet before our advisers were rung, and whose failure does not ring them.

    After they were rung and nobody came, failing may end in a spoken goodbye.
    """
    entries = content.entries.values()
    before = reachable(content, entries, passable=lambda at: not _rings_advisers(content, at))
    for at in sorted(before):
        step = content.steps.get(at)
        if isinstance(step, Question) and not _leads_to_advisers(content, step.otherwise):
            says = f"a caller who does not answer {at} must reach a person, and “otherwise” leads to {step.otherwise}"
            yield content.at_step(at, says, "otherwise")


def _rings_advisers(content: Content, at: str) -> bool:
    step = content.steps.get(at)
    return step is not None and step.rings() == ADVISERS


def _leads_to_advisers(content: Content, at: str) -> bool:
    """Straight to them, or through steps that only say something on the way."""
    seen: set[str] = set()
    while at not in seen and at in content.steps and not _rings_advisers(content, at):
        seen.add(at)
        exits = {str(target) for _, target in content.steps[at].exits()}
        if isinstance(content.steps[at], Question) or len(exits) != 1:
            return False
        at = exits.pop()
    return at not in seen
