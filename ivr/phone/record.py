"""Plays <Record>: what the caller says into a mailbox."""

from typing import TYPE_CHECKING

from ivr.phone.office_recording import Recording as Kept
from ivr.phone.speech import spoken
from ivr.phone.stops import HangUp, Keep, Play, Recording, Voice, Way
from ivr.phone.verbs import Record

if TYPE_CHECKING:
    from ivr.phone.line import Line


def records(line: "Line", record: Record) -> Play:
    """Record the caller; silence goes on with the next verb and asks nobody.

    Without an action the same document is asked for again: a loop, if the app does not see it coming
    (twilio.com/docs/voice/twiml/record). A caller who puts the receiver down after speaking has left a message.
    """
    answer = yield Recording(record.timeout)
    if not isinstance(answer, Voice):
        gone = isinstance(answer, HangUp)
        line.passes((), 0.0 if gone else record.timeout)
        yield _keep(line, record, "", 0.0)
        return Way.GONE if gone else Way.ON
    seconds = min(spoken(answer.text).seconds, record.max_length)
    key = answer.key if answer.key in record.finish_on_key else ""
    line.passes((), seconds if key or answer.hangs_up else seconds + record.timeout)
    kept: Kept = yield _keep(line, record, answer.text, seconds)
    fields = kept.form() | {"Digits": "hangup" if answer.hangs_up else key}
    ask = line.asks(record.action, record.method, **fields)
    return (yield from line.farewell(ask)) if answer.hangs_up else ask


def _keep(line: "Line", record: Record, words: str, seconds: float) -> Keep:
    news = line.asks(record.news, record.news_method) if record.news else None
    return Keep(words, seconds, record.news_events, news)
