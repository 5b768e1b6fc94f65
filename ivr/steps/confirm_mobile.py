"""Reads a mobile number back, and asks whether it is right and safe to text."""

from dataclasses import replace

from ivr.engine import verbs
from ivr.engine.question import Cue, Question, Wrong
from ivr.engine.step import Decision, Go, Scene, Target, own
from ivr.helpline.mobiles import grouped
from ivr.helpline.spoken import slowly
from ivr.steps.yes_no import KEYS, NO, YES, YES_NO


class ConfirmMobile(Question):
    """The number in its groups: 1 if it is right and a text there is safe, 2 if not.

    In a flow:

        this_phone:
          kind: confirm_mobile
          of: keyed
          keep: mobile              # the number, once it is confirmed
          yes: send
          no: another
          otherwise: person/ring
    """

    of: str
    keep: str
    yes: Target
    no: Target
    says = {"prompt": frozenset({"number"}), "plainer": frozenset({"number"})}
    shares = Question.shares | YES_NO | {"mobile_needs_no_hash": frozenset()}

    @property
    def plain(self) -> bool:
        return False

    def compose(self, scene: Scene, cue: Cue) -> tuple[verbs.Say, ...]:
        words = scene.words
        if cue.attempt == 1:
            return (self.lead(scene, cue), words.say(words.speech("helpline.yes_no_again", **KEYS)))
        number = slowly(grouped(scene.memory.notes[self.of]))
        question = words.speech(own(scene.at, "plainer" if cue.attempt else "prompt"), number=number)
        asked = words.say(question, words.speech("helpline.yes_no", **KEYS))
        return (self.lead(scene, cue), asked) if cue.attempt else (asked,)

    def answer(self, scene: Scene, keys: str) -> Decision | Wrong:
        match keys:
            case keys if keys == YES:
                return Go(self.yes, scene.memory.note(self.keep, scene.memory.notes[self.of]))
            case keys if keys == NO:
                return Go(self.no, scene.memory)
        return Wrong()

    def back(self, scene: Scene) -> Decision:
        """To the number, if they keyed it. Banks teach people to press # after one, and # would bring them round."""
        went = super().back(scene)
        if not isinstance(went, Go) or scene.memory.notes[self.of] == scene.desk.caller:
            return went
        return replace(went, says=(scene.words.say(scene.words.speech("helpline.mobile_needs_no_hash")),))


KIND = ConfirmMobile
