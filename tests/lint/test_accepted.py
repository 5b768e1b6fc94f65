"""What was accepted by decision is counted and not printed, so that a new finding is seen."""

import json
from pathlib import Path
from shutil import copytree

import pytest

from ivr.engine.content_reader import read_content
from ivr.lint.run import problems_in
from ivr.steps import KINDS
from tests.lint.helplines import GOOD, edit
from tests.lint.test_check_command import FRESH, checked

ACCEPTED = """\
banned_words:
  person.record.unheard:
    why: the board wants this word (decision 99)
    who: the board
    until: 2026-12-31
"""
LAST_DAY, THE_DAY_AFTER = "2026-12-31", "2027-01-01"
PERSON = "prompts/en-GB/person.yaml"
BANNED = f"{PERSON}:16: “invalid” is on the list of what we never say"


@pytest.fixture
def helpline(tmp_path: Path) -> Path:
    """A copy of the good helpline, with one finding."""
    folder = Path(copytree(GOOD, tmp_path / "helpline"))
    edit(folder, PERSON, "unheard: We did not hear you.", "unheard: That was invalid.")
    return folder


def accept(helpline: Path, text: str = ACCEPTED) -> None:
    (helpline / "flows" / "accepted.yaml").write_text(text)


def found(helpline: Path, *options: str, today: str = FRESH) -> list[str]:
    result = checked("--folder", str(helpline), "--today", today, "--json", *options)
    return [f"{one['file']}:{one['line']}: {one['says']}" for one in json.loads(result.stdout)]


def test_what_is_accepted_is_counted_and_neither_printed_nor_an_error(helpline: Path) -> None:
    assert found(helpline) == [BANNED]
    accept(helpline)
    result = checked("--folder", str(helpline), "--today", FRESH)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.endswith("no errors, no warnings, 1 accepted\n")


def test_it_is_shown_to_whoever_wants_all(helpline: Path) -> None:
    accept(helpline)
    result = checked("--folder", str(helpline), "--today", FRESH, "--all")
    assert result.exit_code == 0
    assert "“invalid” is on the list of what we never say" in result.stderr
    (one,) = json.loads(checked("--folder", str(helpline), "--today", FRESH, "--all", "--json").stdout)
    assert one["accepted"] is True


def test_a_new_finding_is_seen_beside_it_of_the_same_rule_too(helpline: Path) -> None:
    accept(helpline)
    edit(helpline, PERSON, "full: Sorry", "full: Kindly, sorry")
    assert found(helpline) == [f"{PERSON}:23: “Kindly” says nothing: leave it out"]


def test_two_findings_in_one_sentence_are_told_apart_by_their_words(helpline: Path) -> None:
    edit(helpline, PERSON, "unheard: That was invalid.", "unheard: Kindly, that was invalid.")
    accept(helpline, f"{ACCEPTED}    says: invalid\n")
    assert found(helpline) == [f"{PERSON}:16: “Kindly” says nothing: leave it out"]


def test_it_is_the_same_finding_after_other_lines_have_changed(helpline: Path) -> None:
    accept(helpline)
    edit(helpline, PERSON, "full: Sorry", "\n\n# a comment\nfull: Sorry")
    path = helpline / PERSON
    path.write_text(f"# One more line.\n{path.read_text('utf-8')}", "utf-8")
    assert found(helpline) == []


def test_what_was_accepted_until_a_day_is_told_again_after_it(helpline: Path) -> None:
    accept(helpline)
    assert found(helpline, today=LAST_DAY) == []
    told = found(helpline, today=THE_DAY_AFTER)
    assert told == ["flows/accepted.yaml:5: this was accepted until 2026-12-31: decide anew", BANNED]


def test_an_entry_that_nothing_matches_any_more_is_told(helpline: Path) -> None:
    accept(helpline)
    edit(helpline, PERSON, "unheard: That was invalid.", "unheard: We did not hear you.")
    says = "“banned_words” is not found at person.record.unheard any more: take this entry out"
    assert found(helpline) == [f"flows/accepted.yaml:2: {says}"]


def test_an_entry_without_a_reason_is_an_error(helpline: Path) -> None:
    accept(helpline, ACCEPTED.replace("    why: the board wants this word (decision 99)\n", ""))
    assert found(helpline) == ["flows/accepted.yaml:2: “why” is missing here", BANNED]
    accept(helpline, ACCEPTED.replace("the board wants this word (decision 99)", '""'))
    assert found(helpline) == ["flows/accepted.yaml:3: “why” should not be empty", BANNED]


def test_nothing_that_refuses_a_start_can_be_accepted(helpline: Path) -> None:
    edit(helpline, "flows/front.yaml", "hello:\n  kind: say\n  go: main", "hello:\n  kind: say\n  go: mian")
    entry = "unknown_target:\n  front/hello: {why: it works, who: me, until: 2026-12-31}\n"
    accept(helpline, f"{ACCEPTED}{entry}")
    assert found(helpline) == [
        "flows/accepted.yaml:6: “unknown_target” cannot be accepted: calls would break",
        "flows/front.yaml:4: “go” of front/hello leads to front/mian, and there is no such step: is it “front/main”?",
    ]
    assert problems_in(read_content(helpline, KINDS))


def test_a_start_does_not_ask_what_was_accepted(helpline: Path) -> None:
    accept(helpline)
    assert problems_in(read_content(helpline, KINDS)) == []


def test_something_else_than_entries_is_told(helpline: Path) -> None:
    accept(helpline, "banned_words: person.record.unheard\n")
    says = "under “banned_words” stands each thing that a finding is about, with why, who and until"
    assert found(helpline) == [f"flows/accepted.yaml:1: {says}", BANNED]
