"""One turn of a call: from what happened to what we do and where we wait next."""

from msgspec import Struct, structs

from ivr.engine.call_flows import CallFlows
from ivr.engine.call_state import CallState, at_page, page_of, step_of
from ivr.engine.effects import Effect
from ivr.engine.environment import Environment
from ivr.engine.events import Digits, EffectResult, Event, NoInput
from ivr.engine.question import AGAIN, BACK, PERSON, NoMatch, Question
from ivr.engine.step import Decision, Go, Perform, Stay, Step, StepContext
from ivr.engine.verbs import Say, Turn
from ivr.errors import FlowLoop

CALLER_INPUT = Digits | NoInput
"""The events that a question itself asks for."""
MOST_STEPS = 30
"""Steps passed in one turn; a flow that wants more leads round in a circle."""


class Reply(Struct, frozen=True):
    """The turn to perform, the step at which the call then waits, and its state there.

    `informs`: whoever hears the turn to its end, or to its goodbye, has heard what they rang for, or a part of it.
    `for_anybody`: nothing of one caller's own is in it, so that its document may be kept.
    `path`: the steps that the call came to in this turn, in order; none where it stays at the step that was asked.
    """

    turn: Turn
    at: str
    state: CallState
    informs: bool = False
    for_anybody: bool = False
    path: tuple[str, ...] = ()


class PendingEffect(Struct, frozen=True):
    """An effect to commit before the caller is answered; `resume_with` then tells what to say.

    Its idempotency key is the call, `at` and the state's turn: a repeated webhook has the same effect pending.
    """

    effect: Effect
    at: str
    state: CallState
    left: str | None
    said: tuple[Say, ...]
    informs: bool
    for_anybody: bool
    path: tuple[str, ...]


def run(flows: CallFlows, at: str, state: CallState, event: Event, environment: Environment) -> Reply | PendingEffect:
    """Return what follows an event at a step; the same arguments always give the same reply."""
    step, context = flows.steps[at], _context(flows, at, state, environment)
    decision = step.resume(context, event)
    if isinstance(decision, Stay) and step.stale and step.is_stale(environment):
        decision = Go(step.stale, state)  # what was good when the caller came here has run out meanwhile
    is_input = isinstance(step, Question) and isinstance(event, CALLER_INPUT)
    left = at_page(at, state.page) if is_input else None
    reply = _follow(flows, decision, environment, at, left)
    if isinstance(reply, Reply) and reply.turn.ends_call and _was_chosen(step, context, event):
        return structs.replace(reply, informs=True)  # what they chose was all that they wanted
    return reply


def _was_chosen(step: Step, context: StepContext, event: Event) -> bool:
    """Return whether the caller came from a step by an answer of theirs, not by silence, a wrong key, or 0, * and #."""
    if not isinstance(step, Question) or not isinstance(event, Digits):
        return False
    is_general = event.keys in (PERSON, BACK) or event.keys.endswith(AGAIN)
    return not is_general and not isinstance(step.answer(context, event.keys), NoMatch)


def resume_with(
    flows: CallFlows, pending: PendingEffect, result: EffectResult, environment: Environment
) -> Reply | PendingEffect:
    """Return what follows once an effect was committed, or could not be."""
    decision = flows.steps[pending.at].resume(_context(flows, pending.at, pending.state, environment), result)
    so_far = pending.said, pending.informs, pending.for_anybody, pending.path
    return _follow(flows, decision, environment, pending.at, pending.left, *so_far)


def begin(flows: CallFlows, at: str, environment: Environment, state: CallState | None = None) -> Reply | PendingEffect:
    """Return what follows when a call comes to a step for the first time."""
    return _follow(flows, Go(at, state or CallState()), environment, at, None)


def _follow(
    flows: CallFlows,
    decision: Decision,
    environment: Environment,
    at: str,
    left: str | None,
    said: tuple[Say, ...] = (),
    informs: bool = False,
    for_anybody: bool = True,
    path: tuple[str, ...] = (),
) -> Reply | PendingEffect:
    """Pass through steps that only say something, gathering it, until one waits or has an effect."""
    for _ in range(MOST_STEPS + 1):
        if isinstance(decision, Perform):
            return PendingEffect(decision.effect, at, decision.state, left, said, informs, for_anybody, path)
        if isinstance(decision, Stay) or decision.says:
            informs = informs or at in flows.informing
            for_anybody = for_anybody and at in flows.for_anybody
        if isinstance(decision, Stay):
            for_anybody = for_anybody and not decision.personal
            return Reply(decision.turn.after(said), at, decision.state.passed(left, at), informs, for_anybody, path)
        at = step_of(decision.to)
        path += (at,)
        said += decision.says
        state = decision.state.arrived(flows.topic_of(at), page_of(decision.to))
        decision = _arrive(flows.steps[at], _context(flows, at, state, environment), is_brief=decision.is_brief)
    raise FlowLoop(at)


def _context(flows: CallFlows, at: str, state: CallState, environment: Environment) -> StepContext:
    return StepContext(at, state, environment, flows.shared_for(state))


def _arrive(step: Step, context: StepContext, *, is_brief: bool) -> Decision:
    """Come to a step, unless it would state what may not be stated today."""
    if step.stale and step.is_stale(context.environment):
        return Go(step.stale, context.state)
    return step.enter_briefly(context) if is_brief else step.enter(context)
