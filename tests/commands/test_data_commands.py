"""`ivr migrate`, `purge`, `erase` and `export`, on both databases."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from ivr.commands.erase import erase
from ivr.commands.export import export
from ivr.commands.inbox import inbox as show_inbox
from ivr.commands.migrate import migrate
from ivr.commands.purge import purge
from ivr.store import provider_resources, sms_inbox
from ivr.store.database import Store
from tests.commands.conftest import set_up
from tests.store import postgres
from tests.store.conftest import SECRETS
from tests.store.fixtures import BODY, NOW, PARENT, claim_texts, enqueue_text

COMMANDS: tuple[Callable[..., None], ...] = (migrate, purge, erase, export, show_inbox)


def ivr(*arguments: str) -> Result:
    app = typer.Typer(rich_markup_mode=None)
    for command in COMMANDS:
        app.command()(command)
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
@pytest.mark.parametrize("number", ["07700900123", "withheld", "", "+4477009001234567890"])
def test_a_number_is_written_with_its_country(command: str, number: str) -> None:
    result = ivr(command, number)
    assert result.exit_code == 2
    assert "+447700900123" in result.stderr
