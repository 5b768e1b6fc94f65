"""`ivr alerts` lists what is wrong and who was told of it, and mutes it; `ivr accounts alerts` sets how."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ivr.cli import app
from ivr.helpline.alert_lines import AlertLine
from ivr.store import accounts, alert_messages, alerts
from ivr.store.accounts import Channel
from ivr.store.alerts import Problem
from ivr.store.database import Store
from tests.commands.conftest import set_up
from tests.store.conftest import SECRETS, sqlite_url

NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)


def ivr(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.fixture(autouse=True)
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    set_up(monkeypatch, tmp_path, sqlite_url(tmp_path))
    monkeypatch.setenv("IVR_NOW", NOW.isoformat())
    ivr("accounts", "add", "Ada", "ada@helpline.example", "--role", "administrator")
    return f"sqlite:///{tmp_path / 'kept.db'}"


def a_gap(url: str) -> None:
    async def record() -> None:
        async with Store(url, SECRETS, 30) as store, store.begin() as db:
            gap = Problem("rota", urgent=True, says="nobody is on shift", mend="`ivr rota shift`")
            await alerts.record(db, [gap], ["rota"], NOW)
            [ada] = await accounts.read(db, store.cipher)
            await alert_messages.add_told(db, store.cipher, ada, [AlertLine("x")], ["rota"], NOW, Channel.email)

    asyncio.run(record())


def test_without_a_worker_nobody_has_looked(url: str) -> None:
    assert ivr("alerts").stdout == "No worker has looked over this helpline yet: `ivr worker`, or `ivr serve`, does.\n"


def test_what_is_wrong_is_listed_with_who_was_told_when(url: str) -> None:
    a_gap(url)
    assert ivr("alerts").stdout.splitlines() == [
        "urgent  rota: nobody is on shift",
        "        since Tue 01 Dec 2026 10:00: `ivr rota shift`",
        "        told: Ada Tue 01 Dec 2026 10:00 by email (sent)",
    ]
    [one] = json.loads(ivr("alerts", "--json").stdout)
    assert (one["name"], one["urgent"], one["told"][0]["who"]) == ("rota", True, "Ada")


def test_it_is_muted_for_a_while_and_that_is_in_the_audit_log(url: str) -> None:
    a_gap(url)
    muted = ivr("alerts", "mute", "rota", "--until", "15:00", "--by", "Sam")
    assert "muted until Tue 01 Dec 2026 15:00 by Sam (shell)" in muted.stdout
    assert "muted until" in ivr("alerts").stdout
    assert "alert rota: muted until 2026-12-01 15:00 UTC" in ivr("audit").stdout
    assert "muted until" not in ivr("alerts", "unmute", "rota").stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["worker", "--until", "15:00"], "There is no alert “worker”; those there are: rota."),
        (["rota", "--until", "24/12/2027"], "Mute it until a moment to come, 31 days ahead at most."),
        (["rota", "--until", "01/11/2026"], "Mute it until a moment to come, 31 days ahead at most."),
    ],
)
def test_what_cannot_be_muted_is_told(url: str, words: list[str], says: str) -> None:
    a_gap(url)
    result = ivr("alerts", "mute", *words)
    assert result.exit_code in (1, 2)
    assert says in result.stderr


def test_how_somebody_is_told_is_set_and_shown() -> None:
    assert "alerts by email" in ivr("accounts", "alerts", "Ada", "email").stdout
    assert json.loads(ivr("accounts", "--json").stdout)[0]["alerts_by"] == "email"
    refused = ivr("accounts", "alerts", "Ada", "text")
    assert (refused.exit_code, "Ada has no mobile to be texted at: set it first." in refused.stderr) == (2, True)
    assert "no alerts" in ivr("accounts", "alerts", "Ada", "none").stdout
