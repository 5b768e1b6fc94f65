"""The registry of what can stand under `call` in a scenario."""

from collections.abc import Awaitable, Callable, Container
from dataclasses import dataclass

from ivr.simulator.scenarios.run import ScenarioRun
from ivr.simulator.scenarios.scenario import Step

Run = Callable[[ScenarioRun, Step], Awaitable[None]]


@dataclass(frozen=True)
class Action:
    """The function of an action, how many texts may follow its name, and which fields may instead."""

    run: Run
    texts: Container[int]
    required: frozenset[str]
    optional: frozenset[str]

    def fits(self, step: Step) -> bool:
        """Return whether a step has the texts or fields of this action."""
        if not step.fields:
            return len(step.texts) in self.texts
        return self.required <= step.fields.keys() <= self.required | self.optional and bool(self.required)


ACTIONS: dict[str, Action] = {}

NONE, ONE, AT_MOST_ONE, SOME, ANY = range(1), range(1, 2), range(2), range(1, 100), range(100)


def action(texts: range, required: str = "", optional: str = "") -> Callable[[Run], Run]:
    """Return a decorator that registers an action followed by so many texts, or by these fields instead."""

    def register(run: Run) -> Run:
        name = getattr(run, "__name__", "")
        ACTIONS[name] = Action(run, texts, frozenset(required.split()), frozenset(optional.split()))
        return run

    return register


def one_of(given: str, *known: str) -> str:
    """Return one of the known words. Raises AssertionError for any other."""
    if given not in known:
        raise AssertionError(f'Only {", ".join(known)}, not "{given}".')
    return given


def seconds(given: str) -> float:
    """Return a number of seconds. Raises AssertionError for what is not a number."""
    try:
        return float(given)
    except ValueError:
        raise AssertionError(f'"{given}" is no number of seconds.') from None
