"""Text from outside reaches a terminal as words and nothing else."""

import ast
import json
import logging
import sys
from io import StringIO
from pathlib import Path
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table
from rich.text import Text
from typer.testing import CliRunner

import ivr.commands
from ivr import log
from ivr.cli import Commands, app
from ivr.commands.output import as_json_text, show, tell
from ivr.commands.words_only import WordsOnly
from ivr.errors import ContentError, IvrError, Problem, SettingsError
from ivr.printable import JOINERS, printable, printable_line

ANY_TEXT = st.text(st.characters())
"""Lone surrogates are among them."""


def unseen(text: str) -> set[str]:
    """Return what a terminal might act on, besides line breaks."""
    acting = {one for one in text if category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    return acting - {"\n", *JOINERS}


@given(ANY_TEXT)
def test_a_line_stays_one_line_of_words(text: str) -> None:
    shown = printable_line(text)
    assert unseen(shown) == set() and "\n" not in shown
    assert printable_line(shown) == shown
    assert shown.encode().decode() == shown  # it can be printed


@given(st.lists(ANY_TEXT))
def test_only_our_own_line_breaks_are_left(lines: list[str]) -> None:
    shown = printable("\n".join(map(printable_line, lines)))
    assert unseen(shown) == set()
    assert len(shown.split("\n")) == max(len(lines), 1)


@pytest.mark.parametrize(
    "text", ["Zoë’s school, £5 — “no”", "नमस्ते", "دەنگ می\u200cخواهم", "👨\u200d👩\u200d👧", "a\u00a0b"]
)
def test_what_people_write_is_shown_as_they_wrote_it(text: str) -> None:
    assert printable_line(text) == text


@given(st.recursive(ANY_TEXT, lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner)))
def test_json_says_the_same_to_a_machine_and_nothing_to_a_terminal(data: object) -> None:
    text = as_json_text(data)
    assert json.loads(text) == data
    assert unseen(text) == set()


@given(st.lists(ANY_TEXT, min_size=1), st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_commands_print_is_harmless(lines: list[str], sentence: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", printed := StringIO())
        show(lines, lines, as_json=False)
        assert printed.getvalue().count("\n") == len(lines)
        show(lines, lines, as_json=True)
        tell(sentence)
    assert unseen(printed.getvalue()) == set()


@given(ANY_TEXT)
def test_a_table_or_a_transcript_is_harmless_and_brackets_are_no_markup(text: str) -> None:
    console = WordsOnly(file=StringIO(), width=200)
    table = Table("[red]words[/red]")
    table.add_row(text)
    for one in (table, Text(text), text):
        console.print(one)
    assert unseen(console.file.getvalue()) == set()  # type: ignore[attr-defined]
    assert "[red]words[/red]" in console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("error", "printed"),
    [
        (IvrError("no \x1b[31m“a\nb”"), "no \\x1b[31m“a\\nb”\n"),
        (SettingsError("IVR_NUMBER: \x9b\nIVR_NOW: x"), "IVR_NUMBER: \\x9b\nIVR_NOW: x\n"),
        (
            ContentError([Problem("a.yaml", 1, "a\nb"), Problem("b.yaml", 2, "\u202e")]),
            "a.yaml:1: a\\nb\nb.yaml:2: \\u202e\n",
        ),
    ],
)
def test_an_error_that_quotes_what_is_outside_is_harmless(
    error: IvrError, printed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise error

    monkeypatch.setattr("ivr.commands.secret.secret", fails)
    assert CliRunner().invoke(app, ["secret"]).stderr == printed


def test_a_value_that_is_refused_is_harmless() -> None:
    told = CliRunner().invoke(app, ["facts", "--at", "\x1b[2J\u202enoon"], env={"COLUMNS": "300"})
    assert "“\\x1b[2J\\u202enoon” is not a date" in told.stderr
    assert unseen(told.stderr) == set()


@given(ANY_TEXT)
def test_the_log_is_harmless(text: str) -> None:
    record = logging.LogRecord("ivr", logging.INFO, "", 0, "%s", (text,), None)
    assert unseen(log.PlainFormatter(log.FORMAT).format(record)) == set()


def test_nothing_is_printed_but_in_one_place() -> None:
    assert list(Commands())
    for path in Path(ivr.commands.__file__ or "").parent.glob("*.py"):
        names = {ast.unparse(node.func) for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)}
        if path.name not in ("output.py", "console.py"):
            assert names & {"print", "typer.echo", "typer.secho", "Console", "rich.print"} == set(), path
