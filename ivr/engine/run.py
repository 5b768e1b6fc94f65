"""One turn of a call: from what happened to what we do and where we wait next."""

from dataclasses import dataclass

from ivr.engine.desk import Desk
from ivr.engine.events import Digits, Event, NoInput
from ivr.engine.memory import Memory, at_page, page_of, step_of
from ivr.engine.question import Question
from ivr.engine.service import Service
from ivr.engine.step import Decision, Go, Scene
from ivr.engine.verbs import Say, Turn
from ivr.errors import EndlessFlow

MOST_STEPS = 30
"""Steps passed in one turn; a flow that wants more leads round in a circle."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What to do, the step at which we then wait, and what to remember there."""

    turn: Turn
    at: str
    memory: Memory


def run(service: Service, at: str, memory: Memory, event: Event, desk: Desk) -> Reply:
    """What follows from an event at a step; the same arguments always give the same reply."""
    step = service.steps[at]
    decision = step.resume(Scene(at, memory, desk, service), event)
    asked = isinstance(step, Question) and isinstance(event, Digits | NoInput)
    left = at_page(at, memory.page) if asked else None
    return _follow(service, decision, desk, at, left)


def begin(service: Service, at: str, desk: Desk, memory: Memory | None = None) -> Reply:
    """What follows when a call comes to a step for the first time."""
    return _follow(service, Go(at, memory or Memory()), desk, at, None)


def _follow(service: Service, decision: Decision, desk: Desk, at: str, left: str | None) -> Reply:
    """Pass through steps that do not stop, gathering what they say, until one does."""
    said: tuple[Say, ...] = ()
    for _ in range(MOST_STEPS + 1):
        if not isinstance(decision, Go):
            return Reply(decision.turn.after(said), at, decision.memory.passed(left, at))
        at = step_of(decision.to)
        said += decision.says
        memory = decision.memory.arrived(service.topic_of(at), page_of(decision.to))
        decision = service.steps[at].enter(Scene(at, memory, desk, service))
    raise EndlessFlow(at)
