"""Runs lint rules over flows and prompts."""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.engine.content import Content
from ivr.errors import Problem
from ivr.lint.context import LintContext
from ivr.lint.registry import Severity
from ivr.lint.rules import RULES

FORM = "form"
"""The id for what the reader of the files reports: a missing field, an unknown kind of step."""


@dataclass(frozen=True, order=True)
class Finding:
    """One problem, with the rule that reported it."""

    file: str
    line: int
    severity: Severity
    rule: str
    says: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.says}"


def problems_in(content: Content) -> list[Problem]:
    """Return all that refuses a start, sorted by file and line."""
    context = LintContext()
    starting = [rule for rule in RULES.values() if rule.stage == "start"]
    found = {problem for rule in starting for problem in rule.check(content, context)}
    return sorted(found | set(content.problems))


def findings(content: Content, context: LintContext, *, strict: bool = False) -> list[Finding]:
    """Return what all rules report, each problem once, sorted by file and line."""
    found = sorted(_found(content, context, strict), reverse=True)
    once = {(one.file, one.line, one.says): one for one in found}
    return sorted(once.values())


def _found(content: Content, context: LintContext, strict: bool) -> Iterator[Finding]:
    for problem in content.problems:
        yield Finding(problem.file, problem.line, "error", FORM, problem.says)
    for rule in RULES.values():
        severity: Severity = "error" if strict and rule.strict else rule.severity
        for problem in rule.check(content, context):
            yield Finding(problem.file, problem.line, severity, rule.id, problem.says)
