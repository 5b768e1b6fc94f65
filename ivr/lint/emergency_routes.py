"""The ways from pick-up while an emergency message is set: another greeting, and a menu in its shorter words."""

from collections.abc import Iterator
from dataclasses import replace

from ivr.engine.call_state import CallState
from ivr.engine.content import Content
from ivr.engine.environment import Shared
from ivr.engine.step import Go, Stay, StepContext
from ivr.engine.verbs import Say, Turn
from ivr.helpline.emergency import GREETING
from ivr.lint.registry import Heard, LintContext
from ivr.lint.routes import Route, routes
from ivr.lint.worlds import NOT_APPLICABLE, worlds


def tells_emergencies(content: Content) -> bool:
    """Return whether calls begin with a step that tells an emergency message."""
    step = content.steps.get(str(content.entries.get("answer")))
    return step is not None and step.kind == GREETING


def routes_with(message: Say, content: Content, context: LintContext) -> Iterator[Route]:
    """Yield the ways from pick-up while a message is set."""
    yield from routes(content, replace(context, heard=(*_heard_with(message, content), *context.heard)))


def _heard_with(message: Say, content: Content) -> Iterator[Heard]:
    """Yield what is heard otherwise than usual: the greeting, and the question after it."""
    answer, person = (str(content.entries.get(name, "")) for name in ("answer", "person"))
    shared = Shared(answer, person, content.topics, content.wordings()["", ""])
    world = replace(worlds({})[0], emergency_message=message)
    try:
        greeted = content.steps[answer].enter(StepContext(answer, CallState(), world, shared))
        if not isinstance(greeted, Go):
            return
        asked = content.steps[greeted.to].enter_briefly(StepContext(greeted.to, CallState(), world, shared))
    except NOT_APPLICABLE:  # a sentence or a step is missing, which other rules report
        return
    yield Heard(answer, Turn(greeted.says), content.language, is_fresh=True)
    if isinstance(asked, Stay):
        yield Heard(greeted.to, asked.turn, content.language, is_fresh=True)
