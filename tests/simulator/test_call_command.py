"""`ivr call`, with the helpline itself at the other end."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from typer.testing import CliRunner

from ivr.cli import app

IN_OUR_HOURS = ("--at", "2026-11-23T10:00")


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["call", *arguments])
    return result.exit_code, result.output


class Typing:
    """Somebody at a terminal: what is printed is read, what is typed is sent."""

    def __init__(self, screen: int) -> None:
        self._screen, self._unread = screen, ""

    def expect(self, words: str) -> None:
        """Read on until the words have been printed."""
        while words not in self._unread:
            printed = os.read(self._screen, 4096)
            assert printed, self._unread
            self._unread += printed.decode(errors="replace")
        self._unread = self._unread.partition(words)[2]

    def send(self, line: str) -> None:
        """Type a line, and Enter."""
        os.write(self._screen, f"{line}\n".encode())


@contextmanager
def terminal(*arguments: str) -> Iterator[Typing]:
    """Run a command in a terminal of its own."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "ivr", *arguments]
    environment = {**os.environ, "COLUMNS": "200"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as running:
        os.close(theirs)
        try:
            yield Typing(ours)
            assert running.wait() == 0
        finally:
            running.kill()
            os.close(ours)


def recorded(*arguments: str) -> dict[str, Any]:
    code, output = run(*arguments, "--json")
    assert code == 0, output
    record: dict[str, Any] = json.loads(output)
    return record


def test_a_call_is_printed_and_summed_up() -> None:
    code, output = run("--keys", "0,w30", *IN_OUR_HOURS)
    assert code == 0
    assert "No adviser is set (IVR_ADVISERS): +447700900001 and +447700900002" in output
    assert "+447700900001 is connected" in output
    assert "s of speech heard in a call of" in output
    assert "Rung: +447700900001, which saw +441632960000." in output


@pytest.mark.parametrize("adviser", ["accepts", "talks"])
def test_the_call_goes_on_until_the_adviser_has_talked(adviser: str) -> None:
    record = recorded("--keys", "0", "--adviser", adviser, *IN_OUR_HOURS)
    said = [entry["text"] for entry in record["transcript"] if entry["who"] != "helpline"]
    [first, *_] = [ring["number"] for ring in record["dialled"]]
    order = [f"{first} answers", "presses 1", f"{first} is connected", f"{first} hangs up", "the caller hangs up"]
    assert [one for one in said if one in order] == order
    assert record["seconds"] > 60


@pytest.mark.parametrize(
    ("adviser", "told"),
    [
        ("declines", "presses 2"),
        ("busy", "busy"),
        ("no_answer", "no-answer"),
        ("ignores", "no-answer"),
        ("failed", "failed"),
        ("mailbox", "I cannot take your call"),
        ("hangs_up_on_screen", "answers"),
    ],
)
def test_the_call_goes_on_until_every_adviser_has_had_their_turn(adviser: str, told: str) -> None:
    record = recorded("--keys", "0", "--adviser", adviser, *IN_OUR_HOURS)
    texts = [entry["text"] for entry in record["transcript"]]
    assert [ring["number"] for ring in record["dialled"]] == ["+447700900001", "+447700900002"]
    assert sum(told in text for text in texts) == 2
    assert record["connected"] == []
    assert any("do not wait for us" in text for text in texts), texts


def test_h_hangs_up_on_those_who_are_being_rung() -> None:
    record = recorded("--keys", "0,h", *IN_OUR_HOURS)
    assert [entry["text"] for entry in record["transcript"]][-1] == "+447700900001 is rung no more"


def test_keys_from_a_pipe_wait_for_the_adviser_too() -> None:
    result = CliRunner().invoke(app, ["call", "--adviser", "accepts", *IN_OUR_HOURS], input="0\n")
    assert "+447700900001: presses 1" in result.output
    assert "+447700900001 hangs up" in result.output


def test_a_person_at_a_terminal_answers_for_the_adviser() -> None:
    """Enter alone lets them act; the call is the person's to end."""
    with terminal("call", *IN_OUR_HOURS) as typing:
        for asked, typed in (("Keys,", "0"), ("rings. accept", "accept"), ("Keys,", ""), ("Keys,", "")):
            typing.expect(asked)
            typing.send(typed)
        typing.expect("is connected")
        typing.expect("Keys,")
        typing.send("h")
        typing.expect("the caller hangs up")


def test_a_call_can_be_read_by_a_machine() -> None:
    record = recorded("--keys", "0,w60", "--adviser", "mailbox", "--from", "withheld", *IN_OUR_HOURS)
    assert [ring["number"] for ring in record["dialled"]] == ["+447700900001", "+447700900002"]
    assert record["failed"] is None
    assert not record["failures"]
    assert record["seconds"] > record["heard_seconds"] > 0
    assert record["transcript"][0] == {"at": 0.0, "who": "caller", "text": "dials", "ear": "caller", "seconds": 0.0}


def test_the_advisers_that_are_set_are_rung(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVR_ADVISERS", "+447700900055")
    monkeypatch.setenv("IVR_CALLER_ID", "+441632960055")
    assert recorded("--keys", "0", *IN_OUR_HOURS)["dialled"] == [{"number": "+447700900055", "shown": "+441632960055"}]


def test_silences_and_hanging_up_are_keys_too() -> None:
    done = [entry["text"] for entry in recorded("--keys", "w,,h")["transcript"] if entry["who"] != "helpline"]
    assert done == ["dials", "stays silent", "stays silent", "the caller hangs up"]


@pytest.mark.parametrize(
    "arguments", [("--keys", "1,x"), ("--adviser", "asleep"), ("--at", "noon"), ("--from", "07700 90")]
)
def test_what_cannot_be_understood_is_said(arguments: tuple[str, str]) -> None:
    assert run(*arguments)[0] == 2
