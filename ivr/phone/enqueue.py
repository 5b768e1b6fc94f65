"""Plays <Enqueue>: the caller waits in a queue, until somebody comes for them or they leave."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ivr.phone.bridge import Bridge
from ivr.phone.failure import NOT_TWIML, ApplicationFailure
from ivr.phone.office_queue import Place
from ivr.phone.stops import Ask, HangUp, Idle, Join, Key, Next, Play, Stop, Taken, Talk, Way
from ivr.phone.transcript import LINE
from ivr.phone.verbs import Document, Enqueue, Gather, Hangup, Leave, Pause, Redirect, Say
from ivr.phone.verbs import Play as PlayVerb

if TYPE_CHECKING:
    from ivr.phone.line import Line

MAY_BE_HEARD_WAITING = (PlayVerb, Say, Pause, Hangup, Redirect, Leave, Gather)
"""What a document to wait with may hold (twilio.com/docs/voice/twiml/enqueue#attributes-waiturl)."""


@dataclass(frozen=True)
class CameOut:
    """How waiting ended: `result` in Twilio's word; `way` when the whole call is over with it."""

    result: str
    way: Way = Way.ON


Waiting = Generator[Stop, Any, CameOut]


def enqueues(line: "Line", enqueue: Enqueue) -> Play:
    """Wait, talk if somebody comes, and ask the action how to go on; without an action the next verb follows.

    While somebody waits the document at `wait` is asked for again whenever it has run out. The action is asked at
    once when the caller leaves, and when the two have finished when somebody came for them
    (twilio.com/docs/voice/twiml/enqueue). A caller who hangs up may go without the app being told.
    """
    document = line.url
    place: Place | None = yield Join(enqueue.queue, enqueue.most)
    if place is None:
        return _action(line, enqueue, {"QueueResult": "queue-full"})
    line.waits = True
    came_out = yield from _waits(line, enqueue, place)
    place.leaves(line.tape.clock)
    line.waits, line.url = False, document
    fields = {
        "QueueResult": came_out.result,
        "QueueSid": place.queue.sid,
        "QueueTime": str(place.seconds),
    }
    ask = _action(line, enqueue, fields)
    if came_out.way is Way.GONE and isinstance(ask, Ask):
        return (yield from line.farewell(ask))
    return ask if came_out.way is Way.ON else came_out.way


def _action(line: "Line", enqueue: Enqueue, fields: dict[str, str]) -> Next:
    return line.asks(enqueue.action, enqueue.method, **fields) if enqueue.action else Way.ON


def _waits(line: "Line", enqueue: Enqueue, place: Place) -> Waiting:
    try:
        return (yield from _hears(line, enqueue, place))
    except Taken as taken:
        place.leaves(line.tape.clock)
        line.waits = False
        return (yield from _talks(line, taken.bridge))
    except ApplicationFailure as failure:
        # Nothing can be heard while waiting: the caller does not wait, and the action says that this is why.
        if not enqueue.action:
            place.leaves(line.tape.clock)
            line.waits = False
            raise
        line.notes_failure(failure)
        return CameOut("error")


def _hears(line: "Line", enqueue: Enqueue, place: Place) -> Waiting:
    """The document to wait with, again and again."""
    wait = line.address(enqueue.wait)
    while True:
        began, listened = line.tape.clock, line.listened
        way = yield from _documents(line, line.asks(wait, enqueue.wait_method, **place.form(began)))
        if way is Way.LEFT:
            return CameOut("leave")
        if way in (Way.GONE, Way.HUNG_UP):
            return CameOut("hangup", way)
        if line.tape.clock == began:
            raise ApplicationFailure(NOT_TWIML, wait, "A document to wait with that takes no time never ends.")
        if line.listened == listened and isinstance((yield Idle()), HangUp):
            return CameOut("hangup", Way.GONE)


def _documents(line: "Line", step: Next) -> Generator[Stop, Any, Way]:
    """One document and whatever it leads to, as far as that is waiting."""
    while not isinstance(step, Way):
        answer = step if isinstance(step, Document) else (yield step)
        if isinstance(answer, Document):
            _refuses_what_cannot_be_heard(answer)
        step = yield from line.document(answer)
    return step


def _refuses_what_cannot_be_heard(document: Document) -> None:
    for verb in document.verbs:
        if not isinstance(verb, MAY_BE_HEARD_WAITING):
            name = type(verb).__name__
            raise ApplicationFailure(NOT_TWIML, document.url, f"<{name}> cannot stand in a document to wait with.")


def _talks(line: "Line", bridge: Bridge) -> Waiting:
    """Talk with whoever came; when they put the receiver down the caller stays."""
    talk = Talk(bridge.number, bridge.lingers, bridge.seconds, bridge)
    while isinstance(answer := (yield talk), Key):
        pass  # it is for whoever came
    if isinstance(answer, HangUp):
        line.passes((), max(answer.at - line.tape.clock, 0.0))
        bridge.ends(line.tape.clock, bridge.caller)
        return CameOut("bridged", Way.GONE)
    bridge.ends(bridge.since + bridge.seconds, bridge.number)
    line.passes((), bridge.over - line.tape.clock)
    line.tape.notes(LINE, f"{bridge.number} hangs up")
    return CameOut("bridged")
