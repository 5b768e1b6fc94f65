"""What a caller hears while our advisers are rung, and how they get out of it."""

from datetime import datetime, timedelta

from msgspec import structs

from ivr.engine import verbs
from ivr.engine.call_state import CallState
from ivr.engine.effects import EffectStatus, LeaveHunt, PollHunt
from ivr.engine.events import Digits, EffectResult, Event
from ivr.engine.prompts import Key
from ivr.engine.question import AGAIN, BACK, PERSON
from ivr.engine.step import Decision, Perform, Stay, Step, StepContext, own
from ivr.engine.verbs import Say, Speech
from ivr.helpline.hunt import SINCE, SINCE_TURN, WAY, HuntStatus
from ivr.helpline.spoken import spoken_count
from ivr.helpline.whisper import HUNT

WAYS = {"1": "call_back", "2": "message", BACK: "back"}
"""What a caller may do instead of waiting, by key."""
KEYS = {way: Key(key) for key, way in WAYS.items() if key != BACK}
GIVE_UP = {HuntStatus.nobody: "nobody", HuntStatus.stalled: "direct"}
"""When there is nothing to wait for."""
LISTEN, LISTEN_A_MOMENT, CONNECTING = 7, 3, 5
"""Seconds to wait for a key, so that something is heard about every ten seconds."""
SHORTEST_TURN, LONGEST_TURN = timedelta(seconds=7), timedelta(seconds=20)
"""How long a turn takes, whatever the clocks say."""
EVERY, NAMES_THE_KEYS = 3, 1
"""The second time, and every third time after it, the keys are named, and how long it has been."""
MOST_FAILURES = 3
"""Looks that may fail, one after the other, until we cease to believe that anybody is being rung."""


class Waiting(Step):
    """A few words every ten seconds or so; 1 and 2 are other ways, # goes back, and 0 is what happens already.

    In a flow:

        waiting:
          kind: waiting
          longest: 300              # seconds that anybody waits

    Turns are counted besides, so that a clock that is set back or forth neither keeps a caller nor sends them away.
    It leads nowhere by itself: whoever leaves the queue is back at the step that put them there. The provider plays
    these words only while nobody is there to talk to (https://www.twilio.com/docs/voice/twiml/enqueue#attributes-waiturl).
    """

    longest: int = 300
    ends_call = True
    in_queue = True
    comes_by = "waiting"
    says = {
        "first": frozenset(),
        "still": frozenset(),
        "busy": frozenset(),
        "keys": frozenset(KEYS),
        "one_minute": frozenset(),
        "minutes": frozenset({"minutes"}),
        "already": frozenset(),
        "taken": frozenset(),
    }
    shares = {"wrong": frozenset()}

    def enter(self, context: StepContext) -> Decision:
        return Perform(PollHunt(context.state.variables[HUNT]), context.state)

    def resume(self, context: StepContext, event: Event) -> Decision:
        match event:
            case EffectResult() if context.state.variables.get(WAY):
                return self._left(context, event)
            case EffectResult():
                return self._looked(context, event)
            case Digits(keys) if keys in WAYS:
                return self._leave(context.state, WAYS[keys])
            case Digits(keys) if keys == PERSON:
                return self._listen(context, context.state, own(context.at, "already"))
            case Digits(keys) if keys != AGAIN:
                return self._listen(context, context.state, "helpline.wrong", own(context.at, "keys"))
            case Digits():
                return self.enter(structs.replace(context, state=structs.replace(context.state, tried=NAMES_THE_KEYS)))
        return self.enter(context)

    def _looked(self, context: StepContext, look: EffectResult) -> Decision:
        state = structs.replace(
            context.state, attempts=context.state.attempts + 1 if look.status is EffectStatus.down else 0
        )
        standing = HuntStatus(look.value) if look.value else HuntStatus.ringing
        if standing in GIVE_UP:
            return self._leave(state, GIVE_UP[standing])
        if standing is HuntStatus.left or state.attempts >= MOST_FAILURES:
            return _leave_the_queue(state)
        if standing is HuntStatus.taken:
            return self._connecting(context, state)
        if _waited(context) >= timedelta(seconds=self.longest):
            return self._leave(state, "busy")
        return self._wait_on(context, state, standing)

    def _leave(self, state: CallState, way: str) -> Decision:
        return Perform(LeaveHunt(state.variables[HUNT], way), state.with_variable(WAY, way))

    def _left(self, context: StepContext, leave: EffectResult) -> Decision:
        """Leave the queue even if that cannot be stored: the queue says what to do without it."""
        if leave.status is EffectStatus.nothing:
            return self._connecting(context, context.state.with_variable(WAY, ""))
        return _leave_the_queue(context.state)

    def _connecting(self, context: StepContext, state: CallState) -> Decision:
        return self._listen(context, state, own(context.at, "taken"), seconds=CONNECTING)

    def _wait_on(self, context: StepContext, state: CallState, standing: HuntStatus) -> Decision:
        later = structs.replace(state, tried=state.tried + 1)
        if state.tried == 0:
            return self._listen(context, later, own(context.at, "first"), seconds=LISTEN_A_MOMENT)
        plain = own(context.at, "busy" if standing is HuntStatus.busy else "still")
        if state.tried % EVERY != NAMES_THE_KEYS:
            return self._listen(context, later, plain)
        minutes = _minutes(context)
        duration = own(context.at, "one_minute" if minutes == 1 else "minutes") if minutes else plain
        return self._listen(context, later, duration, own(context.at, "keys"), seconds=LISTEN_A_MOMENT)

    def _listen(self, context: StepContext, state: CallState, *sentences: str, seconds: int = LISTEN) -> Stay:
        said = _say(context, *sentences)
        return Stay(verbs.Turn((verbs.Gather((said,), timeout=seconds), verbs.Redirect())), state)


def _leave_the_queue(state: CallState) -> Stay:
    return Stay(verbs.Turn((verbs.Leave(),)), state)


def _say(context: StepContext, *sentences: str) -> Say:
    words = context.words
    blanks: dict[str, str | Speech] = {**KEYS, "minutes": spoken_count(_minutes(context), words.language.tag)}
    return words.say(*(words.speech(name, **blanks) for name in sentences))


def _minutes(context: StepContext) -> int:
    return int(_waited(context).total_seconds()) // 60


def _waited(context: StepContext) -> timedelta:
    """Return how long the caller has waited: by the clocks of two machines, as far as the turns since then bear it out.

    A call that an earlier release put into the queue has no turn to count from.
    """
    variables, state = context.state.variables, context.state
    by_clock = max(context.environment.now - datetime.fromisoformat(variables[SINCE]), timedelta())
    if SINCE_TURN not in variables:
        return by_clock
    turns = max(state.turn - int(variables[SINCE_TURN]), 0)
    return min(max(by_clock, turns * SHORTEST_TURN), (turns + 1) * LONGEST_TURN)


KIND = Waiting
