"""What can happen to a call between two of our turns."""

from dataclasses import dataclass
from enum import StrEnum

from ivr.engine.promises import Kept


@dataclass(frozen=True, slots=True)
class Digits:
    """The caller pressed keys: any of 0-9, * and #, in order."""

    keys: str


@dataclass(frozen=True, slots=True)
class NoInput:
    """The caller pressed nothing in the time we waited."""


class Outcome(StrEnum):
    """How ringing somebody ended."""

    answered = "answered"
    busy = "busy"
    unanswered = "unanswered"
    failed = "failed"


@dataclass(frozen=True, slots=True)
class DialEnded:
    """Somebody we rang took the call and has finished, or never took it."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class HungUp:
    """The caller has gone; whatever we answer is heard by nobody."""


@dataclass(frozen=True, slots=True)
class PromiseKept:
    """What a step asked to be kept is kept, or cannot be; nothing was said to the caller yet."""

    how: Kept


Event = Digits | NoInput | DialEnded | HungUp | PromiseKept
