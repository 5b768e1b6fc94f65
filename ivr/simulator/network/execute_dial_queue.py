"""Executes `<Dial><Queue>`: connects this party with the first caller in a queue."""

from ivr.simulator.network.bridge import Bridge
from ivr.simulator.network.line import Line
from ivr.simulator.network.waits import Bridged, DequeueCaller, Ending, Execution, RequestTwiml
from ivr.simulator.twiml.verbs import Dial


def execute_dial_queue(line: Line, dial: Dial) -> Execution:
    """Wait for a caller if the queue is empty, talk, and request the action.

    The call of whoever hangs up is over; the other's goes on with the action, or the next verb. A queue that does not
    exist fails at once (https://www.twilio.com/docs/voice/twiml/queue).
    """
    answer: Bridge | str = yield DequeueCaller(dial.queue, dial.timeout, dial.time_limit)
    if isinstance(answer, str):
        if answer == "no-answer":
            line.advance((), dial.timeout)
        fields = {"DialCallStatus": answer, "DialBridged": "false"}
        return line.request_or_continue(dial.action, dial.method, fields)
    line.advance((), answer.since - line.transcript.clock)
    yield Bridged(answer)
    line.advance((), answer.over - line.transcript.clock)
    fields = {
        "DialCallStatus": "completed",
        "DialBridged": "true",
        "DialCallSid": answer.caller,
        "DialCallDuration": str(round(answer.over - answer.since)),
    }
    step = line.request_or_continue(dial.action, dial.method, fields)
    if answer.by != answer.number:
        return step
    return (yield from line.report_hangup(step)) if isinstance(step, RequestTwiml) else Ending.PARTY_HUNG_UP
