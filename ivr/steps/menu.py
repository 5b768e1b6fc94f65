"""Offers up to five choices, each with its key."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from ivr.engine.call_state import CallState
from ivr.engine.choice_question import Choice, ChoiceQuestion
from ivr.engine.step import StepContext


class Menu(ChoiceQuestion):
    """One of several, by key. The second try is a sentence that names all keys at once, the third only the way out.
    That sentence is the first, too, for a caller who has just heard an emergency message.

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
    levels = 1
    choices: Annotated[dict[str, Choice], Field(min_length=1)]

    def offers(self) -> Mapping[str, Choice]:
        return self.choices

    def keeps(self) -> Mapping[str, tuple[str, ...]]:
        return {self.keep: tuple(choice.say for choice in self.choices.values())} if self.keep else {}

    def remember(self, context: StepContext, chosen: str) -> CallState:
        return context.state.with_variable(self.keep, chosen) if self.keep else context.state


KIND = Menu
