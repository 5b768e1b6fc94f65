"""`ivr complaints`, on both databases."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ivr.cli import app

SAID = "You told the school that I rang."


def ivr(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["complaints", *arguments])


def told(*arguments: str) -> Any:
    """Run a command with `--json` and return what it prints."""
    result = ivr(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def taken_down() -> str:
    """Take one down; return the beginning of its id."""
    words = "--name", "Jo Hill", "--number", "07700 900123", "--contact", "4 Mill Lane"
    return str(told("add", SAID, *words, "--came", "letter", "--received", "1/11/2026", "--by", "Ann")["id"])[:8]


def test_a_complaint_goes_its_whole_way(url: str) -> None:
    id = taken_down()
    for words, state in (
        ((), "acknowledge by 30 Nov 2026"),
        (("amend", id, SAID, "--name", "Jo Hill"), "acknowledge by 30 Nov 2026"),
        (("acknowledge", id, "--how", "letter", "--on", "20/11/2026"), "acknowledged, to be answered"),
        (("note", id, "asked the school"), "acknowledged, to be answered"),
        (
            ("close", id, "--outcome", "partly_upheld", "--answer", "We are sorry.", "--how", "email"),
            "closed on 23 Nov 2026 by Max: partly upheld",
        ),
        (("reopen", id, "they rang again"), "acknowledged, to be answered"),
    ):
        result = ivr(*words, "--by", "Max") if words else ivr()
        assert (result.exit_code, result.stdout) == (0, f"{id}  Sun 01 Nov 2026  letter  {state}\n"), result.stderr
    shown = ivr("show", id, "--by", "Ann").stdout
    for line in ("who: Jo Hill", f"complaint: {SAID}", "acknowledged: 20 Nov 2026, by letter", "We are sorry."):
        assert line in shown
    assert "number:" not in shown  # it was written down anew without one


def test_the_list_names_nobody_and_is_empty_once_they_are_closed(url: str) -> None:
    id = taken_down()
    listed = ivr("list", "--json").stdout
    assert SAID not in listed and "Jo Hill" not in listed and "7700" not in listed
    ivr("close", id, "--outcome", "withdrawn", "--answer", "As you wish.", "--how", "telephone")
    assert ivr().stdout == "No complaint is open.\n"
    assert [one["outcome"] for one in told("list", "--all")] == ["withdrawn"]


def test_what_is_read_is_whole_in_json(url: str) -> None:
    id = taken_down()
    found = told("show", id, "--by", "Ann")
    assert (found["complaint"]["body"], found["complaint"]["acknowledge_by"]) == (SAID, "2026-11-30")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("add", " "), 2, "Write what they complain of"),
        (("add", SAID, "--received", "24/11/2026"), 2, "still to come"),
        (("add", SAID, "--number", "12"), 2, "Write a telephone number"),
        (("acknowledge", "ID", "--how", "letter", "--on", "31/10/2026"), 2, "that day is before"),
        (("close", "ID", "--outcome", "upheld", "--answer", "", "--how", "letter"), 2, "without an answer"),
        (("reopen", "ID", "again"), 1, "It is open already."),
        (("show", "zzz"), 1, "No complaint has an id that begins with “zzz”."),
    ],
)
def test_what_cannot_be_done_says_why(url: str, words: tuple[str, ...], code: int, says: str) -> None:
    id = taken_down()
    refused = ivr(*(id if word == "ID" else word for word in words))
    assert refused.exit_code == code
    assert says in refused.stderr


def test_no_complaint_is_closed_without_an_outcome(url: str) -> None:
    assert ivr("close", taken_down(), "--answer", "Sorry.", "--how", "letter").exit_code == 2
