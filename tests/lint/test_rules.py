"""Every rule reports what its table of cases says, and nothing else; a rule without a table fails."""

from pathlib import Path

import pytest

from ivr.lint.registry import Rule
from ivr.lint.registry import rule as register
from ivr.lint.rules import RULES
from tests.lint.cases import Case, tables

TABLES = tables()


def test_every_rule_has_a_table_and_every_table_a_rule() -> None:
    assert sorted(TABLES) == sorted(RULES)


@pytest.mark.parametrize(
    ("rule", "case"),
    [pytest.param(rule, case, id=f"{rule}: it {case.it}") for rule, cases in TABLES.items() for case in cases],
)
def test_it(rule: str, case: Case, tmp_path: Path) -> None:
    assert case.found_by(RULES[rule], tmp_path) == case.found


@pytest.mark.parametrize("rule", RULES)
def test_every_table_has_a_case_with_a_problem_and_one_without(rule: str) -> None:
    assert {bool(case.found) for case in TABLES[rule]} == {True, False}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_function_is_named_by_its_rule_and_says_what_it_reports(rule: Rule) -> None:
    assert rule.check.__name__ == rule.id
    assert str(rule.check.__doc__).startswith(("Report ", "Warn "))
    assert rule.requires.endswith(".")


def test_two_rules_cannot_have_one_id() -> None:
    with pytest.raises(ValueError, match="two rules have the id dead_end"):
        register("dead_end", "start", "")(RULES["dead_end"].check)


def test_what_only_warns_refuses_nothing() -> None:
    assert {rule.stage for rule in RULES.values() if rule.severity == "warning"} == {"notice"}
