"""The sentences that belong to no one step, in `prompts/…/helpline.yaml`."""

from collections.abc import Iterable

from ivr.engine.step import Step
from ivr.helpline import fallback

SMS = {"sms_answer": frozenset[str]()}
"""The one answer to a text that comes in."""
ALERTS = {"alert_message": frozenset[str]()}
"""What our advisers are texted when something waits for them."""


def shared_sentences(steps: Iterable[Step]) -> dict[str, frozenset[str]]:
    """Every shared sentence that is said somewhere, with the blanks that are filled in it."""
    sentences = fallback.SENTENCES | SMS | ALERTS
    for step in steps:
        sentences |= step.shares
    return sentences
