"""Plays <Record>: what the caller says into a mailbox."""

from typing import TYPE_CHECKING

from ivr.phone.leg import new_sid
from ivr.phone.speech import spoken
from ivr.phone.stops import HangUp, Play, Recording, Voice, Way
from ivr.phone.verbs import Record

if TYPE_CHECKING:
    from ivr.phone.line import Line


def records(line: "Line", record: Record) -> Play:
    """Record the caller; silence goes on with the next verb and asks nobody.

    Without an action the same document is asked for again: a loop, if the app does not see it coming
    (twilio.com/docs/voice/twiml/record). A caller who puts the receiver down after speaking has left a message.
    """
    answer = yield Recording(record.timeout)
    if isinstance(answer, HangUp):
        return Way.GONE
    if not isinstance(answer, Voice):
        line.passes((), record.timeout)
        return Way.ON
    seconds = min(spoken(answer.text).seconds, record.max_length)
    key = answer.key if answer.key in record.finish_on_key else ""
    line.passes((), seconds if key or answer.hangs_up else seconds + record.timeout)
    sid = new_sid("RE")
    ask = line.asks(
        record.action,
        record.method,
        RecordingSid=sid,
        RecordingUrl=f"https://recordings.invalid/{sid}",
        RecordingDuration=str(round(seconds)),
        Digits="hangup" if answer.hangs_up else key,
    )
    return (yield from line.farewell(ask)) if answer.hangs_up else ask
