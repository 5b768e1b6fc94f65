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


def ivr(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


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
        assert ivr("export", PARENT).exit_code == 0


def test_purge_deletes_what_has_been_kept_long_enough(url: str) -> None:
    with_a_caller(url)
    gone = json.loads(ivr("purge", "--json").stdout)
    assert {table for table, rows in gone.items() if rows} == {"sms_inbox", "idempotency_keys"}
    assert "     0 of sms_inbox" in ivr("purge").stdout


def test_inbox_shows_staff_the_texts_that_came_in(url: str) -> None:
    assert "No texts have come in." in ivr("inbox").stdout
    with_a_caller(url)
    assert f"{PARENT}: {BODY}" in ivr("inbox", "--limit", "1").stdout
    [text] = json.loads(ivr("inbox", "--json").stdout)
    assert (text["number"], text["body"], text["answered"]) == (PARENT, BODY, True)


def test_export_shows_all_that_is_kept(url: str) -> None:
    with_a_caller(url)
    shown = json.loads(ivr("export", "+44 7700 900123").stdout)
    assert shown["number"] == PARENT
    assert [text["body"] for text in shown["texts"] + shown["inbox"]] == [BODY, BODY]
    assert [one["sid"] for one in shown["at_the_provider"]] == ["SM2"]


def test_erase_leaves_nothing_and_says_what_the_provider_still_has(url: str) -> None:
    with_a_caller(url)
    said = ivr("erase", PARENT).stdout
    assert "     1 of texts\n" in said
    assert "     1 still at the provider" in said
    assert "message SM2\n" in said
    left: dict[str, Any] = json.loads(ivr("export", PARENT).stdout)
    assert (left["texts"], left["reminders"], left["inbox"]) == ([], [], [])
    again = json.loads(ivr("erase", PARENT, "--json").stdout)
    assert again["erased"] == dict.fromkeys(["texts", "reminders", "inbox", "callbacks", "messages"], 0)
    assert [one["sid"] for one in again["at_the_provider"]] == ["SM2"]


def test_what_is_erased_is_not_sent(url: str) -> None:
    with_a_caller(url)
    ivr("erase", PARENT)

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
    result = ivr(command, *words, "--json")
    assert (result.exit_code, [one["sid"] for one in json.loads(result.stdout)["at_the_provider"]]) == (0, ["SM2"])


@pytest.mark.parametrize("command", ["erase", "export"])
@pytest.mark.parametrize("number", ["07700 90012", "7700900123", "withheld", "", "+4477009001234567890", "+44"])
def test_what_is_no_number_is_refused_and_not_repeated(command: str, number: str) -> None:
    result = ivr(command, number)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "Write a telephone number such as 07700 900001 or +44 7700 900001.\n"
