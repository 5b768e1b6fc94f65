"""The sentences that belong to no one step, in `prompts/…/helpline.yaml`."""

from collections.abc import Iterable

from ivr.engine.step import Step
from ivr.helpline import fallback


def shared_sentences(steps: Iterable[Step]) -> dict[str, frozenset[str]]:
    """Every shared sentence that is said somewhere, with the blanks that are filled in it."""
    sentences = dict(fallback.SENTENCES)
    for step in steps:
        sentences |= step.shares
    return sentences
