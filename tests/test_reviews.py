"""Every review finds what its table of cases says, and nothing else; one without a table fails."""

from pathlib import Path

import pytest

from ivr.reviews import REVIEWS
from tests.reviews_table import Reviewed, tables_in

TABLES = tables_in(Path(__file__).parent / "reviews")


def test_every_review_has_a_table_and_every_table_a_review() -> None:
    assert sorted(TABLES) == sorted(REVIEWS)


@pytest.mark.parametrize(
    ("rule", "case"),
    [pytest.param(rule, case, id=f"{rule}: it {case.it}") for rule, cases in TABLES.items() for case in cases],
)
def test_it(rule: str, case: Reviewed, tmp_path: Path) -> None:
    content = case.content(tmp_path)
    assert [str(one) for one in sorted(set(REVIEWS[rule](content, case.means(content))))] == case.found


@pytest.mark.parametrize("rule", REVIEWS)
def test_every_table_has_a_case_with_a_mistake_and_one_without(rule: str) -> None:
    assert {bool(case.found) for case in TABLES[rule]} == {True, False}
