"""Reads a date back, to be sure."""

from dataclasses import replace

from ivr.engine import verbs
from ivr.engine.question import Cue, Question, Wrong
from ivr.engine.step import Decision, Go, Scene, Target, own
from ivr.helpline.notes import DATE, noted_date, said_date
from ivr.steps.yes_no import KEYS, NO, YES, YES_NO


class ConfirmDate(Question):
    """The date as it was understood: 1 if it is right, 2 if it is not.

    In a flow:

        confirm_letter:
          kind: confirm_date
          of: letter
          yes: school_only
          no: letter
          otherwise: person/ring
    """

    of: str
    yes: Target
    no: Target
    says = {"prompt": frozenset({"date"}), "plainer": frozenset({"date"})}
    shares = Question.shares | YES_NO | DATE | {"date_needs_no_hash": frozenset()}

    @property
    def plain(self) -> bool:
        return False

    def compose(self, scene: Scene, cue: Cue) -> tuple[verbs.Say, ...]:
        words = scene.words
        if cue.attempt == 1:
            return (self.lead(scene, cue), words.say(words.speech("helpline.yes_no_again", **KEYS)))
        day = said_date(noted_date(scene.memory.notes, self.of), words)
        question = words.speech(own(scene.at, "plainer" if cue.attempt else "prompt"), date=day)
        asked = words.say(question, words.speech("helpline.yes_no", **KEYS))
        return (self.lead(scene, cue), asked) if cue.attempt else (asked,)

    def answer(self, scene: Scene, keys: str) -> Decision | Wrong:
        match keys:
            case keys if keys == YES:
                return Go(self.yes, scene.memory)
            case keys if keys == NO:
                return Go(self.no, scene.memory)
        return Wrong()

    def back(self, scene: Scene) -> Decision:
        """To the date. Banks teach people to press # after a number, and here it would bring them round for ever."""
        went = super().back(scene)
        said = scene.words.say(scene.words.speech("helpline.date_needs_no_hash"))
        return replace(went, says=(said,)) if isinstance(went, Go) else went


KIND = ConfirmDate
