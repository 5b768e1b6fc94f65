"""One turn of a call: from what happened to what we do and where we wait next."""

from msgspec import Struct

from ivr.engine.desk import Desk
from ivr.engine.events import Digits, Event, NoInput, PromiseKept
from ivr.engine.memory import Memory, at_page, page_of, step_of
from ivr.engine.promises import Promise
from ivr.engine.question import Question
from ivr.engine.service import Service
from ivr.engine.step import Decision, Go, Keep, Scene, Stay
from ivr.engine.verbs import Say, Turn
from ivr.errors import EndlessFlow

ASKED = Digits | NoInput
"""What a question hears, besides what became of others."""
MOST_STEPS = 30
"""Steps passed in one turn; a flow that wants more leads round in a circle."""


class Reply(Struct, frozen=True):
    """What to do, the step at which we then wait, and what to remember there."""

    turn: Turn
    at: str
    memory: Memory


class Owed(Struct, frozen=True):
    """A promise to commit before the caller is answered; `settle` then tells what to say.

    `at` and the memory's turn, with the call, are the promise's key: the same webhook again owes the same.
    """

    promise: Promise
    at: str
    memory: Memory
    said: tuple[Say, ...]
    left: str | None


def run(service: Service, at: str, memory: Memory, event: Event, desk: Desk) -> Reply | Owed:
    """What follows from an event at a step; the same arguments always give the same reply."""
    step = service.steps[at]
    decision = step.resume(Scene(at, memory, desk, service), event)
    if isinstance(decision, Stay) and step.stale and step.is_stale(desk):
        decision = Go(step.stale, memory)  # what was good when the caller came here has run out meanwhile
    asked = isinstance(step, Question) and isinstance(event, ASKED)
    left = at_page(at, memory.page) if asked else None
    return _follow(service, decision, desk, at, left)


def settle(service: Service, owed: Owed, kept: PromiseKept, desk: Desk) -> Reply | Owed:
    """What follows once a promise was committed, or could not be."""
    decision = service.steps[owed.at].resume(Scene(owed.at, owed.memory, desk, service), kept)
    return _follow(service, decision, desk, owed.at, owed.left, owed.said)


def begin(service: Service, at: str, desk: Desk, memory: Memory | None = None) -> Reply | Owed:
    """What follows when a call comes to a step for the first time."""
    return _follow(service, Go(at, memory or Memory()), desk, at, None)


def _follow(
    service: Service, decision: Decision, desk: Desk, at: str, left: str | None, said: tuple[Say, ...] = ()
) -> Reply | Owed:
    """Pass through steps that do not stop, gathering what they say, until one does."""
    for _ in range(MOST_STEPS + 1):
        if isinstance(decision, Keep):
            return Owed(decision.promise, at, decision.memory, said, left)
        if isinstance(decision, Stay):
            return Reply(decision.turn.after(said), at, decision.memory.passed(left, at))
        at = step_of(decision.to)
        said += decision.says
        memory = decision.memory.arrived(service.topic_of(at), page_of(decision.to))
        decision = _arrive(Scene(at, memory, desk, service))
    raise EndlessFlow(at)


def _arrive(scene: Scene) -> Decision:
    """Come to a step, unless it would state what may not be stated today."""
    step = scene.service.steps[scene.at]
    return Go(step.stale, scene.memory) if step.stale and step.is_stale(scene.desk) else step.enter(scene)
