"""What a rule is given besides flows and prompts, by whoever has it read them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from ivr.engine.prompts import Language
from ivr.engine.seconds import Measure, by_words
from ivr.engine.verbs import Turn


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that can be heard at a step; `is_fresh` when it is the first that is heard there."""

    at: str
    turn: Turn
    language: Language
    is_fresh: bool = False


def _plays(turn: Turn, at: str, language: Language) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class Means:
    """The day, what measures speech, what the provider refuses in a turn, and everything that can be heard.

    `refusals` tells in sentences why the provider would not play a turn at a step, in a language.
    """

    today: date
    measure: Measure = by_words
    refusals: Callable[[Turn, str, Language], Iterable[str]] = _plays
    heard: tuple[Heard, ...] = ()
