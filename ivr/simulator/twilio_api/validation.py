"""Validation of requests to create messages and calls, with Twilio's error codes.

See https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource,
https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource and https://www.twilio.com/docs/api/errors.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlsplit

E164 = re.compile(r"\+[1-9]\d{6,14}")
MAX_BODY = 1600
"""Characters of one message."""
MAX_TIMEOUT = 600
"""Seconds that a call may ring."""
CALL_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
CALL_EVENT = "StatusCallbackEvent"
CALL_PARAMETERS = frozenset(
    {
        *("To", "From", "Url", "Method", "Timeout", "StatusCallback", "StatusCallbackMethod", CALL_EVENT),
        *("Twiml", "Record", "RecordingChannels"),
    }
)
MAX_TWIML = 4000
"""Characters of the `Twiml` of a call."""


def message_error(form: Mapping[str, str], senders: Collection[str], opted_out: Collection[str]) -> int | None:
    """Return Twilio's error code for a message that cannot be created, None for one that can.

    >>> message_error({"To": "07700 900123", "From": "+447700900999", "Body": "Hello."}, ["+447700900999"], [])
    21211
    """
    to, sender, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
    errors = {
        21604: not to,
        21211: not E164.fullmatch(to),
        21603: not sender,
        21212: not E164.fullmatch(sender),
        21606: sender not in senders,
        21266: sender == to,
        21602: not body,
        21617: len(body) > MAX_BODY,
        21609: not _is_url_or_absent(form.get("StatusCallback")),
        21610: to in opted_out,
    }
    return next((code for code, wrong in errors.items() if wrong), None)


def call_error(form: Mapping[str, str], events: Sequence[str], caller_ids: Collection[str]) -> int | None:
    """Return Twilio's error code for a call that cannot be created, None for one that can.

    >>> call_error({"To": "07700 900123", "From": "+441632960000", "Url": "https://a.example/"}, [], ["+441632960000"])
    21211
    """
    to, sender = form.get("To", ""), form.get("From", "")
    methods = (form.get("Method"), form.get("StatusCallbackMethod"))
    errors = {
        21201: not to,
        21211: not E164.fullmatch(to),
        21213: not sender,
        21212: not E164.fullmatch(sender),
        21210: sender not in caller_ids,
        21205: not (form.get("Url") or form.get("Twiml")) or not _is_url_or_absent(form.get("Url")),
        21609: not _is_url_or_absent(form.get("StatusCallback")),
        21626: not CALL_EVENTS.issuperset(events),
        # Parameters that Twilio accepts and this fake does not implement are rejected rather than ignored.
        20001: not _is_timeout(form.get("Timeout", "1"))
        or not {None, "GET", "POST"}.issuperset(methods)
        or not CALL_PARAMETERS.issuperset(form)
        or not _is_script(form),
    }
    return next((code for code, wrong in errors.items() if wrong), None)


def _is_url_or_absent(url: str | None) -> bool:
    if url is None:
        return True
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _is_script(form: Mapping[str, str]) -> bool:
    """Return whether there is one document to execute, and both sides are recorded apart, if at all."""
    is_one = not ("Url" in form and "Twiml" in form) and len(form.get("Twiml", "")) <= MAX_TWIML
    recorded = form.get("Record", "false"), form.get("RecordingChannels", "dual")
    return is_one and recorded in (("true", "dual"), ("false", "dual"))


def _is_timeout(seconds: str) -> bool:
    return bool(re.fullmatch(r"[1-9]\d{0,2}", seconds)) and int(seconds) <= MAX_TIMEOUT
