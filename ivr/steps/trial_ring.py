"""What an adviser hears when their telephone is only tried."""

from ivr.engine import verbs
from ivr.engine.effects import ConfirmRing, EffectStatus
from ivr.engine.events import Digits, EffectResult, Event
from ivr.engine.prompts import Key
from ivr.engine.step import Decision, Perform, Stay, Step, StepContext, own
from ivr.helpline.whisper import LEG

WORKS = "1"


class TrialRing(Step):
    """A test ring: that there is no caller, and 1 to show that calls reach somebody, and not a mailbox.

    In a flow:

        trial: {kind: trial_ring}
    """

    says = {
        "prompt": frozenset(),
        "key": frozenset({"key"}),
        "works": frozenset(),
        "unpressed": frozenset(),
        "down": frozenset(),
    }
    ends_call = True
    for_adviser = True
    comes_by = ""

    def enter(self, context: StepContext) -> Decision:
        words = context.words
        key = words.speech(own(context.at, "key"), key=Key(WORKS))
        offer = words.say(words.speech(own(context.at, "prompt")), key)
        return Stay(verbs.Turn((verbs.Gather((offer,)), *self._goodbye(context, "unpressed"))), context.state)

    def resume(self, context: StepContext, event: Event) -> Decision:
        match event:
            case Digits(keys) if keys == WORKS:
                return Perform(ConfirmRing(context.state.variables[LEG]), context.state)
            case Digits(keys) if keys != "*":
                return self._ends(context, "unpressed")
            case EffectResult(status):
                return self._ends(context, "works" if status is EffectStatus.kept else "down")
        return self.enter(context)

    def _ends(self, context: StepContext, sentence: str) -> Stay:
        return Stay(verbs.Turn(self._goodbye(context, sentence)), context.state)

    def _goodbye(self, context: StepContext, sentence: str) -> tuple[verbs.Verb, ...]:
        return (context.words.say(context.words.speech(own(context.at, sentence))), verbs.Hangup())


KIND = TrialRing
