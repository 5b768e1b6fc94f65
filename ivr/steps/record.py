"""Records what the caller says."""

from collections.abc import Mapping

from ivr.engine import verbs
from ivr.engine.events import Digits, Event, PromiseKept, Recorded
from ivr.engine.promises import Kept, MessageRecorded
from ivr.engine.question import AGAIN, PERSON, Cue, Question, Wrong
from ivr.engine.step import Decision, Go, Keep, Scene, Target, own
from ivr.helpline.message import ENDED_BY, MESSAGE, SHORTEST


class Record(Question):
    """The last words before the tone; then the caller speaks, until a key or a silence.

    In a flow:

        record:
          kind: record
          recorded: review
          anew: anew                # star after speaking: they want to say it anew
          down: down                # it cannot be kept just now
          otherwise: unheard        # after three tries in which nothing was said

    The keys mean what they mean everywhere, and whoever has spoken loses nothing by them: 0 is a person, and what was
    said is kept; hash ends the message, as on every answering machine. A silence of `silence` seconds ends it too:
    people who are upset, or look for words, need longer than the usual five.
    """

    seconds: int = 180
    silence: int = 8
    recorded: Target
    anew: Target
    down: Target
    says = dict.fromkeys(("prompt", "unheard", "shorter", "plainer", "kept"), frozenset[str]())
    shares = {"wrong": frozenset[str](), "still_wrong": frozenset[str]()}

    unasked = frozenset({"recorded", "down"})

    @property
    def plain(self) -> bool:
        return False

    def ways(self) -> Mapping[str, Target]:
        return {"": self.recorded}

    def compose(self, scene: Scene, cue: Cue) -> tuple[verbs.Say, ...]:
        if cue.why == "fresh":
            return (self._say(scene, "prompt"),)
        lead = self.lead(scene, cue) if cue.why == "wrong" else self._say(scene, "unheard")
        return (lead, self._say(scene, "shorter" if cue.attempt == 1 else "plainer"))

    def turn(self, scene: Scene, cue: Cue) -> verbs.Turn:
        record = verbs.Record(scene.memory.notes[MESSAGE], self.seconds, self.silence)
        return verbs.Turn((*self.compose(scene, cue), record, verbs.ComeBack()))

    def answer(self, scene: Scene, keys: str) -> Decision | Wrong:
        return Wrong()

    def resume(self, scene: Scene, event: Event) -> Decision:
        match event:
            case Recorded(seconds=seconds, gone=False, key=key) if key and seconds < SHORTEST:
                return super().resume(scene, Digits(key))  # they have pressed a key and said nothing
            case Recorded():
                name = scene.memory.notes[MESSAGE]
                promise = MessageRecorded(name, event.recording, event.seconds, event.gone)
                return Keep(promise, scene.memory.note(ENDED_BY, event.key))
            case PromiseKept(how=Kept.nothing):
                return self._ask_again(scene, "silence")
            case PromiseKept(how=how):
                return self._kept(scene) if how is Kept.kept else Go(self.down, scene.memory)
        return super().resume(scene, event)

    def _kept(self, scene: Scene) -> Decision:
        match scene.memory.notes[ENDED_BY]:
            case key if key == PERSON:
                return Go(scene.service.person, scene.memory, (self._say(scene, "kept"),))
            case key if key == AGAIN:
                return Go(self.anew, scene.memory)
        return Go(self.recorded, scene.memory)

    def _say(self, scene: Scene, name: str) -> verbs.Say:
        return scene.words.say(scene.words.speech(own(scene.at, name)))


KIND = Record
