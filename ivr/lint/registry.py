"""The registry of lint rules, filled by the decorator `@rule`, and what every rule is given."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from ivr.engine.content import Content
from ivr.engine.durations import Measure, words_at_150_wpm
from ivr.engine.prompts import Language
from ivr.engine.verbs import Turn
from ivr.errors import Problem


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn that can be heard at a step; `is_fresh` if it can be the first that is heard there."""

    at: str
    turn: Turn
    language: Language
    is_fresh: bool = False


def _no_refusals(turn: Turn, at: str, language: Language) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class LintContext:
    """The date, the measure of speech, the provider's check of documents, and every turn that can be heard.

    `refusals` returns the reasons why the provider would not play a turn at a step, in a language. The defaults are
    for rules of the stage `start`: whether calls are answered must not depend on the date.
    """

    today: date = date.min
    measure: Measure = words_at_150_wpm
    refusals: Callable[[Turn, str, Language], Iterable[str]] = _no_refusals
    heard: tuple[Heard, ...] = ()
    found: tuple[Problem, ...] = ()
    """What the other rules have found, for a rule on findings."""


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
    on_findings: bool
    """Whether it is run after the others, and judges what they found."""

    @property
    def reports(self) -> str:
        """The first paragraph of the function's docstring, without the verb that it begins with."""
        _, _, what = " ".join(str(self.check.__doc__).split("\n\n")[0].split()).partition(" ")
        return what[:1].upper() + what[1:]


def rule(
    id: str,
    stage: Stage,
    requires: str,
    *,
    severity: Severity = "error",
    strict: bool = False,
    on_findings: bool = False,
) -> Callable[[Check], Check]:
    """Register a function as a rule; raises ValueError if the id is taken."""

    def register(check: Check) -> Check:
        if id in _registered:
            raise ValueError(f"two rules have the id {id}")
        _registered[id] = Rule(id, stage, requires, check, severity, strict, on_findings)
        return check

    return register


def registered() -> dict[str, Rule]:
    """Return the rules registered so far by id, sorted by stage and id."""
    stages = get_args(Stage)
    in_order = sorted(_registered.values(), key=lambda one: (stages.index(one.stage), one.id))
    return {one.id: one for one in in_order}
