"""Has the caller wait while our advisers are rung."""

from ivr.engine import verbs
from ivr.engine.call_state import CallState
from ivr.engine.effects import EffectStatus, EndHunt, StartHunt
from ivr.engine.events import EffectResult, Event, QueueEnded, QueueResult
from ivr.engine.step import Decision, Go, Perform, Stay, Step, StepContext, Target
from ivr.helpline.call_variables import announced_last_day
from ivr.helpline.contacts import ADVISERS
from ivr.helpline.hunt import SINCE, SINCE_TURN, WAY
from ivr.helpline.whisper import HUNT

BACK = "back"
WAYS = frozenset({"talked", "nobody", "busy", "call_back", "message"})
"""The ways out of the queue that are exits of the step by that name; any other leads to `direct`."""


class Queue(Step):
    """Our advisers, one after another or all at once. The hunt for them is committed before the caller waits.

    In a flow:

        queue:
          kind: queue
          waiting: waiting          # what is heard meanwhile
          seconds: 20               # how long each telephone rings
          all_at_once: no
          talked: after
          nobody: nobody            # all were rung, and none took the call
          busy: busy                # none was free for as long as `waiting` lets callers wait
          call_back: callbacks/start
          message: messages/start
          direct: direct            # the queue cannot be used: ring them without it
          none: nobody              # nobody is on shift

    All at once are rung in the order of the rota, as far apart as `IVR_CALLS_PER_SECOND` says. Nobody is rung any more
    once we are closed: the caller leaves by `nobody`.

    A caller who pressed # is taken back to the last question they were asked. It says nothing itself: the queue does
    not exist before the caller is in it, and an adviser may be quick (https://www.twilio.com/docs/voice/twiml/queue).
    """

    waiting: Target
    seconds: int = 20
    all_at_once: bool = False
    talked: Target
    nobody: Target
    busy: Target
    call_back: Target
    message: Target
    direct: Target
    none: Target

    chosen = frozenset({"call_back", "message"})

    def rings(self) -> str:
        return ADVISERS

    def enter(self, context: StepContext) -> Decision:
        state = context.state.with_variable(HUNT, "").with_variable(WAY, "")
        deadline = announced_last_day(state.variables)
        return Perform(StartHunt(state.topic, deadline, self.seconds, self.all_at_once, state.audience), state)

    def resume(self, context: StepContext, event: Event) -> Decision:
        state = context.state
        match event:
            case QueueEnded(result, _, queue):
                return Perform(EndHunt(state.variables.get(HUNT, ""), result, queue), state.with_variable(WAY, result))
            case EffectResult() if not state.variables.get(HUNT):
                return self._begun(context, event)
            case EffectResult():
                return self._out(context, event.value or state.variables[WAY])
        return Go(self.direct, state)

    def _begun(self, context: StepContext, hunt: EffectResult) -> Decision:
        if hunt.status is not EffectStatus.kept:
            return Go(self.none if hunt.status is EffectStatus.nothing else self.direct, context.state)
        now = context.environment.now.isoformat(timespec="seconds")
        state = context.state.with_variable(HUNT, hunt.value).with_variable(SINCE, now)
        state = state.with_variable(SINCE_TURN, str(state.turn + 1))
        return Stay(verbs.Turn((verbs.Enqueue(hunt.value, self.waiting),)), state)

    def _out(self, context: StepContext, way: str) -> Decision:
        if way == QueueResult.gone:
            return Stay(verbs.Turn((verbs.Hangup(),)), context.state)
        if way == BACK:
            return Go(_last_question(context.state) or context.shared.answer, context.state)
        return Go(getattr(self, way) if way in WAYS else self.direct, context.state)


def _last_question(state: CallState) -> str:
    return state.history[-1] if state.history else ""


KIND = Queue
