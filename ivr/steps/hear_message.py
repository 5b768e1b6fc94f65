"""Plays the caller what they have said."""

from collections.abc import Mapping

from msgspec import structs

from ivr.engine import verbs
from ivr.engine.events import Event, NoInput, PromiseKept
from ivr.engine.promises import Kept, MessageHear
from ivr.engine.prompts import Key
from ivr.engine.question import Cue, Question, Wrong
from ivr.engine.step import Decision, Go, Keep, Scene, Stay, Target, own
from ivr.helpline.message import MESSAGE

ON = "1"
WAITS = 3
SECONDS_TO_WAIT = 4
SECONDS_AFTER = 1


class HearMessage(Question):
    """The message, then on by itself; 1 goes on at once, * plays it again, # goes back.

    In a flow:

        hear:
          kind: hear_message
          heard: review
          otherwise: review

    A recording takes the telephone company some seconds to finish, and us one or two to fetch. So a caller who is
    quick is asked to wait a little, three times; then they hear that it is safe, though it cannot be played now.
    """

    heard: Target
    says = {
        "prompt": frozenset[str](),
        "keys": frozenset({"key"}),
        "not_yet": frozenset[str](),
        "unplayable": frozenset[str](),
    }

    unasked = frozenset({"heard"})

    @property
    def plain(self) -> bool:
        return False

    def ways(self) -> Mapping[str, Target]:
        return {ON: self.heard}

    def compose(self, scene: Scene, cue: Cue) -> tuple[verbs.Say, ...]:
        return (self.lead(scene, cue), scene.words.say(scene.words.speech(own(scene.at, "keys"), key=Key(ON))))

    def answer(self, scene: Scene, keys: str) -> Decision | Wrong:
        return Go(self.heard, scene.memory) if keys == ON else Wrong()

    def enter(self, scene: Scene) -> Decision:
        return Keep(MessageHear(scene.memory.notes[MESSAGE]), structs.replace(scene.memory, attempts=0))

    def again(self, scene: Scene) -> Decision:
        return self.enter(scene)

    def resume(self, scene: Scene, event: Event) -> Decision:
        memory = scene.memory
        match event:
            case PromiseKept(how=Kept.kept, found=url):
                played = verbs.Gather((self._say(scene, "prompt"), verbs.Play(url)), timeout=SECONDS_AFTER)
                return self._wait(scene, played, tried=0)
            case PromiseKept(how=Kept.nothing) if memory.tried < WAITS:
                waited = verbs.Gather((self._say(scene, "not_yet"),), timeout=SECONDS_TO_WAIT)
                return self._wait(scene, waited, tried=memory.tried + 1)
            case PromiseKept():
                return Go(self.heard, memory, (self._say(scene, "unplayable"),))
            case NoInput() if not memory.attempts:
                return self.enter(scene) if memory.tried else Go(self.heard, memory)
        return super().resume(scene, event)

    def _wait(self, scene: Scene, gather: verbs.Gather, tried: int) -> Stay:
        return Stay(verbs.Turn((gather, verbs.ComeBack())), structs.replace(scene.memory, tried=tried))

    def _say(self, scene: Scene, name: str) -> verbs.Say:
        return scene.words.say(scene.words.speech(own(scene.at, name)))


KIND = HearMessage
