"""Reads a telephone number slowly, twice, and offers to ring it or to text it."""

from collections.abc import Mapping

from ivr.engine import verbs
from ivr.engine.prompts import Key
from ivr.engine.question import Cue, Question, Wrong
from ivr.engine.step import Decision, Go, Scene, Target, own
from ivr.engine.verbs import Pause, Speech
from ivr.helpline.spoken import slowly
from ivr.helpline.spoken_hours import WEEK
from ivr.helpline.text_bodies import TO_BE_TEXTED

TO_FIND_A_PEN = Pause(3000)


class Contact(Question):
    """One entry of contacts.yaml. A number that may not be said today is left out: the step takes `unknown`.

    In a flow:

        number:
          kind: contact
          who: mediation
          then: next
          through: ring             # may be left out
          text: texts/start         # so may this
          unknown: no_number
          otherwise: person/ring
    """

    who: str
    then: Target
    through: Target | None = None
    text: Target | None = None
    unknown: Target
    shares = {
        **Question.shares,
        **WEEK,
        "pen": frozenset(),
        "number_again": frozenset({"number"}),
        "hours": frozenset({"hours"}),
        "page_keys": frozenset(),
    }

    unasked = frozenset({"unknown"})

    @property
    def plain(self) -> bool:
        return False

    def speaks_of(self) -> str:
        return self.who

    def sentences(self) -> dict[str, frozenset[str]]:
        return {"prompt": frozenset({"number", "name"}), **dict.fromkeys(self._offered(), frozenset({"key"}))}

    def optional_blanks(self) -> frozenset[str]:
        return frozenset({"name"})

    def ways(self) -> Mapping[str, Target]:
        return {str(key): target for key, target in enumerate(self._offered().values(), start=1)}

    def _offered(self) -> Mapping[str, Target]:
        """The ways on, in the order of their keys, each by the name of its sentence."""
        ways = {"then": self.then, "through": self.through, "text": self.text}
        return {name: target for name, target in ways.items() if target}

    def enter(self, scene: Scene) -> Decision:
        if scene.desk.spoken_number(self.who) is None:
            return Go(self.unknown, scene.memory)
        return super().enter(scene)

    def again(self, scene: Scene) -> Decision:
        return self.enter(scene)  # it may be the day after by now

    def compose(self, scene: Scene, cue: Cue) -> tuple[verbs.Say, ...]:
        words = scene.words
        offered = enumerate(self._offered(), start=1)
        keys = [words.speech(own(scene.at, name), key=Key(str(key))) for key, name in offered]
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
            words.speech(own(scene.at, "prompt"), number=number, name=scene.desk.name(self.who) or ""),
            words.speech("helpline.number_again", number=number),
            words.speech("helpline.hours", hours=hours) if hours else (),
        )

    def answer(self, scene: Scene, keys: str) -> Decision | Wrong:
        offered = {str(key): way for key, way in enumerate(self._offered().items(), start=1)}
        if keys not in offered:
            return Wrong()
        name, target = offered[keys]
        memory = scene.memory.note(TO_BE_TEXTED, self.who) if name == "text" else scene.memory
        return Go(target, memory)


KIND = Contact
