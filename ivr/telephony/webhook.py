"""Reads the forms that Twilio posts to us (https://www.twilio.com/docs/voice/twiml#twilios-request-to-your-application)."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from ivr.engine.events import DialEnded, Digits, Event, HungUp, NoInput, Outcome

GONE = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
OUTCOMES = {
    "busy": Outcome.busy,
    "no-answer": Outcome.unanswered,
    "canceled": Outcome.unanswered,
    "failed": Outcome.failed,
}


def read_form(body: bytes) -> list[tuple[str, str]]:
    """The fields in order, empty ones too: the signature counts them."""
    return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)


def event_of(form: Mapping[str, str]) -> Event:
    """What happened to the call.

    >>> event_of({"CallStatus": "in-progress", "Digits": "1"})
    Digits(keys='1')
    """
    if "DialCallStatus" in form and form.get("CallStatus") not in GONE:
        return DialEnded(_outcome(form))
    if form.get("CallStatus") in GONE:
        return HungUp()
    keys = form.get("Digits", "")
    return Digits(keys) if keys else NoInput()


def _outcome(form: Mapping[str, str]) -> Outcome:
    """A leg may be `completed` without anybody having talked: a mailbox, or an adviser who declined.

    Only a bridged leg counts, and one that had to be screened is bridged only after it was accepted.
    """
    status = form["DialCallStatus"]
    if status in ("completed", "answered"):
        return Outcome.answered if form.get("DialBridged") == "true" else Outcome.unanswered
    return OUTCOMES.get(status, Outcome.failed)
