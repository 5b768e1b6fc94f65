"""Findings that were accepted by decision, in `flows/accepted.yaml`, and the rules about them.

An accepted finding is counted, and not printed each time: so a new one is seen.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ivr.engine.content import Content
from ivr.engine.validation import WRONG, readable_errors
from ivr.engine.yaml import Source
from ivr.errors import Problem
from ivr.lint.registry import LintContext, registered, rule

FILE = "flows/accepted.yaml"
Text = Annotated[str, Field(min_length=1)]


class Acceptance(BaseModel):
    """Why a finding may stand, who decided so, and until when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    why: Text
    who: Text
    until: date
    says: str = ""
    """Words of the finding, where a rule finds several things in one sentence and only one was accepted."""


class Accepted(NamedTuple):
    """One entry of the file: a rule, what the finding is about, and the decision."""

    rule: str
    about: str
    decision: Acceptance

    def covers(self, problem: Problem) -> bool:
        """Return whether it is this finding that was accepted."""
        return (problem.rule, problem.about) == (self.rule, self.about) and self.decision.says in problem.says


def read_accepted(sources: Mapping[str, Source]) -> tuple[list[Accepted], list[Problem]]:
    """Return all entries of the file, if there is one, and whatever is wrong with it."""
    accepted: list[Accepted] = []
    problems: list[Problem] = []
    source = sources.get(FILE, Source(FILE))
    for id, about, entry in _entries(source, problems):
        try:
            accepted.append(Accepted(id, about, Acceptance.model_validate(entry)))
        except ValidationError as error:
            problems += readable_errors(error, source, id, about)
    return accepted, problems


def _entries(source: Source, problems: list[Problem]) -> Iterator[tuple[str, str, object]]:
    for id, entries in source.content.items():
        if isinstance(entries, dict):
            yield from ((id, about, entry) for about, entry in entries.items())
        else:
            says = f"under “{id}” stands each thing that a finding is about, with why, who and until"
            problems.append(source.problem(says, id, rule=WRONG))


@rule("wrong_acceptance", "release", "What is accepted is a finding of a rule that there is, and that calls survive.")
def wrong_acceptance(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report an accepted finding of no rule, or of one that refuses a start."""
    rules = registered()
    for name in dict.fromkeys(one.rule for one in read_accepted(content.sources)[0]):
        if name not in rules:
            yield content.sources[FILE].problem(f"there is no rule “{name}”: docs/rules.md lists them", name)
        elif rules[name].stage == "start":
            yield content.sources[FILE].problem(f"“{name}” cannot be accepted: calls would break", name)


@rule(
    "stale_acceptance",
    "notice",
    "What was accepted is still found, and the day until which it was accepted has not passed.",
    severity="warning",
    on_findings=True,
)
def stale_acceptance(content: Content, context: LintContext) -> Iterator[Problem]:
    """Warn of an entry that no finding matches any more, to be taken out, and of one to be decided anew."""
    for one in read_accepted(content.sources)[0]:
        if one.decision.until < context.today:
            yield _at(content, one, f"this was accepted until {one.decision.until}: decide anew", "until")
        elif not any(map(one.covers, context.found)):
            yield _at(content, one, f"“{one.rule}” is not found at {one.about} any more: take this entry out")


def _at(content: Content, one: Accepted, says: str, *field: str) -> Problem:
    return content.sources[FILE].problem(says, one.rule, one.about, *field)
