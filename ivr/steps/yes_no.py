"""Asks a question that is answered by 1 for yes or 2 for no, and keeps the answer."""

from ivr.engine import verbs
from ivr.engine.prompts import Key
from ivr.engine.question import Cue, Question, Wrong
from ivr.engine.step import Decision, Go, Scene, Target, own

YES, NO = "1", "2"
YES_NO = {"yes_no": frozenset({"yes", "no"}), "yes_no_again": frozenset({"yes", "no"})}
KEYS = {"yes": Key(YES), "no": Key(NO)}


class YesNo(Question):
    """Yes is 1 and no is 2 in every such question.

    In a flow:

        school_only:
          kind: yes_no
          keep: school_only
          yes: work_out
          no: has_certificate
          otherwise: person/ring
    """

    keep: str
    yes: Target
    no: Target
    says = {"prompt": frozenset(), "plainer": frozenset()}
    shares = Question.shares | YES_NO

    def compose(self, scene: Scene, cue: Cue) -> tuple[verbs.Say, ...]:
        words = scene.words
        if cue.attempt == 1:
            return (self.lead(scene, cue), words.say(words.speech("helpline.yes_no_again", **KEYS)))
        question = words.speech(own(scene.at, "plainer" if cue.attempt else "prompt"))
        asked = words.say(question, words.speech("helpline.yes_no", **KEYS))
        return (self.lead(scene, cue), asked) if cue.attempt else (asked,)

    def answer(self, scene: Scene, keys: str) -> Decision | Wrong:
        match keys:
            case keys if keys == YES:
                return Go(self.yes, scene.memory.note(self.keep, "yes"))
            case keys if keys == NO:
                return Go(self.no, scene.memory.note(self.keep, "no"))
        return Wrong()


KIND = YesNo
