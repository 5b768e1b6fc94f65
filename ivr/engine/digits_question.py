"""The base of every question for several keys, a date or a number."""

from collections.abc import Mapping

from ivr.engine.question import Attempt, Question
from ivr.engine.step import StepContext, Target, own
from ivr.engine.verbs import Say

TRY_NAMES = ("prompt", "shorter", "plainer")


class DigitsQuestion(Question):
    """Keeps what was keyed; what is wrong with it is explained by the kind, before it is question for again."""

    keep: str
    got: Target
    says = dict.fromkeys(TRY_NAMES, frozenset[str]())
    shares = {"silence": frozenset[str]()}

    def ways(self) -> Mapping[str, Target]:
        return {"": self.got}

    def compose(self, context: StepContext, attempt: Attempt) -> tuple[Say, ...]:
        question = context.words.say(context.words.speech(own(context.at, TRY_NAMES[attempt.number])))
        return (self.lead(context, attempt), question) if attempt.reason == "no_input" else (question,)
