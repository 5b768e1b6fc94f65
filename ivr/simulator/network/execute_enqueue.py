"""Executes `<Enqueue>`: the caller waits in a queue until somebody takes the call or they leave."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from ivr.simulator.network.answers import Dequeued, HangUp, Key
from ivr.simulator.network.bridge import Bridge
from ivr.simulator.network.line import Line
from ivr.simulator.network.waits import Ending, Execution, IdleInQueue, JoinQueue, NextStep, RequestTwiml, Talk, Wait
from ivr.simulator.transcript import LINE
from ivr.simulator.twilio_api.resources.queue import QueueMember
from ivr.simulator.twiml.errors import SCHEMA_VALIDATION_WARNING, ApplicationFailure
from ivr.simulator.twiml.verbs import Document, Enqueue, Gather, Hangup, Leave, Pause, Play, Redirect, Say

ALLOWED_IN_WAIT_URL = (Play, Say, Pause, Hangup, Redirect, Leave, Gather)
"""The verbs of a `waitUrl` document (https://www.twilio.com/docs/voice/twiml/enqueue#attributes-waiturl)."""


@dataclass(frozen=True)
class QueueOutcome:
    """How waiting ended: the `QueueResult`, and an ending other than CONTINUE if the whole call is over."""

    result: str
    ending: Ending = Ending.CONTINUE


Waiting = Generator[Wait, Any, QueueOutcome]


def execute_enqueue(line: Line, enqueue: Enqueue) -> Execution:
    """Wait, talk if somebody takes the call, and request the action; without an action the next verb follows.

    The `waitUrl` document is requested again whenever it has run out. The action is requested when the caller leaves,
    or at the end of the talk (https://www.twilio.com/docs/voice/twiml/enqueue); after a hang-up it may not be.
    """
    document = line.url
    member: QueueMember | None = yield JoinQueue(enqueue.queue, enqueue.max_queue_size)
    if member is None:
        return line.request_or_continue(enqueue.action, enqueue.method, {"QueueResult": "queue-full"})
    line.in_queue = True
    outcome = yield from _wait(line, enqueue, member)
    _leave(line, member)
    line.url = document
    fields = {
        "QueueResult": outcome.result,
        "QueueSid": member.queue.sid,
        "QueueTime": str(member.seconds),
    }
    step = line.request_or_continue(enqueue.action, enqueue.method, fields)
    if outcome.ending is Ending.PARTY_HUNG_UP and isinstance(step, RequestTwiml):
        return (yield from line.report_hangup(step))
    return step if outcome.ending is Ending.CONTINUE else outcome.ending


def _leave(line: Line, member: QueueMember) -> None:
    member.leave(line.transcript.clock)
    line.in_queue = False


def _wait(line: Line, enqueue: Enqueue, member: QueueMember) -> Waiting:
    try:
        return (yield from _repeat_wait_url(line, enqueue, member))
    except Dequeued as dequeued:
        _leave(line, member)
        return (yield from _talk(line, dequeued.bridge))
    except ApplicationFailure as failure:
        # Twilio ends the wait when it has nothing to play; the action gets QueueResult=error.
        if not enqueue.action:
            _leave(line, member)
            raise
        line.record_failure(failure)
        return QueueOutcome("error")


def _repeat_wait_url(line: Line, enqueue: Enqueue, member: QueueMember) -> Waiting:
    """Execute the `waitUrl` document again and again."""
    url = line.resolve(enqueue.wait_url)
    while True:
        began, gathers = line.transcript.clock, line.gather_count
        ending = yield from _run_documents(
            line, line.request(url, enqueue.wait_url_method, **member.wait_url_form(began))
        )
        if ending is Ending.LEFT_QUEUE:
            return QueueOutcome("leave")
        if ending in (Ending.PARTY_HUNG_UP, Ending.APP_HUNG_UP):
            return QueueOutcome("hangup", ending)
        if line.transcript.clock == began:
            raise _invalid(url, "A document to wait with that takes no time never ends.")
        if line.gather_count == gathers and isinstance((yield IdleInQueue()), HangUp):
            return QueueOutcome("hangup", Ending.PARTY_HUNG_UP)


def _run_documents(line: Line, step: NextStep) -> Generator[Wait, Any, Ending]:
    """Execute one document and those it leads to, all restricted to the verbs allowed while waiting."""
    while not isinstance(step, Ending):
        answer = step if isinstance(step, Document) else (yield step)
        if isinstance(answer, Document):
            _check_verbs(answer)
        step = yield from line.run_document(answer)
    return step


def _check_verbs(document: Document) -> None:
    for verb in document.verbs:
        if not isinstance(verb, ALLOWED_IN_WAIT_URL):
            raise _invalid(document.url, f"<{type(verb).__name__}> cannot stand in a document to wait with.")


def _invalid(url: str, reason: str) -> ApplicationFailure:
    return ApplicationFailure(SCHEMA_VALIDATION_WARNING, url, reason)


def _talk(line: Line, bridge: Bridge) -> Waiting:
    """Talk with whoever took the call; if they hang up the caller's call goes on."""
    talk = Talk(bridge.number, bridge.lingers, bridge.seconds, bridge)
    while isinstance(answer := (yield talk), Key):
        pass  # the other party hears it
    if isinstance(answer, HangUp):
        line.advance((), max(answer.at - line.transcript.clock, 0.0))
        bridge.end(line.transcript.clock, bridge.caller)
        return QueueOutcome("bridged", Ending.PARTY_HUNG_UP)
    bridge.end(bridge.since + bridge.seconds, bridge.number)
    line.advance((), bridge.over - line.transcript.clock)
    line.transcript.note(LINE, f"{bridge.number} hangs up")
    return QueueOutcome("bridged")
