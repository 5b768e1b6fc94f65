"""What a caller hears while our advisers are rung, and how they get out of it."""

from datetime import datetime, timedelta

from msgspec import structs

from ivr.engine import verbs
from ivr.engine.events import Digits, Event, PromiseKept
from ivr.engine.memory import Memory
from ivr.engine.promises import HuntLeave, HuntLook, Kept
from ivr.engine.prompts import Key
from ivr.engine.question import AGAIN, BACK, PERSON
from ivr.engine.step import Decision, Keep, Scene, Stay, Step, own
from ivr.engine.verbs import Say, Speech
from ivr.helpline.hunt import SINCE, WAY, Standing
from ivr.helpline.screening import HUNT
from ivr.helpline.spoken import spoken_count

WAYS = {"1": "call_back", "2": "message", BACK: "back"}
"""What a caller may do instead of waiting, by key."""
KEYS = {way: Key(key) for key, way in WAYS.items() if key != BACK}
GIVE_UP = {Standing.nobody: "nobody", Standing.stalled: "direct"}
"""When there is nothing to wait for."""
LISTEN, LISTEN_A_MOMENT, CONNECTING = 7, 3, 5
"""Seconds to wait for a key, so that something is heard about every ten seconds."""
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

    It leads nowhere by itself: whoever leaves the queue is back at the step that put them there. The provider plays
    these words only while nobody is there to talk to (https://www.twilio.com/docs/voice/twiml/enqueue#attributes-waiturl).
    """

    longest: int = 300
    ends_call = True
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

    def enter(self, scene: Scene) -> Decision:
        return Keep(HuntLook(scene.memory.notes[HUNT]), scene.memory)

    def resume(self, scene: Scene, event: Event) -> Decision:
        match event:
            case PromiseKept() if scene.memory.notes.get(WAY):
                return self._left(scene, event)
            case PromiseKept():
                return self._looked(scene, event)
            case Digits(keys) if keys in WAYS:
                return self._leave(scene.memory, WAYS[keys])
            case Digits(keys) if keys == PERSON:
                return self._listen(scene, scene.memory, own(scene.at, "already"))
            case Digits(keys) if keys != AGAIN:
                return self._listen(scene, scene.memory, "helpline.wrong", own(scene.at, "keys"))
            case Digits():
                return self.enter(structs.replace(scene, memory=structs.replace(scene.memory, tried=NAMES_THE_KEYS)))
        return self.enter(scene)

    def _looked(self, scene: Scene, look: PromiseKept) -> Decision:
        memory = structs.replace(scene.memory, attempts=scene.memory.attempts + 1 if look.how is Kept.down else 0)
        standing = Standing(look.found) if look.found else Standing.ringing
        if standing in GIVE_UP:
            return self._leave(memory, GIVE_UP[standing])
        if standing is Standing.left or memory.attempts >= MOST_FAILURES:
            return _leave_the_queue(memory)
        if standing is Standing.taken:
            return self._connecting(scene, memory)
        if _waited(scene) >= timedelta(seconds=self.longest):
            return self._leave(memory, "busy")
        return self._wait_on(scene, memory, standing)

    def _leave(self, memory: Memory, way: str) -> Decision:
        return Keep(HuntLeave(memory.notes[HUNT], way), memory.note(WAY, way))

    def _left(self, scene: Scene, leave: PromiseKept) -> Decision:
        """Where even this cannot be written down, the queue says what to do without it."""
        if leave.how is Kept.nothing:
            return self._connecting(scene, scene.memory.note(WAY, ""))
        return _leave_the_queue(scene.memory)

    def _connecting(self, scene: Scene, memory: Memory) -> Decision:
        return self._listen(scene, memory, own(scene.at, "taken"), seconds=CONNECTING)

    def _wait_on(self, scene: Scene, memory: Memory, standing: Standing) -> Decision:
        later = structs.replace(memory, tried=memory.tried + 1)
        if memory.tried == 0:
            return self._listen(scene, later, own(scene.at, "first"), seconds=LISTEN_A_MOMENT)
        how = own(scene.at, "busy" if standing is Standing.busy else "still")
        if memory.tried % EVERY != NAMES_THE_KEYS:
            return self._listen(scene, later, how)
        minutes = _minutes(scene)
        how_long = own(scene.at, "one_minute" if minutes == 1 else "minutes") if minutes else how
        return self._listen(scene, later, how_long, own(scene.at, "keys"), seconds=LISTEN_A_MOMENT)

    def _listen(self, scene: Scene, memory: Memory, *sentences: str, seconds: int = LISTEN) -> Stay:
        said = _say(scene, *sentences)
        return Stay(verbs.Turn((verbs.Gather((said,), timeout=seconds), verbs.ComeBack())), memory)


def _leave_the_queue(memory: Memory) -> Stay:
    return Stay(verbs.Turn((verbs.Leave(),)), memory)


def _say(scene: Scene, *sentences: str) -> Say:
    words = scene.words
    blanks: dict[str, str | Speech] = {**KEYS, "minutes": spoken_count(_minutes(scene), words.language.tag)}
    return words.say(*(words.speech(name, **blanks) for name in sentences))


def _minutes(scene: Scene) -> int:
    return int(_waited(scene).total_seconds()) // 60


def _waited(scene: Scene) -> timedelta:
    """How long, by the clocks of two machines: the later one may be behind."""
    return max(scene.desk.now - datetime.fromisoformat(scene.memory.notes[SINCE]), timedelta())


KIND = Waiting
