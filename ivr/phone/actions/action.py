"""What can stand under `call` in a call script: one function each, named as it is written."""

from collections.abc import Awaitable, Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ivr.phone.scene import Scene


@dataclass(frozen=True)
class Step:
    """One line of a call: an action with its texts or its fields."""

    line: int
    action: str
    texts: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


Plays = Callable[["Scene", Step], Awaitable[None]]


@dataclass(frozen=True)
class Action:
    """What an action does, how many texts follow its name and which fields may instead."""

    plays: Plays
    texts: Container[int]
    wanted: frozenset[str]
    optional: frozenset[str]

    def fits(self, step: Step) -> bool:
        """Whether the step is written as this action wants it."""
        if not step.fields:
            return len(step.texts) in self.texts
        return self.wanted <= step.fields.keys() <= self.wanted | self.optional and bool(self.wanted)


ACTIONS: dict[str, Action] = {}

NONE, ONE, AT_MOST_ONE, SOME, ANY = range(1), range(1, 2), range(2), range(1, 100), range(100)


def action(texts: range, wanted: str = "", optional: str = "") -> Callable[[Plays], Plays]:
    """Register an action followed by so many texts, or by these fields instead."""

    def register(plays: Plays) -> Plays:
        name = getattr(plays, "__name__", "")
        ACTIONS[name] = Action(plays, texts, frozenset(wanted.split()), frozenset(optional.split()))
        return plays

    return register


def one_of(given: str, *known: str) -> str:
    """A word of those that are known; raises AssertionError for any other."""
    if given not in known:
        raise AssertionError(f'Only {", ".join(known)}, not "{given}".')
    return given


def seconds(given: str) -> float:
    """Seconds as they are written; raises AssertionError for what is no number."""
    try:
        return float(given)
    except ValueError:
        raise AssertionError(f'"{given}" is no number of seconds.') from None
