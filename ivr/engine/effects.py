"""What we can promise a caller that outlives the call, and what became of the promise."""

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct


class SendText(Struct, frozen=True):
    """A text to a mobile (E.164), to be sent now; the topic names it in records."""

    to: str
    body: str
    topic: str


class ScheduleReminders(Struct, frozen=True):
    """Texts to a mobile at later times (aware); they take the place of earlier ones on the same topic."""

    to: str
    topic: str
    texts: tuple[tuple[datetime, str], ...]


class CancelReminders(Struct, frozen=True):
    """No more reminders to a number."""

    number: str


class StartHunt(Struct, frozen=True):
    """Ring our advisers for a caller who waits, each for so many seconds: one by one, or all at once.

    Kept: it is written down, `found` is its name. Nothing: nobody is on duty. Down: it cannot be done now.
    """

    topic: str
    deadline: date | None
    seconds: int
    all_at_once: bool = False


class PollHunt(Struct, frozen=True):
    """How a hunt goes on; found is a `Standing` of `ivr/helpline/hunt.py`."""

    hunt: str


class LeaveHunt(Struct, frozen=True):
    """The caller is to wait no longer, and goes that `way`. Nothing: an adviser has just taken them."""

    hunt: str
    way: str


class EndHunt(Struct, frozen=True):
    """The caller is out of the queue: whoever is still rung for them need not be. Found: the way it went.

    `queue` is the provider's name for the queue, which nobody needs any more.
    """

    hunt: str
    how: str
    queue: str = ""


class AcceptCall(Struct, frozen=True):
    """An adviser would take the call. Kept: it is theirs, `found` is the queue to fetch it from.

    Nothing: it is not to be had; found: `taken` by another adviser, or the caller is `gone`.
    """

    hunt: str
    leg: str


class RecordTalkTime(Struct, frozen=True):
    """An adviser who took a call has talked for so many seconds; none if they found nobody there."""

    leg: str
    seconds: int


class StartVoicemail(Struct, frozen=True):
    """Room for a message from a number (as the provider gives it). Kept: `found` is its name."""

    number: str
    topic: str
    deadline: date | None


class SaveRecording(Struct, frozen=True):
    """The caller has spoken; `recording` is its name at the provider. One that `gone` callers left counts as sent."""

    message: str
    recording: str
    seconds: int
    gone: bool


class PlayVoicemail(Struct, frozen=True):
    """The caller wants to hear it. Kept: `found` is where it can be played from; nothing: it is not here yet."""

    message: str


class SubmitVoicemail(Struct, frozen=True):
    """Pass the message on."""

    message: str


class DiscardVoicemail(Struct, frozen=True):
    """The caller wants to say it anew: nobody is to hear this one."""

    message: str


class RequestCallback(Struct, frozen=True):
    """Ring a number (E.164) back, in a part of the day. Capped: enough were asked for, there or in all.

    `alert` is a text for whoever of us is on shift, if it cannot wait. Kept, found `again`: they were on the list
    already for that topic, and keep their place.
    """

    number: str
    topic: str
    deadline: date | None
    part: str
    alert: str = ""


class AcceptCallback(Struct, frozen=True):
    """An adviser is on the line to be connected with whom they ring back. Kept: `found` is the number."""

    callback: str


class RecordCallbackAttempt(Struct, frozen=True):
    """How ringing them then ended, by the name of an outcome; `seconds` they talked."""

    callback: str
    outcome: str
    seconds: int


HuntEffect = StartHunt | PollHunt | LeaveHunt | EndHunt | AcceptCall | RecordTalkTime
VoicemailEffect = StartVoicemail | SaveRecording | PlayVoicemail | SubmitVoicemail | DiscardVoicemail
CallbackEffect = RequestCallback | AcceptCallback | RecordCallbackAttempt
Effect = SendText | ScheduleReminders | CancelReminders | HuntEffect | VoicemailEffect | CallbackEffect
"""Whatever a step has the store do or look up, before anything is said."""


class EffectStatus(StrEnum):
    """What became of a promise: only `kept` may be told to the caller as done."""

    kept = "kept"
    capped = "capped"
    stopped = "stopped"
    nothing = "nothing"
    down = "down"
