"""What an adviser hears whom we ring to connect them with a caller they ring back."""

from msgspec import structs

from ivr.engine import verbs
from ivr.engine.events import DialEnded, Digits, Event, PromiseKept
from ivr.engine.promises import CallBackRung, CallBackTake, Kept
from ivr.engine.prompts import Key
from ivr.engine.step import Decision, Keep, Scene, Stay, Step, own
from ivr.helpline.notes import DATE, said_date
from ivr.helpline.screening import CALLBACK, deadline_of

RING = "1"


class CallBackOffer(Step):
    """Whom it is about, and 1 to ring them; so no mailbox of ours is ever connected with a caller.

    In a flow:

        offer: {kind: call_back_offer, seconds: 30}

    How it ended is noted when the caller has rung off; an adviser who does so first has left our line, and how it
    went is for them to say.
    """

    seconds: int = 30
    says = {
        "prompt": frozenset({"topic"}),
        "no_topic": frozenset(),
        "last_day": frozenset({"date"}),
        "key": frozenset({"key"}),
        "ringing": frozenset(),
        "declined": frozenset(),
        "gone": frozenset(),
        "down": frozenset(),
        "ended": frozenset(),
        "not_noted": frozenset(),
    }
    shares = DATE
    ends_call = True
    for_adviser = True
    comes_by = ""

    def enter(self, scene: Scene) -> Decision:
        words, memory = scene.words, scene.memory
        about = words.text(scene.service.topics.get(memory.topic) or own(scene.at, "no_topic"))
        day = deadline_of(memory.notes)
        last_day = words.speech(own(scene.at, "last_day"), date=said_date(day, words)) if day else ()
        key = words.speech(own(scene.at, "key"), key=Key(RING))
        offer = words.say(words.speech(own(scene.at, "prompt"), topic=about), last_day, key)
        return Stay(verbs.Turn((verbs.Gather((offer,)), *self._goodbye(scene, "declined"))), memory)

    def resume(self, scene: Scene, event: Event) -> Decision:
        memory = scene.memory
        match event:
            case Digits(keys) if keys == RING:
                return Keep(CallBackTake(memory.notes[CALLBACK]), memory)
            case Digits(keys) if keys != "*":
                return Stay(verbs.Turn(self._goodbye(scene, "declined")), memory)
            case DialEnded(outcome, seconds):
                return Keep(CallBackRung(memory.notes[CALLBACK], outcome, seconds), structs.replace(memory, tried=1))
            case PromiseKept(how) if memory.tried:
                return Stay(verbs.Turn(self._goodbye(scene, "ended" if how is Kept.kept else "not_noted")), memory)
            case PromiseKept(Kept.kept, number):
                said = scene.words.say(scene.words.speech(own(scene.at, "ringing")))
                return Stay(verbs.Turn((said, verbs.Dial(number, self.seconds))), memory)
            case PromiseKept(how):
                return Stay(verbs.Turn(self._goodbye(scene, "gone" if how is Kept.nothing else "down")), memory)
        return self.enter(scene)

    def _goodbye(self, scene: Scene, sentence: str) -> tuple[verbs.Verb, ...]:
        return (scene.words.say(scene.words.speech(own(scene.at, sentence))), verbs.Hangup())


KIND = CallBackOffer
