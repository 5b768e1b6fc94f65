"""Runs lint rules over flows and prompts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product

from ivr.engine.content import Content
from ivr.engine.yaml import SYNTAX
from ivr.errors import Problem
from ivr.lint.registry import LintContext, Rule, Severity
from ivr.lint.rules import RULES
from ivr.lint.rules.accepted import read_accepted


@dataclass(frozen=True, order=True)
class Finding:
    """One problem, with the rule that reported it and what it is about."""

    file: str
    line: int
    severity: Severity
    rule: str
    says: str
    about: str = ""
    accepted: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.says}"


def problems_in(content: Content) -> list[Problem]:
    """Return all that refuses a start, sorted by file and line."""
    starting = [rule for rule in RULES.values() if rule.stage == "start"]
    return sorted(set(_checked(content, LintContext(), starting)))


def findings(content: Content, context: LintContext, *, strict: bool = False) -> list[Finding]:
    """Return what all rules report, each problem once, sorted by file and line."""
    found = [*_checked(content, context, (rule for rule in RULES.values() if not rule.on_findings))]
    context = replace(context, found=tuple(found))
    found += _checked(content, context, (rule for rule in RULES.values() if rule.on_findings))
    accepted = [one for one in read_accepted(content.sources)[0] if context.today <= one.decision.until]
    every = {
        (problem.file, problem.line, problem.says): Finding(
            problem.file,
            problem.line,
            _severity(RULES[problem.rule], strict),
            problem.rule,
            problem.says,
            problem.about,
            RULES[problem.rule].stage != "start" and any(one.covers(problem) for one in accepted),
        )
        for problem in sorted(found, reverse=True)
    }
    return sorted(every.values())


def _severity(rule: Rule, strict: bool) -> Severity:
    return "error" if strict and rule.strict else rule.severity


def _checked(content: Content, context: LintContext, rules: Iterable[Rule]) -> Iterator[Problem]:
    """Yield what rules report, each with its rule; nothing about a line that was mended to be read.

    What stands there is a guess, and the slip is told.
    """
    mended = {(problem.file, problem.line) for problem in content.problems if problem.rule == SYNTAX}
    for rule, addressed in product(rules, content.addressed()):
        for problem in rule.check(addressed, context):
            if rule.id == SYNTAX or (problem.file, problem.line) not in mended:
                yield replace(problem, rule=rule.id)
