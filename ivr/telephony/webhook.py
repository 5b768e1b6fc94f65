"""Reads the forms that Twilio posts to us (https://www.twilio.com/docs/voice/twiml#twilios-request-to-your-application)."""

import re
from collections.abc import Mapping
from urllib.parse import unquote

from ivr.engine.events import DialEnded, DialStatus, Digits, Event, HungUp, NoInput, QueueEnded, QueueResult, Recorded

GONE = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
OUTCOMES = {
    "busy": DialStatus.busy,
    "no-answer": DialStatus.unanswered,
    "canceled": DialStatus.unanswered,
    "failed": DialStatus.failed,
}


EXITS = {
    "bridged": QueueResult.talked,
    "bridging-in-process": QueueResult.talked,
    "redirected-from-bridged": QueueResult.talked,
    "leave": QueueResult.left,
    "redirected": QueueResult.left,
    "hangup": QueueResult.gone,
}
"""https://www.twilio.com/docs/voice/twiml/enqueue#attributes-action; the rest are errors."""


def read_form(body: bytes) -> list[tuple[str, str]]:
    """The fields in order, empty ones too: the signature counts them.

    The same as `urllib.parse.parse_qsl`, which unquotes each name and value anew though hardly any needs it: a form
    has nearly thirty of each, and reading it was a quarter of the time of a key press. What does need it is the + of
    numbers, which no form is without: all of them are put in at once.

    >>> read_form(b"Digits=1&From=%2B447700900123&msg=Gather+End&FromCity=")
    [('Digits', '1'), ('From', '+447700900123'), ('msg', 'Gather End'), ('FromCity', '')]
    """
    text = body.decode("utf-8", "replace").replace("+", " ").replace("%2B", "+")
    fields = [field.partition("=") for field in text.split("&") if field]
    if "%" in text:
        return [(unquote(name), unquote(value)) for name, _, value in fields]
    return [(name, value) for name, _, value in fields]


NAME = re.compile("[A-Za-z0-9-]{1,64}")
WHOLE = re.compile("[0-9]{1,9}")


def name_in(text: str) -> str:
    """A name, the provider's or our own, if it is one; else none: a database does not keep just any letters.

    >>> name_in("SM0f8fad5b"), name_in("SM\\0"), name_in("S" * 5000)
    ('SM0f8fad5b', '', '')
    """
    return text if NAME.fullmatch(text) else ""


def whole_in(text: str) -> int | None:
    """A whole number that the provider may mean, if it is one: of thousands of digits Python makes none.

    >>> whole_in("7"), whole_in("-7"), whole_in("9" * 5000)
    (7, None, None)
    """
    return int(text) if WHOLE.fullmatch(text) else None


def event_of(form: Mapping[str, str]) -> Event:
    """What happened to the call.

    >>> event_of({"CallStatus": "in-progress", "Digits": "1"})
    Digits(keys='1')
    """
    gone = form.get("CallStatus") in GONE
    if "DialCallStatus" in form and (not gone or form.get("DialBridged") == "true"):  # who hangs up then has talked
        return DialEnded(_outcome(form), _whole(form, "DialCallDuration"))
    if "QueueResult" in form:
        return QueueEnded(_exit(form, gone=gone), _whole(form, "QueueTime"), form.get("QueueSid", ""))
    if "RecordingSid" in form:
        return _recorded(form, gone)
    if gone:
        return HungUp()
    keys = form.get("Digits", "")
    return Digits(keys) if keys else NoInput()


def _recorded(form: Mapping[str, str], gone: bool) -> Recorded:
    """Where other forms have keys, this one has the key that ended it, or the word hangup.

    https://www.twilio.com/docs/voice/twiml/record#request-parameters
    """
    ended_by = form.get("Digits", "")
    key = ended_by if len(ended_by) == 1 else ""
    return Recorded(form["RecordingSid"], _whole(form, "RecordingDuration"), gone or ended_by == "hangup", key)


def _whole(form: Mapping[str, str], name: str) -> int:
    """A number of seconds; 0 where there is none that a call could last."""
    return whole_in(form.get(name, "")) or 0


def _exit(form: Mapping[str, str], *, gone: bool) -> QueueResult:
    """Whoever hangs up in the middle of a talk has talked."""
    how = EXITS.get(form["QueueResult"], QueueResult.failed)
    return QueueResult.gone if gone and how is not QueueResult.talked else how


def _outcome(form: Mapping[str, str]) -> DialStatus:
    """A leg may be `completed` without anybody having talked: a mailbox, or an adviser who declined.

    Only a bridged leg counts, and one that had to be screened is bridged only after it was accepted.
    """
    status = form["DialCallStatus"]
    if status in ("completed", "answered"):
        return DialStatus.answered if form.get("DialBridged") == "true" else DialStatus.unanswered
    return OUTCOMES.get(status, DialStatus.failed)
