"""What can happen to a call between two of our turns."""

from enum import StrEnum

from msgspec import Struct

from ivr.engine.effects import EffectStatus


class Digits(Struct, frozen=True):
    """The caller pressed keys: any of 0-9, * and #, in order."""

    keys: str


class NoInput(Struct, frozen=True):
    """The caller pressed nothing in the time we waited."""


class DialStatus(StrEnum):
    """How dialling a number ended."""

    answered = "answered"
    busy = "busy"
    unanswered = "unanswered"
    failed = "failed"


class DialEnded(Struct, frozen=True):
    """A dialled call is over, after so many seconds of talk (None: nobody told), or was never answered."""

    outcome: DialStatus
    seconds: int | None = None


class QueueResult(StrEnum):
    """How a caller came out of the queue."""

    talked = "talked"
    left = "left"
    gone = "gone"
    failed = "failed"


class QueueEnded(Struct, frozen=True):
    """A caller who waited in the queue does so no more: they have talked to somebody, left it, or hung up.

    `waited` is in seconds, None if nobody told; `queue` is the provider's name for the queue, if it told us.
    """

    result: QueueResult
    waited: int | None = None
    queue: str = ""


class Recorded(Struct, frozen=True):
    """The caller has left a recording, by its name at the provider.

    `seconds` is None where the length is not known. What ended it is a `key`, or that they have `gone`; neither, if it
    was silence, or time was up.
    """

    recording: str
    seconds: int | None
    gone: bool = False
    key: str = ""


class HungUp(Struct, frozen=True):
    """The caller has hung up; whatever is answered is heard by nobody."""


class EffectResult(Struct, frozen=True):
    """An effect of the step was committed, or could not be; nothing was said to the caller yet.

    `value` is what it returned, such as the id of what was begun.
    """

    status: EffectStatus
    value: str = ""


Event = Digits | NoInput | DialEnded | QueueEnded | Recorded | HungUp | EffectResult
