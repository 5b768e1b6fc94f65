"""Effects: what a step has the store do or look up, and how that ended."""

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

    `audience` is whoever calls, as in the call state.
    Kept: it is stored, the value is its id. Nothing: nobody is on shift. Down: it cannot be done now.
    """

    topic: str
    deadline: date | None
    seconds: int
    all_at_once: bool = False
    audience: str = ""


class PollHunt(Struct, frozen=True):
    """Look up how a hunt stands; the value is a `HuntStatus` of `ivr/helpline/hunt.py`."""

    hunt: str


class LeaveHunt(Struct, frozen=True):
    """The caller is to wait no longer, and goes that `way`. Nothing: an adviser has just taken them."""

    hunt: str
    way: str


class EndHunt(Struct, frozen=True):
    """The caller is out of the queue: whoever is still rung for them need not be. The value is the way it went.

    `queue` is the provider's name for the queue, which nobody needs any more.
    """

    hunt: str
    result: str
    queue: str = ""


class AcceptCall(Struct, frozen=True):
    """An adviser would take the call. Kept: it is theirs, the value is the queue to dial.

    Nothing: it is not to be had; value: `taken` by another adviser, or the caller is `gone`.
    """

    hunt: str
    leg: str


class RecordTalkTime(Struct, frozen=True):
    """An adviser who took a call has talked for so many seconds; 0 if they found nobody there, None if nobody told."""

    leg: str
    seconds: int | None


class StartVoicemail(Struct, frozen=True):
    """Make room for a message from a number (as the provider gives it). Kept: the value is its id.

    One whose topic is `TOPIC` of `ivr/helpline/data_complaints.py` is a complaint about data.
    """

    number: str
    topic: str
    deadline: date | None
    audience: str = ""


class SaveRecording(Struct, frozen=True):
    """The caller has spoken; `recording` is its name at the provider. One that `gone` callers left counts as sent.

    Kept, value UNMEASURED: it is there, but nobody knows yet how long it is, so there may be no words in it.
    """

    message: str
    recording: str
    seconds: int | None
    gone: bool


UNMEASURED = "unmeasured"


class PlayVoicemail(Struct, frozen=True):
    """The caller wants to hear it. Kept: the value is its URL; nothing: it is not here yet."""

    message: str


class SubmitVoicemail(Struct, frozen=True):
    """Pass the message on. Kept: the value is by when we must acknowledge it (ISO 8601), if it is a complaint."""

    message: str


class DiscardVoicemail(Struct, frozen=True):
    """The caller wants to say it anew: nobody is to hear this one."""

    message: str


class RequestCallback(Struct, frozen=True):
    """Ring a number (E.164) back, in a part of the day. Capped: enough were asked for, there or in all.

    `alert` is a text for whoever of us is on shift, if it cannot wait. `may_leave_message` is whether we may leave a
    message on their voicemail, None if they were not asked. Kept, value `again`: they were on the list already for
    that topic, and keep their place.
    """

    number: str
    topic: str
    deadline: date | None
    part: str
    alert: str = ""
    audience: str = ""
    may_leave_message: bool | None = None


class AcceptCallback(Struct, frozen=True):
    """An adviser is on the line to be connected with whom they ring back. Kept: the value is the number."""

    callback: str


class RecordCallbackAttempt(Struct, frozen=True):
    """How ringing them then ended, by the name of an outcome; `seconds` they talked, None if nobody told."""

    callback: str
    outcome: str
    seconds: int | None


class ConfirmRing(Struct, frozen=True):
    """An adviser pressed the key in a test ring: calls reach them. `leg` is its id."""

    leg: str


HuntEffect = StartHunt | PollHunt | LeaveHunt | EndHunt | AcceptCall | RecordTalkTime
VoicemailEffect = StartVoicemail | SaveRecording | PlayVoicemail | SubmitVoicemail | DiscardVoicemail
CallbackEffect = RequestCallback | AcceptCallback | RecordCallbackAttempt
Effect = SendText | ScheduleReminders | CancelReminders | HuntEffect | VoicemailEffect | CallbackEffect | ConfirmRing
"""Whatever a step has the store do or look up, before anything is said."""


class EffectStatus(StrEnum):
    """How an effect ended: only `kept` may be told to the caller as done."""

    kept = "kept"
    capped = "capped"
    stopped = "stopped"
    nothing = "nothing"
    down = "down"
