"""What refuses a start is told all at once, in order, each problem once; a good helpline has none."""

from pathlib import Path
from shutil import copytree

import pytest

from ivr.config import CONTENT
from ivr.engine.content_reader import read_content
from ivr.lint.run import problems_in
from ivr.steps import KINDS
from tests.lint.helplines import MINIMAL, content_of, edit


def test_a_good_helpline_has_no_problem() -> None:
    assert problems_in(read_content(MINIMAL, KINDS)) == []


def test_our_own_flows_and_prompts_have_no_problem() -> None:
    assert [str(problem) for problem in problems_in(read_content(CONTENT, KINDS))] == []


@pytest.fixture
def helpline(tmp_path: Path) -> Path:
    """A copy of the good helpline, to make mistakes in."""
    return Path(copytree(MINIMAL, tmp_path / "helpline"))


def test_mistakes_of_every_sort_in_several_files_are_told_at_once_and_in_order(helpline: Path) -> None:
    edit(helpline, "flows/helpline.yaml", "lost: town/hello", "lost: town/helo")
    edit(helpline, "flows/town.yaml", "  who: owl\n", "  who: bat\n")
    edit(helpline, "flows/town.yaml", "  kind: say\n  go: menu", "  kind: say\n  goes: menu")
    edit(helpline, "flows/contacts.yaml", "sure: V", "sure: V\n  sure: P")
    edit(helpline, "prompts/en-GB/town.yaml", "The Owl is on {number}.", "The Owl is on the line.")
    edit(helpline, "prompts/en-GB/helpline.yaml", "silence:", "silense:")
    assert [str(problem) for problem in problems_in(read_content(helpline, KINDS))] == [
        "flows/contacts.yaml:6: “sure” stands here twice (first in line 5)",
        "flows/helpline.yaml:3: “lost” leads to town/helo, and there is no such step: is it “town/hello”?",
        "flows/town.yaml:5: “goes” is not something this can have: is it “go”?",
        "flows/town.yaml:16: there is no contact “bat” in flows/contacts.yaml",
        "prompts/en-GB/helpline.yaml:1: “silence” is missing: the program says it in many places",
        "prompts/en-GB/town.yaml:11: {number} is left out, so the caller would not hear it",
    ]


def test_a_problem_found_twice_is_told_once(helpline: Path) -> None:
    edit(helpline, "flows/contacts.yaml", "sure: V", "sure: perhaps")
    problems = problems_in(read_content(helpline, KINDS))
    assert len(problems) == len(set(problems)) == 1


def test_a_folder_with_nothing_in_it_is_told_what_is_missing(tmp_path: Path) -> None:
    problems = problems_in(content_of({}, tmp_path))
    assert "flows/helpline.yaml:1: this file is missing; it says where a call begins" in map(str, problems)
