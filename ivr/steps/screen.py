"""What an adviser hears on answering, before anybody is connected."""

from ivr.engine import verbs
from ivr.engine.call_state import CallState
from ivr.engine.effects import AcceptCall, EffectStatus, RecordTalkTime
from ivr.engine.events import DialEnded, DialStatus, Digits, EffectResult, Event
from ivr.engine.prompts import Key
from ivr.engine.step import Decision, Perform, Stay, Step, StepContext, own
from ivr.engine.verbs import Speech
from ivr.helpline.call_variables import DATE_PROMPT, speak_date
from ivr.helpline.hunt import GONE, TALKED, WAY
from ivr.helpline.whisper import HUNT, LEG, YOUNG_CALLER, whisper_deadline, young_caller

TAKE = "1"


class Screen(Step):
    """Who we are and what it is about; only 1 connects, so that a mailbox never takes a caller.

    In a flow:

        offer: {kind: screen}

    An adviser whom we rang for a caller in the queue takes them out of it, unless another was first. Otherwise
    the provider rang: it connects the two when this document ends by itself, and not when it ends in a hang-up
    (https://www.twilio.com/docs/voice/twiml/number#attributes-url).

    `young_caller` tells that it is the young person who calls, where the caller has said so; it may be left out.
    """

    says = {
        "prompt": frozenset({"topic"}),
        "no_topic": frozenset(),
        "deadline": frozenset({"date"}),
        YOUNG_CALLER: frozenset(),
        "key": frozenset({"key"}),
        "declined": frozenset(),
        "taken": frozenset(),
        "gone": frozenset(),
        "down": frozenset(),
        "talked": frozenset(),
    }
    shares = DATE_PROMPT
    ends_call = True
    for_adviser = True
    comes_by = "screen"

    def optional_sentences(self) -> frozenset[str]:
        return frozenset({YOUNG_CALLER})

    def enter(self, context: StepContext) -> Decision:
        offer = context.words.say(*self._about(context), context.words.speech(own(context.at, "key"), key=Key(TAKE)))
        return Stay(verbs.Turn((verbs.Gather((offer,)), *self._goodbye(context, "declined"))), context.state)

    def resume(self, context: StepContext, event: Event) -> Decision:
        match event:
            case Digits(keys) if keys == TAKE:
                return self._take(context)
            case Digits(keys) if keys != "*":
                return self._ends(context, "declined")
            case DialEnded(outcome, seconds):
                return self._talked(context.state, seconds, has_talked=outcome is DialStatus.answered or bool(seconds))
            case EffectResult() if context.state.variables.get(WAY):
                return self._ends(context, context.state.variables[WAY])
            case EffectResult(EffectStatus.kept, queue):
                return Stay(verbs.Turn((verbs.DialQueue(queue),)), context.state)
            case EffectResult(status, value):
                return self._ends(context, "down" if status is EffectStatus.down else value)
        return self.enter(context)

    def _about(self, context: StepContext) -> tuple[Speech, ...]:
        words, state = context.words, context.state
        topic = context.shared.topics.get(state.topic)
        about = words.speech(own(context.at, "prompt"), topic=words.text(topic or own(context.at, "no_topic")))
        day = whisper_deadline(state.variables)
        last_day = words.speech(own(context.at, "deadline"), date=speak_date(day, words)) if day else ()
        return about, young_caller(state.variables, words, context.at), last_day

    def _take(self, context: StepContext) -> Decision:
        variables = context.state.variables
        if HUNT in variables:
            return Perform(AcceptCall(variables[HUNT], variables[LEG]), context.state)
        return Stay(verbs.Turn(()), context.state)

    def _talked(self, state: CallState, seconds: int | None, *, has_talked: bool) -> Decision:
        """Record the talk; the caller may have rung off at the very moment in which they were taken."""
        return Perform(
            RecordTalkTime(state.variables[LEG], seconds), state.with_variable(WAY, TALKED if has_talked else GONE)
        )

    def _ends(self, context: StepContext, sentence: str) -> Stay:
        return Stay(verbs.Turn(self._goodbye(context, sentence)), context.state)

    def _goodbye(self, context: StepContext, sentence: str) -> tuple[verbs.Verb, ...]:
        return (context.words.say(context.words.speech(own(context.at, sentence))), verbs.Hangup())


KIND = Screen
