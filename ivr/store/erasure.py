"""Everything we keep of one number: shown to whoever asks for it, and forgotten.

Call records hold no number, so none can be found by one. A STOP outlives an erasure: `stops.py` says why.

An adviser whose own calls are erased stays on the rota, or nobody would ring them any more: it is told in what is
shown, and forgotten by taking them off the rota.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Table, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store import attempts, recordings, resources, rota, stops
from ivr.store.cipher import Cipher
from ivr.store.tables import callbacks, inbox, messages, reminders, texts

BY_NUMBER: dict[Table, tuple[str, ...]] = {
    texts: ("topic", "state", "reason", "promised", "due", "tried", "attempts", "changed"),
    reminders: ("topic", "promised", "due"),
    inbox: ("received", "answered"),
    callbacks: ("topic", "deadline", "part", "state", "asked", "changed"),
    messages: ("id", "topic", "deadline", "state", "seconds", "began", "changed"),
}
"""The tables that hold numbers, and what else of a row is told to the person whose number it is."""


async def erase(db: AsyncConnection, cipher: Cipher, number: str, now: datetime) -> dict[str, int]:
    """Forget a number (E.164); how many rows of each table went.

    The worker deletes what the provider keeps as soon as it can: that of a text which is on its way at this moment
    too, once we learn its name there.
    """
    marks = cipher.marks(number)
    await recordings.let_go(db, messages.c.mark.in_(marks), now)
    gone = {
        table.name: (await db.execute(delete(table).where(table.c.mark.in_(marks)))).rowcount for table in BY_NUMBER
    }
    await resources.delete_soon(db, now, *marks)
    return gone


async def export(db: AsyncConnection, cipher: Cipher, number: str) -> dict[str, Any]:
    """All we keep of a number (E.164), as plain text, lists and mappings; times are ISO 8601 in UTC."""
    marks = cipher.marks(number)
    since = await stops.since(db, *marks)
    ours = {table.name: await _rows(db, cipher, table, marks) for table in BY_NUMBER}
    provider = [
        {"kind": one.kind, "sid": one.sid, "deleted_from": one.due.isoformat()}
        for one in await resources.of(db, *marks)
    ]
    rung = [{"rung": one.at.isoformat(), "how": one.how} for one in await attempts.of(db, *marks)]
    adviser = await rota.whose(db, cipher, number)
    told = {"stopped_since": _plain(since), "adviser": adviser, "at_the_provider": provider}
    return {"number": number, **ours, "attempts": rung, **told}


async def _rows(db: AsyncConnection, cipher: Cipher, table: Table, marks: list[bytes]) -> list[dict[str, Any]]:
    rows = await db.execute(select(table).where(table.c.mark.in_(marks)).order_by(table.c.id))
    return [
        _sealed(table, row, cipher) | {name: _plain(row._mapping[name]) for name in BY_NUMBER[table]}
        for row in rows.all()
    ]


def _sealed(table: Table, row: Row[Any], cipher: Cipher) -> dict[str, Any]:
    """Words are shown; of a sound only that there is one, because it can be listened to elsewhere."""
    words = {"body": cipher.open(row.body)} if "body" in table.c else {}
    return words | ({"sound": row.sound is not None} if "sound" in table.c else {})


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
