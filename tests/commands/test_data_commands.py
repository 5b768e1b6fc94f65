"""`ivr migrate`, `purge`, `erase` and `export`, on both databases."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ivr.cli import app
from ivr.store import provider_resources, sms_inbox
from ivr.store.database import Store
from ivr.store.schema_version import SCHEMAS
from tests.commands.conftest import set_up
from tests.store import postgres
from tests.store.conftest import SECRETS
from tests.store.fixtures import BODY, NOW, PARENT, claim_texts, enqueue_text


def ivr(*arguments: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(app, arguments, input=answer)


def in_days(monkeypatch: pytest.MonkeyPatch, days: float) -> None:
    """Let a helpline that is in daily use go on to a later day."""
    later = NOW + timedelta(days=days)
    monkeypatch.setenv("IVR_NOW", later.isoformat())
    assert ivr("clock", "--accept", "--yes").exit_code == 0


def audited() -> list[str]:
    """Return what the audit log says of personal data, the oldest first."""
    log = json.loads(ivr("rota", "log", "--json").stdout)
    return [entry["what"] for entry in reversed(log) if "clock" not in entry["what"]]


def with_a_caller(url: str) -> None:
    """A text that is waiting, one that came in, and something at the provider."""

    async def write() -> None:
        async with Store(url, SECRETS, 30) as store:
            await enqueue_text(store)
            async with store.begin() as db:
                await sms_inbox.receive(db, store.cipher, "SM1", PARENT, BODY, NOW - timedelta(days=31))
                await provider_resources.add(db, "message", "SM2", store.cipher.blind_index(PARENT), NOW)

    asyncio.run(write())


def test_migrate_makes_the_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for url in (f"sqlite:///{tmp_path}/new.db", postgres.start().new_database()):
        set_up(monkeypatch, tmp_path, url)
        before, after = (json.loads(ivr("migrate", "--json").stdout) for _ in range(2))
        assert before == {"before": None, "after": SCHEMAS[-1]}
        assert after == {"before": SCHEMAS[-1], "after": SCHEMAS[-1]}
        assert ivr("migrate").stdout == "The tables are up to date.\n"
        assert ivr("export", PARENT, "--yes").exit_code == 0


def test_purge_marks_first_and_deletes_two_days_later(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with_a_caller(url)
    assert "     0 of sms_inbox deleted, 1 marked" in ivr("purge").stdout
    in_days(monkeypatch, 1.9)
    assert "     0 of sms_inbox deleted, 1 marked" in ivr("purge").stdout
    in_days(monkeypatch, 2)
    gone = json.loads(ivr("purge", "--yes", "--json").stdout)
    assert {table for table, rows in gone["deleted"].items() if rows} == {"sms_inbox", "idempotency_keys"}
    assert "     0 of sms_inbox deleted, 0 marked" in ivr("purge").stdout
    assert audited()[2].startswith("purge: deleted 1 of sms_inbox, 1 of idempotency_keys, marked ")


def test_purge_shows_what_it_deletes_and_asks(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with_a_caller(url)
    ivr("purge")
    in_days(monkeypatch, 2)
    for answer in ("n\n", None):
        result = ivr("purge", answer=answer)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "Delete for good: 1 of sms_inbox, 1 of idempotency_keys?" in result.stderr
    assert "     1 of sms_inbox deleted" in ivr("purge", answer="y\n").stdout


def test_what_purge_has_marked_can_be_taken_back(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with_a_caller(url)
    ivr("purge")
    assert ivr("purge", "--take-back").exit_code == 1, "it asks"
    assert json.loads(ivr("purge", "--take-back", "--yes", "--json").stdout) == {"rounds": 1}
    in_days(monkeypatch, 2)
    assert "     0 of sms_inbox deleted, 1 marked" in ivr("purge", "--yes").stdout
    assert audited()[1] == "purge: every mark taken back"


@pytest.mark.parametrize("days", [20, 2, -1])
def test_purge_refuses_by_a_clock_that_cannot_be_believed(
    url: str, days: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_a_caller(url)
    ivr("purge")
    monkeypatch.setenv("IVR_NOW", (NOW + timedelta(days=days)).isoformat())
    result = ivr("purge", "--yes")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "The clock of this machine cannot be believed: the database last saw 2026-11-23T10:00" in result.stderr
    assert len(audited()) == 1, "nothing was marked either"


def test_inbox_shows_staff_the_texts_that_came_in(url: str) -> None:
    assert "No texts have come in." in ivr("inbox").stdout
    with_a_caller(url)
    assert f"{PARENT}: {BODY}" in ivr("inbox", "--limit", "1").stdout
    [text] = json.loads(ivr("inbox", "--json").stdout)
    assert (text["number"], text["body"], text["answered"]) == (PARENT, BODY, True)


def test_export_shows_all_that_is_kept(url: str) -> None:
    with_a_caller(url)
    shown = json.loads(ivr("export", "+44 7700 900123", "--yes").stdout)
    assert shown["number"] == PARENT
    assert [text["body"] for text in shown["texts"] + shown["inbox"]] == [BODY, BODY]
    assert [one["sid"] for one in shown["at_the_provider"]] == ["SM2"]


def test_an_export_into_a_file_can_be_read_by_its_owner_alone(url: str, tmp_path: Path) -> None:
    with_a_caller(url)
    file = tmp_path / "theirs" / "data.json"
    assert json.loads(ivr("export", PARENT, "--yes", "--out", str(file)).stdout) == {"file": str(file)}
    assert json.loads(file.read_text("utf-8"))["number"] == PARENT
    assert [one.stat().st_mode & 0o777 for one in (file, file.parent)] == [0o600, 0o700]


def test_erase_leaves_nothing_and_says_what_the_provider_still_has(url: str) -> None:
    with_a_caller(url)
    said = ivr("erase", PARENT, answer="y\n").stdout
    assert "     1 of texts\n" in said
    assert "     1 still at the provider" in said
    assert "message SM2\n" in said
    left: dict[str, Any] = json.loads(ivr("export", PARENT, "--yes").stdout)
    assert (left["texts"], left["reminders"], left["inbox"]) == ([], [], [])
    again = json.loads(ivr("erase", PARENT, "--yes", "--json").stdout)
    assert again["erased"] == dict.fromkeys(
        ["texts", "reminders", "inbox", "callbacks", "messages", "adviser_calls", "notes"], 0
    )
    assert [one["sid"] for one in again["at_the_provider"]] == ["SM2"]


def test_erase_and_export_ask_before_they_act_and_do_nothing_without_a_yes(url: str) -> None:
    with_a_caller(url)
    for command, asked in (("erase", "1 of texts, 1 of inbox"), ("export", "whoever asks has this telephone")):
        for answer in ("n\n", None):
            result = ivr(command, PARENT, answer=answer)
            assert (result.exit_code, result.stdout) == (1, "")
            assert asked in result.stderr
            assert "Nothing was done" in result.stderr
            assert PARENT[3:] not in result.stderr
    assert audited() == []
    assert len(json.loads(ivr("export", PARENT, "--yes").stdout)["texts"]) == 1


def test_who_erased_and_exported_is_in_the_audit_log_without_the_number(url: str) -> None:
    with_a_caller(url)
    ivr("export", PARENT, "--yes", "--by", "Sam")
    ivr("erase", PARENT, "--yes", "--by", "Pat")
    log = json.loads(ivr("rota", "log", "--json").stdout)
    assert [(entry["who"], entry["what"]) for entry in log] == [
        ("Pat", "all that is kept of a number: erased (1 of texts, 1 of inbox)"),
        ("Sam", "all that is kept of a number: exported"),
    ]


def test_what_is_erased_is_not_sent(url: str) -> None:
    with_a_caller(url)
    ivr("erase", PARENT, "--yes")

    async def due() -> int:
        async with Store(url, SECRETS, 30) as store:
            return len(await claim_texts(store))

    assert asyncio.run(due()) == 0


@pytest.mark.parametrize("command", ["erase", "export"])
@pytest.mark.parametrize(
    "words", [["07700 900123"], ["07700", "900123"], ["+44", "(0)7700", "900", "123"], ["0044\u00a07700\u00a0900-123"]]
)
def test_a_number_is_taken_as_people_write_it(url: str, command: str, words: list[str]) -> None:
    with_a_caller(url)
    result = ivr(command, *words, "--yes", "--json")
    assert (result.exit_code, [one["sid"] for one in json.loads(result.stdout)["at_the_provider"]]) == (0, ["SM2"])


@pytest.mark.parametrize("command", ["erase", "export"])
@pytest.mark.parametrize("number", ["07700 90012", "7700900123", "withheld", "", "+4477009001234567890", "+44"])
def test_what_is_no_number_is_refused_and_not_repeated(command: str, number: str) -> None:
    result = ivr(command, number)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "Write a telephone number such as 07700 900001 or +44 7700 900001.\n"
