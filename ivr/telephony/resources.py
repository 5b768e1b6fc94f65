"""What the provider tells of texts, calls and recordings, read from its JSON.

https://www.twilio.com/docs/messaging/api/message-resource, https://www.twilio.com/docs/voice/api/call-resource,
https://www.twilio.com/docs/voice/api/recording
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from ivr.telephony.provider_errors import Indeterminate
from ivr.telephony.webhook import ENDED, digits_in

Json = dict[str, Any]
SMS_SID, CALL_SID = re.compile(r"(SM|MM)[0-9a-f]{32}"), re.compile(r"CA[0-9a-f]{32}")
UNFINISHED = frozenset({"in-progress", "paused", "stopped", "processing"})
FROM_A_RECORD_VERB = "RecordVerb"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A text or a call that the provider has accepted, by its SID."""

    sid: str


@dataclass(frozen=True, slots=True)
class Found:
    """A text in the provider's list: its SID and its status."""

    sid: str
    status: str
    error: int | None
    created: datetime = field(repr=False)


@dataclass(frozen=True, slots=True)
class CallStatus:
    """Whether a call goes on; if not, when it ended, where the provider says so. `status` is its own word for it."""

    is_going_on: bool
    ended: datetime | None = None
    status: str = "completed"


@dataclass(frozen=True, slots=True)
class FoundRecording:
    """A recording in the provider's list; `seconds` is None where the provider does not say how long it is."""

    sid: str
    call: str
    seconds: int | None
    created: datetime
    is_complete: bool
    is_coming: bool
    """Whether it may be complete later; one that is neither is absent: nothing was said."""


@dataclass(frozen=True, slots=True)
class Parties:
    """Who rang whom, as the provider gives the numbers."""

    caller: str = field(repr=False)
    called: str


@contextmanager
def making_sense() -> Iterator[None]:
    """Raise Indeterminate where an answer lacks what it must have: another program may have given it."""
    try:
        yield
    except (KeyError, TypeError, ValueError) as error:
        raise Indeterminate("the provider's answer makes no sense") from error


def accepted(answer: Json, name: re.Pattern[str]) -> Accepted:
    """Return what was accepted; raise Indeterminate without a SID of that form."""
    sid = answer.get("sid")
    if not isinstance(sid, str) or not name.fullmatch(sid):
        raise Indeterminate("the provider's answer makes no sense")
    return Accepted(sid)


def is_ours(message: Json, body: str) -> bool:
    """Return whether this is a text of ours; a trial account puts a sentence of its own in front."""
    return str(message["direction"]).startswith("outbound") and str(message["body"]).rstrip().endswith(body.rstrip())


def has_come_in(message: Json, body: str, since: datetime) -> bool:
    """Return whether this is a text that came in since then, with this body; a trial account puts a sentence before."""
    is_new = _moment(message["date_created"]) >= since
    return message["direction"] == "inbound" and is_new and str(message["body"]).rstrip().endswith(body.rstrip())


def read_text(message: Json) -> Found:
    """Read a text in the list."""
    return Found(message["sid"], message["status"], message.get("error_code"), _moment(message["date_created"]))


def read_call(call: Json) -> CallStatus:
    """Read whether a call goes on."""
    ended = call["end_time"]
    return CallStatus(call["status"] not in ENDED, _moment(ended) if ended else None, str(call["status"]))


def read_recording(one: Json) -> FoundRecording:
    """Read a recording in the list."""
    sid, call, status = str(one["sid"]), str(one["call_sid"]), one["status"]
    seconds, created = digits_in(str(one["duration"])), _moment(one["date_created"])
    return FoundRecording(sid, call, seconds, created, status == "completed", status in UNFINISHED)


def _moment(date: str) -> datetime:
    return parsedate_to_datetime(date).astimezone(UTC)
