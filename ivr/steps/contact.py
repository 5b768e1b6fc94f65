"""Reads a telephone number slowly, twice, and offers to ring it."""

from ivr.engine import verbs
from ivr.engine.prompts import Key
from ivr.engine.question import Cue, Question, Wrong
from ivr.engine.step import Decision, Go, Scene, Target, own
from ivr.engine.verbs import Pause, Speech
from ivr.helpline.spoken import slowly

ON, THROUGH = "1", "2"
TO_FIND_A_PEN = Pause(3000)


class Contact(Question):
    """One entry of contacts.yaml. A number that may not be said today is left out: the step takes `unknown`.

    In a flow:

        number:
          kind: contact
          who: global_mediation
          then: next
          through: ring             # may be left out
          unknown: no_number
          otherwise: person/ring
    """

    who: str
    then: Target
    through: Target | None = None
    unknown: Target
    shares = Question.shares | {
        "pen": frozenset(),
        "number_again": frozenset({"number"}),
        "hours": frozenset({"hours"}),
        "page_keys": frozenset(),
    }

    @property
    def plain(self) -> bool:
        return False

    def speaks_of(self) -> str:
        return self.who

    def sentences(self) -> dict[str, frozenset[str]]:
        spoken = {"prompt": frozenset({"number"}), "then": frozenset({"key"})}
        return spoken | ({"through": frozenset({"key"})} if self.through else {})

    def enter(self, scene: Scene) -> Decision:
        if scene.desk.spoken_number(self.who) is None:
            return Go(self.unknown, scene.memory)
        return super().enter(scene)

    def again(self, scene: Scene) -> Decision:
        return self.enter(scene)  # it may be the day after by now

    def compose(self, scene: Scene, cue: Cue) -> tuple[verbs.Say, ...]:
        words = scene.words
        keys = [words.speech(own(scene.at, "then"), key=Key(ON))]
        if self.through:
            keys.append(words.speech(own(scene.at, "through"), key=Key(THROUGH)))
        if cue.attempt == 2:
            keys.append(words.speech("helpline.page_keys"))
        if cue.attempt:
            return (self.lead(scene, cue), words.say(*keys))
        return (words.say((*words.speech("helpline.pen"), TO_FIND_A_PEN)), words.say(*self._number(scene), *keys))

    def _number(self, scene: Scene) -> tuple[Speech, ...]:
        words = scene.words
        number = slowly(scene.desk.spoken_number(self.who) or "")
        hours = scene.desk.spoken_hours(self.who)
        return (
            words.speech(own(scene.at, "prompt"), number=number),
            words.speech("helpline.number_again", number=number),
            words.speech("helpline.hours", hours=hours) if hours else (),
        )

    def answer(self, scene: Scene, keys: str) -> Decision | Wrong:
        if keys == ON:
            return Go(self.then, scene.memory)
        return Go(self.through, scene.memory) if keys == THROUGH and self.through else Wrong()


KIND = Contact
