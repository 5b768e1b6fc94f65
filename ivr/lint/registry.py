"""The registry of lint rules, filled by the decorator `@rule`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from ivr.engine.content import Content
from ivr.errors import Problem
from ivr.lint.context import LintContext

Stage = Literal["start", "release", "notice"]
"""What a rule refuses: a start, a release (by `ivr check`), or nothing, for what is only to be seen to soon."""
Severity = Literal["error", "warning"]
Check = Callable[[Content, LintContext], Iterator[Problem]]

_registered: dict[str, "Rule"] = {}


@dataclass(frozen=True)
class Rule:
    """A function that yields a problem for each place where a requirement is not met."""

    id: str
    stage: Stage
    requires: str
    """What must be true of flows and prompts, in a sentence."""
    check: Check
    severity: Severity
    strict: bool
    """Whether it is an error under `ivr check --strict`, whatever its severity."""

    @property
    def reports(self) -> str:
        """The first paragraph of the function's docstring, without the verb that it begins with."""
        _, _, what = " ".join(str(self.check.__doc__).split("\n\n")[0].split()).partition(" ")
        return what[:1].upper() + what[1:]


def rule(
    id: str, stage: Stage, requires: str, *, severity: Severity = "error", strict: bool = False
) -> Callable[[Check], Check]:
    """Register a function as a rule; raises ValueError if the id is taken."""

    def register(check: Check) -> Check:
        if id in _registered:
            raise ValueError(f"two rules have the id {id}")
        _registered[id] = Rule(id, stage, requires, check, severity, strict)
        return check

    return register


def registered() -> dict[str, Rule]:
    """Return the rules registered so far by id, sorted by stage and id."""
    stages = get_args(Stage)
    in_order = sorted(_registered.values(), key=lambda one: (stages.index(one.stage), one.id))
    return {one.id: one for one in in_order}
