"""Names of renamed steps: a call keeps its place between releases that name a step differently (decision 021)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec import structs

from ivr.engine.call_state import CallState, at_page, page_of, step_of, steps_of
from ivr.engine.step import Step


@dataclass(frozen=True)
class StepNames:
    """The steps of a release, by their present and their former names."""

    steps: Mapping[str, Step]
    renamed: dict[str, str] = field(init=False)
    """By former name, the present one."""
    formerly: dict[str, tuple[str, ...]] = field(init=False)
    """By present name, the former ones."""
    unchanged: frozenset[str] = field(init=False)
    """The steps whose names meant no other before."""

    def __post_init__(self) -> None:
        formerly = {at: tuple(map(str, step.formerly)) for at, step in self.steps.items() if step.formerly}
        renamed = {former: at for at, names in formerly.items() for former in names}
        object.__setattr__(self, "formerly", formerly)
        object.__setattr__(self, "renamed", renamed)
        object.__setattr__(self, "unchanged", frozenset(self.steps) - renamed.keys())

    def oldest(self, at: str) -> str:
        """Return the name of a step that releases before and after its renaming agree on."""
        return self.formerly.get(at, (at,))[0]

    def place_of(self, at: str, state: CallState) -> tuple[str | None, CallState]:
        """Return a step by its present name, None if it is unknown, and the state with its history in present names.

        A question of the history that is unknown here is left out.
        """
        if not state.former_names and self.unchanged >= {at, *steps_of(state.history)}:
            return at, state
        entries = ((self._present(step_of(entry), state), page_of(entry)) for entry in state.history)
        history = tuple(at_page(step, page) for step, page in entries if step)
        return self._present(at, state), structs.replace(state, history=history, former_names={})

    def to_seal(self, at: str, state: CallState) -> CallState:
        """Return the state for a token of a step, with the former names of that step and of those in its history."""
        former = {name: self.formerly[name] for name in (at, *steps_of(state.history)) if name in self.formerly}
        return structs.replace(state, former_names=former) if former or state.former_names else state

    def _present(self, name: str, state: CallState) -> str | None:
        names = (name, *state.former_names.get(name, ()))
        return next((self.renamed.get(one, one) for one in names if one in self.steps or one in self.renamed), None)
