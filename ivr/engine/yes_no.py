"""What every question answered by yes or no has in common."""

from collections.abc import Mapping

from msgspec import structs

from ivr.engine.memory import Memory
from ivr.engine.prompts import Key
from ivr.engine.question import Cue, Question, Wrong
from ivr.engine.step import Decision, Go, Scene, Target, own
from ivr.engine.verbs import Say, Speech

YES, NO = "1", "2"
KEYS = {"yes": Key(YES), "no": Key(NO)}


class YesOrNo(Question):
    """Yes is 1 and no is 2 in every such question. A kind says what fills its sentences and what it remembers."""

    yes: Target
    no: Target
    shares = Question.shares | dict.fromkeys(("yes_no", "yes_no_again"), frozenset(KEYS))

    def blanks(self, scene: Scene) -> dict[str, str | Speech]:
        """What fills the blanks of `prompt` and `plainer`."""
        return {}

    def ways(self) -> Mapping[str, Target]:
        return {YES: self.yes, NO: self.no}

    def remember(self, scene: Scene, *, yes: bool) -> Memory:
        """What is remembered of the answer."""
        return scene.memory

    def compose(self, scene: Scene, cue: Cue) -> tuple[Say, ...]:
        words = scene.words
        if cue.attempt == 1:
            return (self.lead(scene, cue), words.say(words.speech("helpline.yes_no_again", **KEYS)))
        question = words.speech(own(scene.at, "plainer" if cue.attempt else "prompt"), **self.blanks(scene))
        asked = words.say(question, words.speech("helpline.yes_no", **KEYS))
        return (self.lead(scene, cue), asked) if cue.attempt else (asked,)

    def answer(self, scene: Scene, keys: str) -> Decision | Wrong:
        if keys not in (YES, NO):
            return Wrong()
        yes = keys == YES
        return Go(self.yes if yes else self.no, self.remember(scene, yes=yes))

    def back_without_hash(self, scene: Scene, sentence: str) -> Decision:
        """Back to what was keyed, saying that it needs no # after it.

        Banks teach people to press # after a number; here it would bring them round for ever.
        """
        went = super().back(scene)
        said = scene.words.say(scene.words.speech(f"helpline.{sentence}"))
        return structs.replace(went, says=(said,)) if isinstance(went, Go) else went
