"""Plays <Dial><Queue>: connects this end with whoever waits first in a queue."""

from typing import TYPE_CHECKING

from ivr.phone.bridge import Bridge
from ivr.phone.stops import Joined, Play, Take, Way
from ivr.phone.verbs import Dial

if TYPE_CHECKING:
    from ivr.phone.line import Line


def dequeues(line: "Line", dial: Dial) -> Play:
    """Wait for somebody if the queue is empty, talk, and ask the action how to go on.

    The call of whoever puts the receiver down is over; the other's goes on with the action, or the next verb. A queue
    that does not exist fails at once (twilio.com/docs/voice/twiml/queue).
    """
    answer: Bridge | str = yield Take(dial.queue, dial.timeout, dial.time_limit)
    if isinstance(answer, str):
        if answer == "no-answer":
            line.passes((), dial.timeout)
        fields = {"DialCallStatus": answer, "DialBridged": "false"}
        return line.asks(dial.action, dial.method, **fields) if dial.action else Way.ON
    line.passes((), answer.since - line.tape.clock)
    yield Joined(answer)
    line.passes((), answer.over - line.tape.clock)
    fields = {
        "DialCallStatus": "completed",
        "DialBridged": "true",
        "DialCallSid": answer.caller,
        "DialCallDuration": str(round(answer.over - answer.since)),
    }
    if answer.by == answer.number:
        return (yield from line.farewell(line.asks(dial.action, dial.method, **fields))) if dial.action else Way.GONE
    return line.asks(dial.action, dial.method, **fields) if dial.action else Way.ON
