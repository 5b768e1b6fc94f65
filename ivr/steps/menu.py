"""Offers up to five choices, each with its key."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ivr.engine import verbs
from ivr.engine.prompts import Key
from ivr.engine.question import Attempt, NoMatch, Question
from ivr.engine.step import Decision, Go, StepContext, Target, own


class Choice(BaseModel):
    """One thing to choose: the name of its sentence, and where it leads."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    say: str
    go: Target


class Menu(Question):
    """One of several, by key. The second try is a sentence that names all keys at once, the third only the way out.

    `prompt` is said before the choices and `after` behind them; either may be left out.

    In a flow:

        menu:
          kind: menu
          choices:
            1: {say: deadline, go: deadline/letter}
            2: {say: number, go: mediators/number}
          otherwise: person/ring

    With `keep: part`, the name of what was chosen is noted under that name.
    """

    keep: str | None = None
    shares = Question.shares | {"way_out": frozenset()}
    levels = 1
    choices: Annotated[dict[str, Choice], Field(min_length=1)]

    def sentences(self) -> dict[str, frozenset[str]]:
        names = [choice.say for choice in self.choices.values()]
        return {
            "prompt": frozenset(),
            **{name: frozenset({"key"}) for name in names},
            "after": frozenset(),
            "shorter": frozenset(names),
        }

    def ways(self) -> Mapping[str, Target]:
        return {key: choice.go for key, choice in self.choices.items()}

    def keeps(self) -> Mapping[str, tuple[str, ...]]:
        return {self.keep: tuple(choice.say for choice in self.choices.values())} if self.keep else {}

    def optional_sentences(self) -> frozenset[str]:
        return frozenset({"prompt", "after"})

    def compose(self, context: StepContext, attempt: Attempt) -> tuple[verbs.Say, ...]:
        words = context.words
        if attempt.number == 2:
            return (self.lead(context, attempt), words.say(words.speech("helpline.way_out")))
        if attempt.number == 1:
            keys = {choice.say: Key(key) for key, choice in self.choices.items()}
            return (self.lead(context, attempt), words.say(words.speech(own(context.at, "shorter"), **keys)))
        choices = [words.speech(own(context.at, choice.say), key=Key(key)) for key, choice in self.choices.items()]
        before, after = (
            words.speech(name) if (name := own(context.at, part)) in words else () for part in ("prompt", "after")
        )
        return (words.say(before, *choices, after),)

    def answer(self, context: StepContext, keys: str) -> Decision | NoMatch:
        choice = self.choices.get(keys)
        if choice is None:
            return NoMatch()
        return Go(choice.go, context.state.with_variable(self.keep, choice.say) if self.keep else context.state)


KIND = Menu
