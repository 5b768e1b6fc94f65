"""The sentences that belong to no one step, in `prompts/…/helpline.yaml`."""

from collections.abc import Iterable

from ivr.engine.step import Step
from ivr.helpline import fallback

SMS = {"sms_answer": frozenset[str]()}
"""The one answer to a text that comes in."""


def shared_sentences(steps: Iterable[Step]) -> dict[str, frozenset[str]]:
    """Every shared sentence that is said somewhere, with the blanks that are filled in it."""
    sentences = fallback.SENTENCES | SMS
    for step in steps:
        sentences |= step.shares
    return sentences
