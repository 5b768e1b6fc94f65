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
    """How ringing somebody ended."""

    answered = "answered"
    busy = "busy"
    unanswered = "unanswered"
    failed = "failed"


class DialEnded(Struct, frozen=True):
    """Somebody we rang took the call and has finished, after so many seconds of talk; or never took it."""

    outcome: DialStatus
    seconds: int = 0


class QueueResult(StrEnum):
    """How a caller came out of the queue."""

    talked = "talked"
    left = "left"
    gone = "gone"
    failed = "failed"


class QueueEnded(Struct, frozen=True):
    """A caller who waited in the queue does so no more: they have talked to somebody, left it, or hung up.

    `waited` is in seconds; `queue` is the provider's name for the queue, if it told us.
    """

    how: QueueResult
    waited: int = 0
    queue: str = ""


class Recorded(Struct, frozen=True):
    """The caller has left a recording, by its name at the provider.

    What ended it is a `key`, or that they have `gone`; neither, if it was silence, or time was up.
    """

    recording: str
    seconds: int
    gone: bool = False
    key: str = ""


class HungUp(Struct, frozen=True):
    """The caller has gone; whatever we answer is heard by nobody."""


class EffectResult(Struct, frozen=True):
    """What a step asked to be kept is kept, or cannot be; nothing was said to the caller yet.

    `value` is what there was to find out by it, such as the name of what was begun.
    """

    status: EffectStatus
    value: str = ""


Event = Digits | NoInput | DialEnded | QueueEnded | Recorded | HungUp | EffectResult
