"""`ivr call`, with the helpline itself at the other end."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from ivr.cli import app

IN_OUR_HOURS = ("--at", "2026-11-23T10:00")


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["call", *arguments])
    return result.exit_code, result.output


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
