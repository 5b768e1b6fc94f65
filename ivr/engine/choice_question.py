"""The base of every question that offers a few things, each with its key."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from ivr.engine.call_state import CallState
from ivr.engine.prompts import Key
from ivr.engine.question import Attempt, NoMatch, Question
from ivr.engine.step import Decision, Go, StepContext, Target, own
from ivr.engine.verbs import Say


class Choice(BaseModel):
    """One thing to choose: the name of its sentence, and where it leads."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    say: str
    go: Target


class ChoiceQuestion(Question):
    """One of several, by key. The second try is a sentence that names all keys at once, the third only the way out.

    That sentence is the first, too, for a caller who comes here in brief. A kind says what it offers and which
    variables an answer sets.
    """

    shares = Question.shares | {"way_out": frozenset()}

    def offers(self) -> Mapping[str, Choice]:
        """Return what can be chosen, by key."""
        raise NotImplementedError

    def remember(self, context: StepContext, chosen: str) -> CallState:
        """Return the state after an answer, by the name of its sentence."""
        return context.state

    def sentences(self) -> dict[str, frozenset[str]]:
        names = [choice.say for choice in self.offers().values()]
        return {
            "prompt": frozenset(),
            **{name: frozenset({"key"}) for name in names},
            "after": frozenset(),
            "shorter": frozenset(names),
        }

    def optional_sentences(self) -> frozenset[str]:
        return frozenset({"prompt", "after"})

    def ways(self) -> Mapping[str, Target]:
        return {key: choice.go for key, choice in self.offers().items()}

    def compose(self, context: StepContext, attempt: Attempt) -> tuple[Say, ...]:
        words = context.words
        if attempt.number == 2:
            return (self.lead(context, attempt), words.say(words.speech("helpline.way_out")))
        if attempt.number == 1:
            return (self.lead(context, attempt), self._shorter(context))
        if attempt.reason == "brief":
            return (self._shorter(context),)
        choices = [words.speech(own(context.at, choice.say), key=Key(key)) for key, choice in self.offers().items()]
        before, after = (
            words.speech(name) if (name := own(context.at, part)) in words else () for part in ("prompt", "after")
        )
        return (words.say(before, *choices, after),)

    def _shorter(self, context: StepContext) -> Say:
        keys = {choice.say: Key(key) for key, choice in self.offers().items()}
        return context.words.say(context.words.speech(own(context.at, "shorter"), **keys))

    def enter_briefly(self, context: StepContext) -> Decision:
        return self.ask(context, Attempt("brief"))

    def answer(self, context: StepContext, keys: str) -> Decision | NoMatch:
        choice = self.offers().get(keys)
        return Go(choice.go, self.remember(context, choice.say)) if choice else NoMatch()
