"""Executes `<Dial>`: rings numbers, screens whoever answers, connects them, and reports how it went."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from ivr.simulator.network.answers import HangUp, Key, RemoteHangUp, Silence
from ivr.simulator.network.callee import Callee
from ivr.simulator.network.leg import Leg
from ivr.simulator.network.line import Line
from ivr.simulator.network.waits import AwaitDigits, Ending, Execution, RequestTwiml, Ring, Talk, Wait
from ivr.simulator.transcript import LINE
from ivr.simulator.twiml.verbs import Dial, DialNumber


@dataclass(frozen=True)
class DialResult:
    """How dialling ended. The status `completed` says that somebody answered, not that anybody was connected."""

    status: str
    leg: Leg | None = None
    bridged: bool = False
    seconds: float | None = None
    caller_hung_up: bool = False

    def form(self) -> dict[str, str]:
        """Return the fields for the action (https://www.twilio.com/docs/voice/twiml/dial#action)."""
        form = {"DialCallStatus": self.status, "DialBridged": str(self.bridged).lower()}
        if self.leg:
            form["DialCallSid"] = self.leg.sid
        if self.seconds is not None:
            form["DialCallDuration"] = str(round(self.seconds))
        return form


@dataclass(frozen=True)
class DialledNumber:
    """One number that was rung."""

    number: DialNumber
    leg: Leg
    callee: Callee

    def status(self, timeout: float) -> str:
        """Return the DialCallStatus, or `answered`."""
        if self.callee.rings > timeout:
            return "no-answer"
        return self.callee.refused or "answered"


def execute_dial(line: Line, dial: Dial) -> Execution:
    """Ring, connect, and request the action; without an action the next verb follows."""
    line.in_dial = True
    try:
        result = yield from _dial(line, dial)
    finally:
        line.in_dial = False
    step = line.request_or_continue(dial.action, dial.method, result.form())
    if not result.caller_hung_up:
        return step
    return (yield from line.report_hangup(step)) if isinstance(step, RequestTwiml) else Ending.PARTY_HUNG_UP


def _dial(line: Line, dial: Dial) -> Generator[Wait, Any, DialResult]:
    groups = [[number] for number in dial.numbers] if dial.sequential else [list(dial.numbers)]
    result = DialResult("failed")
    for numbers in groups:
        result = yield from _ring_together(line, dial, numbers)
        if result.caller_hung_up or result.status == "completed":
            break
    return result


def _ring_together(line: Line, dial: Dial, numbers: Sequence[DialNumber]) -> Generator[Wait, Any, DialResult]:
    """Ring several numbers at once: the first to answer gets the call, the others stop ringing."""
    caller_id = dial.caller_id or line.leg.caller
    rung = []
    for number in numbers:
        leg = Leg(caller_id, number.number, parent=line.leg.sid)
        answer = yield Ring(number.number, caller_id, dial.timeout)
        if isinstance(answer, HangUp):
            return DialResult("canceled", leg, caller_hung_up=True)
        rung.append(DialledNumber(number, leg, answer))
    first = min(rung, key=lambda one: (one.status(dial.timeout) != "answered", one.callee.rings))
    status = first.status(dial.timeout)
    if status == "answered":
        line.advance((), first.callee.rings)
        return (yield from _connect(line, dial, first))
    line.advance((), max(min(one.callee.rings, dial.timeout) for one in rung))
    line.transcript.note(LINE, f"{first.number.number}: {status}")
    return DialResult(status, first.leg)


def _connect(line: Line, dial: Dial, dialled: DialledNumber) -> Generator[Wait, Any, DialResult]:
    since, number, callee = line.transcript.clock, dialled.number.number, dialled.callee
    line.transcript.note(LINE, f"{number} answers")
    if callee.greeting:
        line.transcript.note(number, callee.greeting)
    if dialled.number.url and (yield from _screen(line, dialled)) is not Ending.END_OF_DOCUMENT:
        line.transcript.note(LINE, f"{number} is not connected")
        return DialResult("completed", dialled.leg, seconds=line.transcript.clock - since)
    line.transcript.note_connected(number, line.transcript.clock)
    hung_up = yield from _talk(line, dial, dialled)
    return DialResult("completed", dialled.leg, True, line.transcript.clock - since, caller_hung_up=hung_up)


def _screen(line: Line, dialled: DialledNumber) -> Generator[Wait, Any, Ending]:
    """Execute the document of `<Number url>` for the callee, who is connected only if it runs to its end."""
    child = line.child(dialled.leg)
    execution = child.run(child.request(dialled.number.url, dialled.number.method))
    answer: object = None
    while True:
        try:
            wait = execution.send(answer)
        except StopIteration as end:
            return cast(Ending, end.value)
        answer = _respond(child, dialled.callee, wait) if isinstance(wait, AwaitDigits) else (yield wait)


def _respond(child: Line, callee: Callee, wait: AwaitDigits) -> Key | Silence | HangUp:
    answer = callee.respond(wait, child.transcript.clock)
    if isinstance(answer, Key):
        child.transcript.note(child.ear, f"presses {answer.key}", at=answer.at)
    return answer


def _talk(line: Line, dial: Dial, dialled: DialledNumber) -> Generator[Wait, Any, bool]:
    """Let them talk, and return whether it was the caller who hung up."""
    talk = Talk(dialled.number.number, dialled.callee.lingers, min(dialled.callee.talks, dial.time_limit))
    answer = yield talk
    while isinstance(answer, Key) and not (dial.hangup_on_star and answer.key == "*"):
        answer = yield talk
    if isinstance(answer, Key | HangUp):
        return isinstance(answer, HangUp)
    line.advance((), answer.at - line.transcript.clock if isinstance(answer, RemoteHangUp) else talk.seconds)
    line.transcript.note(LINE, f"{dialled.number.number} hangs up")
    return False
