"""What a call came to, in one line: nothing of who called, and no key that they pressed."""

import logging
from datetime import datetime
from typing import NamedTuple

from ivr.errors import DatabaseUnavailable
from ivr.store.call_events import ENDED, CallOutcome, Events, record_of
from ivr.store.cipher import Cipher

ID_BYTES = 6


class CallSummary(NamedTuple):
    """A call that has ended, in the order in which the log has it.

    `call` is our own id for it. `topics` and `flows` are those that it reached, in order; `steps` is how many answers
    the caller was given; `adviser` says whether they talked to one, and `text` whether one was promised.
    """

    call: str
    began: datetime
    seconds: int
    outcome: str
    topics: str
    flows: str
    steps: int
    language: str
    adviser: bool
    text: bool


def call_id(blind_index: bytes) -> str:
    """Return our id of a call in the log: the beginning of the keyed hash of its CallSid, of which nothing can be read.

    The CallSid itself would lead whoever can see the provider's log to the caller's number.

    >>> call_id(bytes(32))
    '000000000000'
    """
    return blind_index[:ID_BYTES].hex()


def call_id_of(cipher: Cipher, call: str) -> str:
    """Return our id of the call with a CallSid; "unknown" before the database has been read for the first time."""
    try:
        return call_id(cipher.blind_index(call))
    except DatabaseUnavailable:
        return "unknown"


def summary_of(call: bytes, events: Events, language: str = "") -> CallSummary | None:
    """Return it by the events that are written; None for a call that we answered nothing, or that goes on.

    `language` is that in which calls begin.
    """
    record, answers = record_of(events), [event for event in events if event.happened != ENDED]
    if record.ended is None or not answers:
        return None
    outcomes = {event.outcome for event in events}
    flows = dict.fromkeys(event.step.partition("/")[0] for event in answers if event.step)
    spoken = next((event.language for event in reversed(answers) if event.language), language)
    return CallSummary(
        call=call_id(call),
        began=record.began,
        seconds=round((record.ended - record.began).total_seconds()),
        outcome=str(record.outcome),
        topics=",".join(record.topics.split()) or "none",
        flows=",".join(flows) or "none",
        steps=len(answers),
        language=spoken or "none",
        adviser=CallOutcome.put_through in outcomes,
        text=CallOutcome.text in outcomes,
    )


def log_line(log: logging.Logger, summary: CallSummary) -> None:
    """Write the line of a call that ended."""
    log.info(
        "call ended: call=%s began=%s seconds=%d outcome=%s topics=%s flows=%s steps=%d language=%s adviser=%s text=%s",
        summary.call,
        summary.began.isoformat(timespec="seconds"),
        *summary[2:8],
        _yes(summary.adviser),
        _yes(summary.text),
    )


def _yes(value: bool) -> str:
    return "yes" if value else "no"
