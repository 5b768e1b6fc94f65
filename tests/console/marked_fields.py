"""Writes markup into every field of every table in which words can stand, of a made-up month."""

from typing import Any

from sqlalchemy import LargeBinary, Table, Text, update

from ivr.demo.fill import fill
from ivr.loader import load
from ivr.store import passkeys
from ivr.store.passkeys import Passkey
from ivr.store.sms_states import SmsState
from ivr.store.tables import metadata
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
        "weekly",
    ),
    *("channel", "alerts_by", "acknowledged_how", "answered_how", "voicemail"),
    *("spans", "part", "metric", "dimension", "key", "happened", "version", "password"),
}
"""Columns in which nobody writes words of their own: ids, and what the program itself chooses among."""
SEALED_WORDS = {
    *(("sms_inbox", "body"), ("notes", "body"), ("sms_outbox", "body")),
    *(("data_complaints", name) for name in ("body", "name", "contact", "answer")),
}
UNIQUE = {("advisers", "name"), ("accounts", "name")}


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
        await passkeys.add(db, Passkey("a-passkey", "Ada", "a key", 0, "Laptop", pages.clock()))
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
