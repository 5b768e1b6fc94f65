"""The base of every question that is answered by yes or no."""

from collections.abc import Mapping

from msgspec import structs

from ivr.engine.call_state import CallState
from ivr.engine.prompts import Key
from ivr.engine.question import Attempt, NoMatch, Question
from ivr.engine.step import Decision, Go, StepContext, Target, own
from ivr.engine.verbs import Say, Speech

YES, NO = "1", "2"
KEYS = {"yes": Key(YES), "no": Key(NO)}


class YesNoQuestion(Question):
    """Yes is 1 and no is 2 in every such question. A kind says what fills its sentences and which variables it sets."""

    yes: Target
    no: Target
    shares = Question.shares | dict.fromkeys(("yes_no", "yes_no_again"), frozenset(KEYS))

    def blanks(self, context: StepContext) -> dict[str, str | Speech]:
        """Return what fills the blanks of `prompt` and `plainer`."""
        return {}

    def ways(self) -> Mapping[str, Target]:
        return {YES: self.yes, NO: self.no}

    def remember(self, context: StepContext, *, yes: bool) -> CallState:
        """Return the state after an answer."""
        return context.state

    def compose(self, context: StepContext, attempt: Attempt) -> tuple[Say, ...]:
        words = context.words
        if attempt.number == 1:
            return (self.lead(context, attempt), words.say(words.speech("helpline.yes_no_again", **KEYS)))
        question = words.speech(own(context.at, "plainer" if attempt.number else "prompt"), **self.blanks(context))
        said = words.say(question, words.speech("helpline.yes_no", **KEYS))
        return (self.lead(context, attempt), said) if attempt.number else (said,)

    def answer(self, context: StepContext, keys: str) -> Decision | NoMatch:
        if keys not in (YES, NO):
            return NoMatch()
        yes = keys == YES
        return Go(self.yes if yes else self.no, self.remember(context, yes=yes))

    def back_without_hash(self, context: StepContext, sentence: str) -> Decision:
        """Go back to what was keyed, saying that it needs no # after it.

        Banks teach people to press # after a number; here it would bring them round for ever.
        """
        went = super().back(context)
        said = context.words.say(context.words.speech(f"helpline.{sentence}"))
        return structs.replace(went, says=(said,)) if isinstance(went, Go) else went
