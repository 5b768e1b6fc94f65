"""An adviser whom we ring is told what it is about, and must press a key: some flow has the step for it."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.errors import Problem
from ivr.helpline.screening import CALL_BACK_OFFER, OFFER

NEEDED = {"queue": OFFER, "call_back": CALL_BACK_OFFER}
"""The kinds of step after which we ring advisers on calls of their own, and what those hear."""


def check(content: Content) -> Iterator[Problem]:
    """A queue, or a promise to ring back, in a helpline that has nothing for its advisers to hear."""
    kinds = {step.kind for step in content.steps.values()}
    for at, step in content.steps.items():
        if (offer := NEEDED.get(step.kind, "")) and offer not in kinds:
            says = f"we ring advisers for {at}, and no flow has a step of kind {offer} for them to hear"
            yield content.at_step(at, says)
