"""Reads the forms that Twilio posts to us (https://www.twilio.com/docs/voice/twiml#twilios-request-to-your-application)."""

import re
from collections.abc import Mapping
from urllib.parse import unquote

from ivr.engine.events import DialEnded, DialStatus, Digits, Event, HungUp, NoInput, QueueEnded, QueueResult, Recorded

ENDED = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
DIAL_STATUSES = {
    "busy": DialStatus.busy,
    "no-answer": DialStatus.unanswered,
    "canceled": DialStatus.unanswered,
    "failed": DialStatus.failed,
}
QUEUE_RESULTS = {
    "bridged": QueueResult.talked,
    "bridging-in-process": QueueResult.talked,
    "redirected-from-bridged": QueueResult.talked,
    "leave": QueueResult.left,
    "redirected": QueueResult.left,
    "hangup": QueueResult.gone,
}
"""https://www.twilio.com/docs/voice/twiml/enqueue#attributes-action; the rest are errors."""


def read_form(body: bytes) -> list[tuple[str, str]]:
    """Return the fields in order, empty ones too: the signature counts them.

    The same as `urllib.parse.parse_qsl`, which unquotes each name and value though hardly any needs it: a form has
    nearly thirty of each, and reading it was a quarter of the time of a key press. Only the + of numbers is common:
    it is replaced in the whole text at once.

    >>> read_form(b"Digits=1&From=%2B447700900123&msg=Gather+End&FromCity=")
    [('Digits', '1'), ('From', '+447700900123'), ('msg', 'Gather End'), ('FromCity', '')]
    """
    text = body.decode("utf-8", "replace").replace("+", " ").replace("%2B", "+")
    fields = [field.partition("=") for field in text.split("&") if field]
    if "%" in text:
        return [(unquote(name), unquote(value)) for name, _, value in fields]
    return [(name, value) for name, _, value in fields]


ID = re.compile("[A-Za-z0-9-]{1,64}")
DIGITS = re.compile("[0-9]{1,9}")
MOST_KEYS = 32
"""More than any step waits for; what is keyed may be read back, and a document is bounded."""


def id_in(text: str) -> str:
    """Return an id, the provider's or our own, or nothing if it is none: not every character can be stored.

    >>> id_in("SM0f8fad5b"), id_in("SM\\0"), id_in("S" * 5000)
    ('SM0f8fad5b', '', '')
    """
    return text if ID.fullmatch(text) else ""


def digits_in(text: str) -> int | None:
    """Return a whole number, or None: Python refuses to convert thousands of digits.

    >>> digits_in("7"), digits_in("-7"), digits_in("9" * 5000)
    (7, None, None)
    """
    return int(text) if DIGITS.fullmatch(text) else None


def event_of(form: Mapping[str, str]) -> Event:
    """Return the event of a webhook.

    >>> event_of({"CallStatus": "in-progress", "Digits": "1"})
    Digits(keys='1')
    """
    has_ended = form.get("CallStatus") in ENDED
    if "DialCallStatus" in form and (
        not has_ended or form.get("DialBridged") == "true"
    ):  # whoever hangs up then has talked
        return DialEnded(_dial_status(form), _seconds(form, "DialCallDuration"))
    if "QueueResult" in form:
        return QueueEnded(
            _queue_result(form, has_ended=has_ended), _seconds(form, "QueueTime"), form.get("QueueSid", "")
        )
    if "RecordingSid" in form:
        return _recorded(form, has_ended)
    if has_ended:
        return HungUp()
    keys = form.get("Digits", "")[:MOST_KEYS]
    return Digits(keys) if keys else NoInput()


def _recorded(form: Mapping[str, str], has_ended: bool) -> Recorded:
    """Return the event of a Record: its Digits are the key that ended it, or the word hangup.

    https://www.twilio.com/docs/voice/twiml/record#request-parameters
    """
    ended_by = form.get("Digits", "")
    key = ended_by if len(ended_by) == 1 else ""
    return Recorded(form["RecordingSid"], _seconds(form, "RecordingDuration"), has_ended or ended_by == "hangup", key)


def _seconds(form: Mapping[str, str], name: str) -> int | None:
    """Return a number of seconds; None where it is missing or absurd, for unknown is not zero."""
    return digits_in(form.get(name, ""))


def _queue_result(form: Mapping[str, str], *, has_ended: bool) -> QueueResult:
    """Return the QueueResult. Whoever hangs up in the middle of a talk has talked."""
    result = QUEUE_RESULTS.get(form["QueueResult"], QueueResult.failed)
    return QueueResult.gone if has_ended and result is not QueueResult.talked else result


def _dial_status(form: Mapping[str, str]) -> DialStatus:
    """Return the DialStatus. A leg may be `completed` without anybody having talked: a mailbox, or an adviser who
    declined. Only a bridged leg counts as answered, and a screened one is bridged only after it was accepted.
    """
    status = form["DialCallStatus"]
    if status in ("completed", "answered"):
        return DialStatus.answered if form.get("DialBridged") == "true" else DialStatus.unanswered
    return DIAL_STATUSES.get(status, DialStatus.failed)
