"""What `ivr serve` and `ivr worker` say at start, and with what settings they start."""

import logging
from pathlib import Path

import pytest
from starlette.applications import Starlette
from typer.testing import CliRunner, Result

from ivr import log
from ivr.cli import app
from ivr.commands.start_summary import FirstLook, start_summary, worker_line
from ivr.config import CONTENT, Settings
from ivr.loader import load
from ivr.simulator.twilio_api.account import SENDER
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.store.schema_version import create_tables
from tests.conftest import Output

WHOLE = {
    "IVR_PUBLIC_URL": "https://helpline.example",
    "TWILIO_AUTH_TOKEN": "token-of-the-account",
    "IVR_SECRET_KEY": "q" * 42 + "0",
    "IVR_CALLER_ID": "+44 1632 960000",
    "IVR_ADVISERS": "+44 7700 900001",
    "PORT": "0",
}
ACCOUNT = {"account_sid": ACCOUNT_SID, "auth_token": "token", "caller_id": "+441632960000"}


@pytest.fixture
def serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Starlette]:
    """What is served: the command returns once it has built the application."""
    monkeypatch.chdir(tmp_path)
    for name, value in (WHOLE | {"DATABASE_URL": f"sqlite:///{tmp_path}/helpline.db"}).items():
        monkeypatch.setenv(name, value)
    built: list[Starlette] = []
    monkeypatch.setattr("ivr.web.server.run", lambda build, *where, **how: built.append(build()))
    monkeypatch.setattr(log, "begin", lambda format: None)
    return built


def serve(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["serve", *arguments])


def test_the_log_tells_what_is_on_and_off_a_line_for_each(
    serves: list[Starlette], caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    create_tables(f"sqlite:///{tmp_path}/helpline.db")
    caplog.set_level(logging.INFO, "ivr")
    assert serve().exit_code == 0
    assert all("\n" not in line for line in caplog.messages)
    told = caplog.messages
    assert any(line.endswith(" starts") for line in told)
    told = [line.strip() for line in told]
    assert f"content: {CONTENT} (the program's own)" in told
    assert any(line.startswith("content version ") and "facts" in line for line in told)
    assert "advisers: 1 of IVR_ADVISERS, as nobody is on the rota" in told
    assert "texts: off (TWILIO_ACCOUNT_SID, IVR_SMS_FROM not set)" in told
    assert "recordings: off (TWILIO_ACCOUNT_SID not set)" in told
    assert "worker: has nothing to do (TWILIO_ACCOUNT_SID not set)" in told
    assert "signatures: checked" in told


def test_several_processes_tell_it_once(serves: list[Starlette], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "ivr")
    assert serve("--processes", "2").exit_code == 0
    assert len([one for one in caplog.records if " starts" in one.getMessage()]) == 1


def test_nothing_secret_and_no_number_is_told(serves: list[Starlette], output: Output) -> None:
    serve()
    told = output()
    assert " starts" in told
    for secret in (WHOLE["TWILIO_AUTH_TOKEN"], WHOLE["IVR_SECRET_KEY"], "7700900001", "7700 900001", "1632 960000"):
        assert secret not in told


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("IVR_ADVISERS", "07700 900001,0906 701 0000", "IVR_ADVISERS: number 2 of 2"),
        ("IVR_ADVISORS", "07700 900001", "did you mean IVR_ADVISERS?"),
        ("IVR_TEXTS_PER_HOUR", "many", "IVR_TEXTS_PER_HOUR: "),
    ],
)
def test_a_setting_that_is_wrong_stops_no_calls_and_is_told(
    serves: list[Starlette], monkeypatch: pytest.MonkeyPatch, output: Output, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    assert serve().exit_code == 0
    assert len(serves) == 1
    assert told in output()


def test_a_database_that_cannot_be_read_is_no_reason_to_be_silent_about_the_rest(
    serves: list[Starlette], output: Output
) -> None:
    serve()
    told = output()
    assert "run `ivr migrate`" in told
    assert "advisers: 1 of IVR_ADVISERS, until the rota can be read" in told


# The summary itself.


def summary(**settings: object) -> str:
    chosen = Settings.model_validate({"dev": True, **settings})
    return start_summary(chosen, CONTENT, load(), FirstLook("2 on the rota"), worker_line(chosen, inside=True))


def test_a_helpline_that_has_everything_misses_nothing() -> None:
    lines = summary(**ACCOUNT, sms_from=SENDER).splitlines()
    for line in ("texts: on", "calls to advisers: from the queue", "recordings: on", "calls back: on"):
        assert f"  {line}" in lines
    assert "  worker: in this process" in lines
    assert "  advisers: 2 on the rota" in lines


def test_what_is_missing_for_what_is_off_is_named() -> None:
    told = summary()
    assert "texts: off (TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, IVR_SMS_FROM not set)" in told
    assert "from the caller's own call, one after another (TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN not set" in told
    assert "signatures: off (IVR_DEV)" in told


def test_a_worker_that_is_elsewhere_is_asked_for() -> None:
    settings = Settings.model_validate(ACCOUNT | {"dev": True})
    assert worker_line(settings, inside=False) == "not in this process (start `ivr worker`)"


def test_hours_that_are_a_guess_are_told_at_start() -> None:
    guessed = load().ours
    assert guessed and guessed.sure == "K", "the charity has confirmed them: take other content here"
    assert "the opening hours in flows/hours.yaml are a guess" in summary()


# Commands for staff, while the helpline runs with the same settings.


@pytest.mark.parametrize(
    "words", [["rota"], ["callbacks"], ["messages"], ["inbox"], ["rota", "add", "Jo", "07700 900002"]]
)
def test_a_setting_that_is_wrong_keeps_no_staff_from_callers(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    create_tables(url := f"sqlite:///{tmp_path}/helpline.db")
    for name, value in (WHOLE | {"DATABASE_URL": url, "IVR_ADVISERS": "x", "IVR_TEXTS_PER_HOUR": "many"}).items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
