"""One row that is sealed with a lost secret is named in each list, and hides none of the others."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import Table, insert
from typer.testing import CliRunner, Result

from ivr.cli import app
from ivr.store import rota, sms_inbox
from ivr.store.audit import By
from ivr.store.cipher import UNREADABLE
from ivr.store.database import Store
from ivr.store.tables import advisers, callbacks, sms_outbox, voicemails
from ivr.store.tables import sms_inbox as inbox_table
from tests.store.conftest import SECRETS
from tests.store.fixtures import BODY, NOW, OTHER, PARENT, enqueue_text, lose_secret, request_callback

Put = Callable[[Store, str], Awaitable[object]]


def ivr(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "300"})


async def put_adviser(store: Store, number: str) -> None:
    async with store.begin() as db:
        await rota.add(db, store.cipher, f"Jo {number[-3:]}", number, By("Sam", NOW))


async def put_text(store: Store, number: str) -> None:
    async with store.begin() as db:
        await sms_inbox.receive(db, store.cipher, f"SM{number}", number, BODY, NOW)


async def put_message(store: Store, number: str) -> None:
    about = {"call": b"call", "topic": "", "state": "sent", "began": NOW, "changed": NOW, "recording": "RE1"}
    async with store.begin() as db:
        await db.execute(
            insert(voicemails).values(id=f"m{number[-3:]}", **store.cipher.encrypt_number(number), **about)
        )


async def put_callback(store: Store, number: str) -> None:
    await request_callback(store, number, number)


LISTS: dict[str, tuple[Table, Put]] = {
    "rota": (advisers, put_adviser),
    "inbox": (inbox_table, put_text),
    "messages": (voicemails, put_message),
    "callbacks": (callbacks, put_callback),
}


async def two(url: str, table: Table, put: Put) -> None:
    """The first of two rows is sealed with a secret that nobody has any more."""
    async with Store(url, SECRETS, 30) as store:
        await put(store, PARENT)
        await lose_secret(store, table)
        await put(store, OTHER)


@pytest.mark.parametrize("name", LISTS)
def test_one_that_cannot_be_read_is_named_and_hides_no_other(url: str, name: str) -> None:
    asyncio.run(two(url, *LISTS[name]))
    shown = ivr(name)
    assert shown.exit_code == 0
    assert shown.stdout.count(f"({UNREADABLE})") == 1
    assert OTHER[-3:] in shown.stdout
    listed = json.loads(ivr(name, "--json").stdout)
    assert sorted([one["number"] or "" for one in listed]) == ["", OTHER]


def test_an_export_tells_of_a_text_that_cannot_be_read_and_of_the_others(url: str) -> None:
    async def texts(store: Store, number: str) -> None:
        await enqueue_text(store, number)

    asyncio.run(two(url, sms_outbox, texts))
    bodies = {text["body"] for text in json.loads(ivr("export", PARENT, "--yes").stdout)["texts"]}
    assert bodies == {f"({UNREADABLE})", BODY}


def test_an_adviser_whose_number_cannot_be_read_is_not_rung_and_the_others_are(url: str) -> None:
    asyncio.run(two(url, advisers, put_adviser))
    assert ivr("rota", "who").stdout == f"Jo {OTHER[-3:]}\n"
    refused = ivr("callbacks", "ring", "none", "--as", f"Jo {PARENT[-3:]}")
    assert refused.exit_code == 1


def test_the_sound_of_a_message_that_cannot_be_read_is_told_in_a_sentence(url: str) -> None:
    asyncio.run(two(url, voicemails, put_message))
    refused = ivr("messages", "play", f"m{PARENT[-3:]}", "--save", "message.wav")
    assert refused.exit_code == 1
    assert UNREADABLE in refused.stderr
