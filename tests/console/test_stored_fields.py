"""Whatever callers or staff have written anywhere is shown as words, on every page, and never as markup."""

from typing import Any

import pytest
from sqlalchemy import LargeBinary, Table, Text, update

from ivr.demo.fill import fill
from ivr.loader import load
from ivr.staff.accounts import Role
from ivr.store.sms_states import SmsState
from ivr.store.tables import metadata
from tests.console.crawl import crawl
from tests.console.staff_pages import StaffPages

MARK = "<b id={}>\"'&"
IDS_AND_STATES = {
    *("id", "call", "hunt", "callback", "adviser", "account", "about", "sid", "recording", "answer", "adviser_id"),
    *(
        "state",
        "kind",
        "role",
        "end",
        "outcome",
        "way",
        "what_for",
        "audience",
        "source",
        "secret",
        "secrets",
        "process",
    ),
    *("spans", "part", "metric", "dimension", "key", "happened", "version", "password"),
}
"""Columns in which nobody writes words of their own: ids, and what the program itself chooses among."""
SEALED_WORDS = {("sms_inbox", "body"), ("notes", "body"), ("sms_outbox", "body")}
UNIQUE = {("advisers", "name"), ("accounts", "name")}
SHOWN = {
    *(
        "accounts-name",
        "advisers-name",
        "audit_log-who",
        "audit_log-what",
        "staff_sessions-device",
        "sms_outbox-reason",
    ),
    *("callbacks-topic", "callbacks-by", "callback_attempts-how", "callback_attempts-who", "notes-body", "notes-who"),
    *("voicemails-topic", "voicemails-by", "hunts-topic", "sms_inbox-body", "sms_inbox-done_by"),
}
"""Those fields that are surely on some page: otherwise the pages themselves were not found."""


def written(table: Table) -> dict[str, Any]:
    """The columns of a table in which somebody writes words, each with a mark of its own in it."""
    return {
        column.name: MARK.format(f"{table.name}-{column.name}")
        for column in table.c
        if isinstance(column.type, Text)
        and column.name not in IDS_AND_STATES
        and (table.name, column.name) not in UNIQUE
    }


async def mark_everything(pages: StaffPages) -> None:
    """Write markup into every field of a made-up fortnight in which words can stand."""
    flows = load().flows
    async for _ in fill(pages.store, flows, "v1", b"RIFF", calls=300, seed=3, last=pages.clock()):
        pass
    async with pages.store.begin() as db:
        for table in metadata.sorted_tables:
            if values := written(table):
                await db.execute(update(table).values(values))
        for name, column in SEALED_WORDS:
            table = metadata.tables[name]
            assert isinstance(table.c[column].type, LargeBinary)
            sealed = pages.store.cipher.encrypt(MARK.format(f"{name}-{column}"))
            await db.execute(update(table).values({column: sealed}))
        outbox = metadata.tables["sms_outbox"]
        await db.execute(update(outbox).values(state=SmsState.failed))
        for name, column in UNIQUE:
            table = metadata.tables[name]
            await db.execute(update(table).values({column: MARK.format(f"{name}-{column}") + table.c.id}))


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_no_field_is_ever_markup(pages: StaffPages) -> None:
    await mark_everything(pages)
    shown, visited = set[str](), 0
    async for path, answer in crawl(pages, Role.administrator):
        visited += 1
        assert answer.status_code == 200, path
        assert "<b id=" not in answer.text, path
        shown |= {piece.partition("&gt;")[0] for piece in answer.text.split("&lt;b id=")[1:]}
    assert visited > 50
    assert shown >= SHOWN
