"""What an adviser hears on answering, before anybody is connected."""

from ivr.engine import verbs
from ivr.engine.events import DialEnded, Digits, Event, Outcome, PromiseKept
from ivr.engine.memory import Memory
from ivr.engine.promises import HuntTake, HuntTalked, Kept
from ivr.engine.prompts import Key
from ivr.engine.step import Decision, Keep, Scene, Stay, Step, own
from ivr.engine.verbs import Speech
from ivr.helpline.hunt import GONE, TALKED, WAY
from ivr.helpline.notes import DATE, said_date
from ivr.helpline.screening import HUNT, LEG, deadline_of

TAKE = "1"


class Screen(Step):
    """Who we are and what it is about; only 1 connects, so that a mailbox never takes a caller.

    In a flow:

        offer: {kind: screen}

    An adviser whom we rang for a caller in the queue takes them out of it, unless another was first. Otherwise
    the provider rang: it connects the two when this document ends by itself, and not when it ends in a hang-up
    (https://www.twilio.com/docs/voice/twiml/number#attributes-url).
    """

    says = {
        "prompt": frozenset({"topic"}),
        "no_topic": frozenset(),
        "deadline": frozenset({"date"}),
        "key": frozenset({"key"}),
        "declined": frozenset(),
        "taken": frozenset(),
        "gone": frozenset(),
        "down": frozenset(),
        "talked": frozenset(),
    }
    shares = DATE
    ends_call = True
    for_adviser = True
    comes_by = "screen"

    def enter(self, scene: Scene) -> Decision:
        offer = scene.words.say(*self._about(scene), scene.words.speech(own(scene.at, "key"), key=Key(TAKE)))
        return Stay(verbs.Turn((verbs.Gather((offer,)), *self._goodbye(scene, "declined"))), scene.memory)

    def resume(self, scene: Scene, event: Event) -> Decision:
        match event:
            case Digits(keys) if keys == TAKE:
                return self._take(scene)
            case Digits(keys) if keys != "*":
                return self._ends(scene, "declined")
            case DialEnded(outcome, seconds):
                return self._talked(scene.memory, seconds, has_talked=outcome is Outcome.answered or seconds > 0)
            case PromiseKept() if scene.memory.notes.get(WAY):
                return self._ends(scene, scene.memory.notes[WAY])
            case PromiseKept(Kept.kept, queue):
                return Stay(verbs.Turn((verbs.Fetch(queue),)), scene.memory)
            case PromiseKept(how, found):
                return self._ends(scene, "down" if how is Kept.down else found)
        return self.enter(scene)

    def _about(self, scene: Scene) -> tuple[Speech, ...]:
        words, memory = scene.words, scene.memory
        topic = scene.service.topics.get(memory.topic)
        about = words.speech(own(scene.at, "prompt"), topic=words.text(topic or own(scene.at, "no_topic")))
        day = deadline_of(memory.notes)
        return (about, words.speech(own(scene.at, "deadline"), date=said_date(day, words))) if day else (about,)

    def _take(self, scene: Scene) -> Decision:
        notes = scene.memory.notes
        if HUNT in notes:
            return Keep(HuntTake(notes[HUNT], notes[LEG]), scene.memory)
        return Stay(verbs.Turn(()), scene.memory)

    def _talked(self, memory: Memory, seconds: int, *, has_talked: bool) -> Decision:
        """The caller may have rung off at the very moment in which they were taken."""
        return Keep(HuntTalked(memory.notes[LEG], seconds), memory.note(WAY, TALKED if has_talked else GONE))

    def _ends(self, scene: Scene, sentence: str) -> Stay:
        return Stay(verbs.Turn(self._goodbye(scene, sentence)), scene.memory)

    def _goodbye(self, scene: Scene, sentence: str) -> tuple[verbs.Verb, ...]:
        return (scene.words.say(scene.words.speech(own(scene.at, sentence))), verbs.Hangup())


KIND = Screen
