"""Plays <Dial>: rings the far ends, screens whoever answers, connects them, and says how it went."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from ivr.phone.far_end import FarEnd
from ivr.phone.leg import Leg
from ivr.phone.stops import HangUp, Key, LetGo, Listen, Play, Ring, Silence, Stop, Talk, Way
from ivr.phone.transcript import LINE
from ivr.phone.verbs import Dial, Number

if TYPE_CHECKING:
    from ivr.phone.line import Line


@dataclass(frozen=True)
class Outcome:
    """How dialling ended. `completed` says that somebody answered, not that anybody was connected."""

    status: str
    leg: Leg | None = None
    bridged: bool = False
    seconds: float | None = None
    caller_gone: bool = False

    def form(self) -> dict[str, str]:
        """The fields Twilio adds for the action (twilio.com/docs/voice/twiml/dial#action)."""
        form = {"DialCallStatus": self.status, "DialBridged": str(self.bridged).lower()}
        if self.leg:
            form["DialCallSid"] = self.leg.sid
        if self.seconds is not None:
            form["DialCallDuration"] = str(round(self.seconds))
        return form


@dataclass(frozen=True)
class Rung:
    """One telephone that was made to ring."""

    number: Number
    leg: Leg
    far_end: FarEnd

    def status(self, timeout: float) -> str:
        if self.far_end.rings > timeout:
            return "no-answer"
        return self.far_end.refused or "answered"


def dials(line: "Line", dial: Dial) -> Play:
    """Ring, connect, and ask the action how to go on; without an action the next verb follows."""
    outcome = yield from _outcome(line, dial)
    if outcome.caller_gone:
        if not dial.action:
            return Way.GONE
        return (yield from line.farewell(line.asks(dial.action, dial.method, **outcome.form())))
    return line.asks(dial.action, dial.method, **outcome.form()) if dial.action else Way.ON


def _outcome(line: "Line", dial: Dial) -> Generator[Stop, Any, Outcome]:
    rounds = [[number] for number in dial.numbers] if dial.sequential else [list(dial.numbers)]
    outcome = Outcome("failed")
    for numbers in rounds:
        outcome = yield from _one_round(line, dial, numbers)
        if outcome.caller_gone or outcome.status == "completed":
            break
    return outcome


def _one_round(line: "Line", dial: Dial, numbers: Sequence[Number]) -> Generator[Stop, Any, Outcome]:
    """Ring all these numbers at once: the first to pick up has the call, the others stop ringing."""
    shown = dial.caller_id or line.leg.caller
    rung = []
    for number in numbers:
        leg = Leg(shown, number.number, parent=line.leg.sid)
        answer = yield Ring(number.number, shown)
        if isinstance(answer, HangUp):
            return Outcome("canceled", leg, caller_gone=True)
        rung.append(Rung(number, leg, answer))
    first = min(rung, key=lambda one: (one.status(dial.timeout) != "answered", one.far_end.rings))
    status = first.status(dial.timeout)
    if status == "answered":
        line.passes((), first.far_end.rings)
        return (yield from _answered(line, dial, first))
    line.passes((), max(min(one.far_end.rings, dial.timeout) for one in rung))
    line.tape.notes(LINE, f"{first.number.number}: {status}")
    return Outcome(status, first.leg)


def _answered(line: "Line", dial: Dial, rung: Rung) -> Generator[Stop, Any, Outcome]:
    since, number, far_end = line.tape.clock, rung.number.number, rung.far_end
    line.tape.notes(LINE, f"{number} answers")
    if far_end.greeting:
        line.tape.notes(number, far_end.greeting)
    if rung.number.url and (yield from _screened(line, rung)) is not Way.RAN_OUT:
        line.tape.notes(LINE, f"{number} is not connected")
        return Outcome("completed", rung.leg, seconds=line.tape.clock - since)
    line.tape.connects(number, line.tape.clock)
    gone = yield from _talk(line, dial, rung)
    return Outcome("completed", rung.leg, True, line.tape.clock - since, caller_gone=gone)


def _screened(line: "Line", rung: Rung) -> Generator[Stop, Any, Way]:
    """Play the screening document into the far end's ear; only running out of verbs connects them."""
    child = line.child(rung.leg)
    play = child.plays(child.asks(rung.number.url, rung.number.method))
    answer: object = None
    while True:
        try:
            stop = play.send(answer)
        except StopIteration as end:
            return cast(Way, end.value)
        answer = _responds(child, rung.far_end, stop) if isinstance(stop, Listen) else (yield stop)


def _responds(child: "Line", far_end: FarEnd, listen: Listen) -> Key | Silence | HangUp:
    answer = far_end.hears(listen, child.tape.clock)
    if isinstance(answer, Key):
        child.tape.notes(child.ear, f"presses {answer.key}", at=answer.at)
    return answer


def _talk(line: "Line", dial: Dial, rung: Rung) -> Generator[Stop, Any, bool]:
    """Let them talk; whether it was the caller who put the receiver down."""
    talk = Talk(rung.number.number, rung.far_end.lingers, min(rung.far_end.talks, dial.time_limit))
    answer = yield talk
    while isinstance(answer, Key) and not (dial.hangup_on_star and answer.key == "*"):
        answer = yield talk
    if isinstance(answer, Key | HangUp):
        return isinstance(answer, HangUp)
    line.passes((), answer.at - line.tape.clock if isinstance(answer, LetGo) else talk.seconds)
    line.tape.notes(LINE, f"{rung.number.number} hangs up")
    return False
