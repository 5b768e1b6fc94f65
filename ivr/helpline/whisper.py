"""The whisper: what an adviser is told of the call they are offered, and nothing of who calls."""

from collections.abc import Mapping
from datetime import date

from ivr.engine.call_state import CallState
from ivr.engine.content import YOUNG_PERSON
from ivr.engine.prompts import Words
from ivr.engine.step import own
from ivr.engine.verbs import Speech

OFFER = "screen"
"""The kind of step that is heard on the line of an adviser whom we ring for a caller who waits."""
CALL_BACK_OFFER = "call_back_offer"
"""The kind that is heard on the line of an adviser who rings a caller back."""
TRIAL_RING = "trial_ring"
"""The kind that is heard on the line of an adviser whose telephone is only tried."""
ANY_CALL = ""
"""What an adviser's token is bound to: the CallSid is not known when it is sealed."""
DEADLINE, AUDIENCE, HUNT, LEG, CALLBACK = "deadline", "audience", "hunt", "leg", "callback"
"""Variables of an adviser's call: a date; whoever called; the ids of the hunt and of the leg, or of a callback."""
MAY_LEAVE_MESSAGE, LEAVE_NO_MESSAGE = "may_leave_message", "leave_no_message"
"""The sentences of an offer that tell whether a message may be left on the caller's voicemail; the first is also the
variable that is set if they agreed to one."""
YOUNG_CALLER = "young_caller"
"""The sentence of an offer that tells that it is the young person who called."""


def adviser_call_state(topic: str, deadline: date | None, audience: str = "", **names: str) -> CallState:
    """Return the state of an adviser's call, with the ids of what it belongs to.

    The caller's audience is a variable: an adviser is not spoken to in words for young people.

    >>> adviser_call_state("school", date(2026, 12, 14), hunt="h1", leg="l1").variables
    {'deadline': '2026-12-14', 'hunt': 'h1', 'leg': 'l1'}
    """
    told = {DEADLINE: deadline.isoformat() if deadline else "", AUDIENCE: audience}
    return CallState(topic=topic, variables={name: value for name, value in told.items() if value} | names)


def young_caller(variables: Mapping[str, str], words: Words, at: str) -> Speech:
    """Return the sentence that it is the young person who called, if that is known and the step has the sentence."""
    name = own(at, YOUNG_CALLER)
    return words.speech(name) if variables.get(AUDIENCE) == YOUNG_PERSON and name in words else ()


def leaving_a_message(variables: Mapping[str, str], words: Words, at: str) -> Speech:
    """Return the sentence whether a message may be left, if the step has it: not without a yes of the caller."""
    name = own(at, MAY_LEAVE_MESSAGE if MAY_LEAVE_MESSAGE in variables else LEAVE_NO_MESSAGE)
    return words.speech(name) if name in words else ()


def whisper_deadline(variables: Mapping[str, str]) -> date | None:
    """Return the last day that the caller was told, if they were told one."""
    return date.fromisoformat(variables[DEADLINE]) if DEADLINE in variables else None
