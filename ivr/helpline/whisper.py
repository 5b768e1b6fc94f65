"""The whisper: what an adviser is told of the call they are offered, and nothing of who calls."""

from collections.abc import Mapping
from datetime import date

from ivr.engine.call_state import CallState

OFFER = "screen"
"""The kind of step that is heard on the line of an adviser whom we ring for a caller who waits."""
CALL_BACK_OFFER = "call_back_offer"
"""The kind that is heard on the line of an adviser who rings a caller back."""
ANY_CALL = ""
"""What an adviser's token is bound to: the CallSid is not known when it is sealed."""
DEADLINE, HUNT, LEG, CALLBACK = "deadline", "hunt", "leg", "callback"
"""Variables of an adviser's call: a date; the ids of the hunt and of the leg, or of a callback."""


def adviser_call_state(topic: str, deadline: date | None, **names: str) -> CallState:
    """Return the state of an adviser's call, with the ids of what it belongs to.

    >>> adviser_call_state("school", date(2026, 12, 14), hunt="h1", leg="l1").variables
    {'deadline': '2026-12-14', 'hunt': 'h1', 'leg': 'l1'}
    """
    return CallState(topic=topic, variables=({DEADLINE: deadline.isoformat()} if deadline else {}) | names)


def whisper_deadline(variables: Mapping[str, str]) -> date | None:
    """Return the last day that the caller was told, if they were told one."""
    return date.fromisoformat(variables[DEADLINE]) if DEADLINE in variables else None
