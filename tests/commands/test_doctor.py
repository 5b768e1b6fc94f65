"""`ivr doctor`: what a person and a machine read of it, and its exit codes."""

import json

import pytest
from typer.testing import CliRunner, Result

from ivr.cli import app
from ivr.config import CONTENT
from ivr.doctor.checks import NAMES

SECRET = "q" * 42 + "0"
WHOLE = {
    "IVR_PUBLIC_URL": "https://helpline.example",
    "TWILIO_AUTH_TOKEN": "token-of-the-account",
    "IVR_SECRET_KEY": SECRET,
    "IVR_CALLER_ID": "+44 1632 960000",
    "IVR_ADVISERS": "+44 7700 900001",
}


def doctor(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["doctor", *arguments])


@pytest.fixture
def whole(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings without a fault, of a helpline that is not in development."""
    monkeypatch.delenv("IVR_DEV")
    monkeypatch.delenv("IVR_NOW")
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("whole")
def test_settings_without_a_fault_let_a_release_begin() -> None:
    result = doctor("settings")
    assert (result.exit_code, result.stdout) == (0, "ok       settings\n")


@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("IVR_ADVISORS", "07700 900001"),
        ("IVR_ADVISERS", "07700 90000"),
        ("IVR_TEXTS_PER_HOUR", "many"),
        ("IVR_CALLER_ID", ""),
        ("DATABASE_URL", "mysql://ivr:hunter2@localhost/ivr"),
        ("IVR_SECRET_KEY", "hunter2"),
    ],
)
def test_a_setting_that_is_wrong_stops_a_release(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    result = doctor("settings")
    assert result.exit_code == 1
    error, mend = result.stdout.splitlines()
    assert error.startswith(f"error    settings: {name}")
    assert mend.strip().startswith("mend: ")
    assert "hunter2" not in result.output


@pytest.mark.usefixtures("whole")
def test_without_the_settings_nothing_else_can_be_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVR_SECRET_KEY", "short")
    result = doctor("--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)["findings"]
    assert [(one["check"], one["severity"]) for one in found] == [
        ("settings", "error"),
        *((name, "skipped") for name in NAMES if name != "settings"),
    ]


@pytest.mark.usefixtures("url")
def test_what_a_machine_reads_names_the_content_the_checks_and_each_mend() -> None:
    result = doctor("database", "worker", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "content": str(CONTENT),
        "checks": ["database", "worker"],
        "findings": [
            {
                "severity": "skipped",
                "says": "no worker has anything to do",
                "mend": "TWILIO_ACCOUNT_SID turns on texts and calls to advisers",
                "check": "worker",
                "amount": 1,
            }
        ],
    }


@pytest.mark.usefixtures("url")
def test_a_check_that_there_is_not_is_asked_for_wrongly() -> None:
    result = doctor("everything")
    assert result.exit_code == 2
    assert "is not a check" in result.stderr


@pytest.mark.usefixtures("url")
def test_every_check_is_made_where_none_is_named() -> None:
    result = doctor()
    for name in NAMES:
        assert f" {name}" in result.stdout
    assert "mend: " in result.stdout
