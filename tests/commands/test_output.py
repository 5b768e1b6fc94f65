"""What machines read is the same in every command; what people are told of the content goes beside it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ivr.cli import app
from ivr.config import CONTENT, EXAMPLE
from tests.commands.conftest import set_up
from tests.commands.every_command import with_option
from tests.store.conftest import sqlite_url

AT = ("--at", "2026-12-01")
NEEDS = {
    "call": ["--keys", "h", *AT],
    "deadline": ["14/10/2026", *AT],
    "facts": [*AT],
    "check": ["--no-voice", *AT],
    "doctor": ["database", "worker", "rota"],
    "accounts alerts": ["Ann", "email"],
    "new": ["there"],
    "demo": ["there", "--no-voice", "--folder", str(EXAMPLE), *AT],  # the smaller one
    "backup": ["there.db"],
    "erase": ["07700 900001", "--yes"],
    "export": ["07700 900001", "--yes"],
    "rota add": ["Lee", "07700 900002"],
    "rota remove": ["Jo"],
    "rota shift": ["Jo", "mon", "off"],
    "rota always": ["Jo"],
    "rota change": ["Jo", "24/12/2026", "off"],
    "rota away": ["Jo"],
    "rota back": ["Jo"],
    "rota first": ["Jo"],
    "rota free": ["Jo", "--yes"],
    "rota number": ["Jo", "07700 900002"],
    "rota absent": ["Jo", "24/12/2026"],
    "complaints add": ["You texted my old number."],
    "optouts show": ["07700 900001"],
    "optouts add": ["07700 900001"],
    "optouts lift": ["07700 900001", "--yes"],
    "caller show": ["07700 900001"],
    "blocks add": ["07700 900123", "--until", "a week", "--why", "Threatened Jo.", "--yes"],
    "emergency set": ["The council's offices are closed today."],
    "hours set": ["mon-fri", "09:00-17:00"],
    "holidays add": ["2027-05-10", "the coronation"],
    "accounts add": ["Lee", "lee@helpline.example"],
    "accounts role": ["Ann", "manager"],
    "accounts rename": ["Ann", "Anna"],
    "accounts adviser": ["Ann", "Jo"],
    "accounts leave": ["Ann"],
    "accounts rejoin": ["Max"],
    "accounts reset": ["Ann"],
    "accounts sessions": ["Ann"],
    "accounts passkeys": ["Ann"],
    "accounts mobile": ["Ann"],
    "accounts end-sessions": ["Ann"],
    "closures add": ["--all-day", "24/12/2026", "--reason", "training"],
}
"""What a command is given, to do something."""
WITH_AN_ID = {
    "callbacks",
    "messages",
    "inbox",
    "texts retry",
    "complaints show",
    "complaints acknowledge",
    "complaints amend",
    "complaints note",
    "complaints close",
    "complaints reopen",
    "rota confirm",
    "rota test-ring",
    "rota present",
    "rota swap",
    "rota cover",
    "closures remove",
    "blocks end",
    "alerts mute",
    "alerts unmute",
    "accounts remove-passkey",
    "accounts forget-sso",
    "hours remove",
    "holidays confirm",
    "holidays remove",
    "restore",
    "twilio",
    "canary",
}
"""Their other tests show what they print of what must be there first, such as a message, a shift or a complaint."""
JSON = [
    " ".join(words)
    for words in with_option("--json")
    if words[-1] == "list" or not {words[0], " ".join(words)} & WITH_AN_ID
]


@pytest.fixture(autouse=True)
def somebody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database with an adviser and two accounts in it, one of somebody who has left."""
    set_up(monkeypatch, tmp_path, sqlite_url(tmp_path))
    monkeypatch.setenv("IVR_NOW", "2026-12-01T10:00:00+00:00")  # when every fact of the content has been checked
    ivr("rota", "add", "Jo", "07700 900001")
    for name in ("Ann", "Max"):
        ivr("accounts", "add", name, f"{name}@helpline.example")
    ivr("accounts", "leave", "Max")


def ivr(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.mark.parametrize("words", JSON)
def test_json_is_written_alike(words: str) -> None:
    result = ivr(*words.split(), *NEEDS.get(words, []), "--json")
    assert result.exit_code == 0, result.output
    assert result.stdout == json.dumps(json.loads(result.stdout), indent=2, ensure_ascii=False) + "\n"


def told(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    monkeypatch.chdir(folder)
    result = ivr("facts", "--json", *arguments)
    assert json.loads(result.stdout)
    return result.stderr


def test_content_from_elsewhere_is_told_beside_the_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(tmp_path, monkeypatch) == f"content: {CONTENT} (the program's own)\n"
    monkeypatch.setenv("IVR_CONTENT", str(EXAMPLE))
    assert told(tmp_path, monkeypatch) == f"content: {EXAMPLE} (IVR_CONTENT)\n"


def test_flows_in_the_current_folder_that_are_not_read_are_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    not_read = f"flows/ and prompts/ of {EXAMPLE} are not read: --folder . reads them"
    assert told(EXAMPLE, monkeypatch) == f"content: {CONTENT} (the program's own); {not_read}\n"


def test_content_that_was_asked_for_or_is_here_is_not_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(CONTENT, monkeypatch) == ""
    assert told(EXAMPLE, monkeypatch, "--folder", ".") == ""
    monkeypatch.setenv("IVR_CONTENT", ".")
    assert told(EXAMPLE, monkeypatch) == ""
