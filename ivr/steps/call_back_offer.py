"""What an adviser hears whom we ring to connect them with a caller they ring back."""

from msgspec import structs

from ivr.engine import verbs
from ivr.engine.effects import AcceptCallback, EffectStatus, RecordCallbackAttempt
from ivr.engine.events import DialEnded, Digits, EffectResult, Event
from ivr.engine.prompts import Key
from ivr.engine.step import Decision, Perform, Stay, Step, StepContext, own
from ivr.helpline.call_variables import DATE_PROMPT, speak_date
from ivr.helpline.whisper import (
    CALLBACK,
    LEAVE_NO_MESSAGE,
    MAY_LEAVE_MESSAGE,
    YOUNG_CALLER,
    leaving_a_message,
    whisper_deadline,
    young_caller,
)

RING = "1"


class CallBackOffer(Step):
    """Whom it is about, and 1 to ring them; so no mailbox of ours is ever connected with a caller.

    In a flow:

        offer: {kind: call_back_offer, seconds: 30}

    How it ended is noted when the caller has rung off; an adviser who does so first has left our line, and how it
    went is for them to say. `young_caller` tells that it was the young person who called, where the caller has said
    so, and `may_leave_message` or `leave_no_message` whether they agreed to a message on their voicemail; these three
    may be left out.
    """

    seconds: int = 30
    says = {
        "prompt": frozenset({"topic"}),
        "no_topic": frozenset(),
        "last_day": frozenset({"date"}),
        YOUNG_CALLER: frozenset(),
        MAY_LEAVE_MESSAGE: frozenset(),
        LEAVE_NO_MESSAGE: frozenset(),
        "key": frozenset({"key"}),
        "ringing": frozenset(),
        "declined": frozenset(),
        "gone": frozenset(),
        "down": frozenset(),
        "ended": frozenset(),
        "not_noted": frozenset(),
    }
    shares = DATE_PROMPT
    ends_call = True
    for_adviser = True
    comes_by = ""

    def optional_sentences(self) -> frozenset[str]:
        return frozenset({YOUNG_CALLER, MAY_LEAVE_MESSAGE, LEAVE_NO_MESSAGE})

    def enter(self, context: StepContext) -> Decision:
        words, state = context.words, context.state
        about = words.text(context.shared.topics.get(state.topic) or own(context.at, "no_topic"))
        day = whisper_deadline(state.variables)
        last_day = words.speech(own(context.at, "last_day"), date=speak_date(day, words)) if day else ()
        key = words.speech(own(context.at, "key"), key=Key(RING))
        who = young_caller(state.variables, words, context.at)
        message = leaving_a_message(state.variables, words, context.at)
        offer = words.say(words.speech(own(context.at, "prompt"), topic=about), who, last_day, message, key)
        return Stay(verbs.Turn((verbs.Gather((offer,)), *self._goodbye(context, "declined"))), state)

    def resume(self, context: StepContext, event: Event) -> Decision:
        state = context.state
        match event:
            case Digits(keys) if keys == RING:
                return Perform(AcceptCallback(state.variables[CALLBACK]), state)
            case Digits(keys) if keys != "*":
                return Stay(verbs.Turn(self._goodbye(context, "declined")), state)
            case DialEnded(outcome, seconds):
                return Perform(
                    RecordCallbackAttempt(state.variables[CALLBACK], outcome, seconds), structs.replace(state, tried=1)
                )
            case EffectResult(status) if state.tried:
                return Stay(
                    verbs.Turn(self._goodbye(context, "ended" if status is EffectStatus.kept else "not_noted")), state
                )
            case EffectResult(EffectStatus.kept, number):
                said = context.words.say(context.words.speech(own(context.at, "ringing")))
                return Stay(verbs.Turn((said, verbs.Dial(number, self.seconds))), state)
            case EffectResult(status):
                return Stay(
                    verbs.Turn(self._goodbye(context, "gone" if status is EffectStatus.nothing else "down")), state
                )
        return self.enter(context)

    def _goodbye(self, context: StepContext, sentence: str) -> tuple[verbs.Verb, ...]:
        return (context.words.say(context.words.speech(own(context.at, sentence))), verbs.Hangup())


KIND = CallBackOffer
