"""What an editor may do wrong is found, all of it, at its line; and nothing is found where nothing is wrong."""

from datetime import date
from pathlib import Path

import pytest

from ivr.commands.lint_context import context_for
from ivr.config import CONTENT
from ivr.engine.content_reader import read_content
from ivr.lint.run import Finding, findings
from ivr.steps import KINDS
from tests.lint.cases import Planted, planted
from tests.lint.helplines import GOOD, TODAY, copied

PLANTED = planted()
AT_ONCE = 2
CHECKED = date(2026, 11, 29)
"""The last day on which a fact of our own was checked."""


def found(folder: Path, *, with_voice: bool = False, today: date = TODAY) -> list[Finding]:
    """All that every rule has to say on the day of the tests."""
    content = read_content(folder, KINDS)
    return findings(content, context_for(content, today, with_voice=with_voice))


@pytest.mark.parametrize("case", PLANTED.values(), ids=PLANTED)
def test_what_was_planted_is_found_at_its_line_and_nothing_is_made_up(case: Planted, tmp_path: Path) -> None:
    told = found(copied(tmp_path, case.edits, case.translated))
    assert sorted(str(one) for one in told if one.severity == "error") == sorted(case.finds)
    assert sorted(str(one) for one in told if one.severity == "warning") == sorted(case.warns)


def test_fifty_mistakes_are_planted_and_ten_of_them_are_two_at_once() -> None:
    assert len(PLANTED) >= 50
    assert sum(name.startswith("two_") for name in PLANTED) >= 10
    assert all(
        len(case.finds) + len(case.warns) >= AT_ONCE for name, case in PLANTED.items() if name.startswith("two_")
    )


@pytest.mark.parametrize("with_voice", [False, True], ids=["by words", "with a voice"])
def test_nothing_is_found_in_a_good_helpline(with_voice: bool) -> None:
    assert found(GOOD, with_voice=with_voice) == []


@pytest.mark.parametrize("with_voice", [False, True], ids=["by words", "with a voice"])
def test_nothing_is_made_up_about_our_own_flows_and_prompts(with_voice: bool) -> None:
    assert found(CONTENT, with_voice=with_voice, today=CHECKED) == []
