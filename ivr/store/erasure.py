"""Exports and erases everything we keep of one number (subject access and erasure requests).

Call records hold no number, so none can be found by one. An opt-out, a block and a complaint about their data outlive
an erasure, each until its own end (`opt_outs.py`, `blocks.py`, the Data Protection Act 2018, s. 164A): an export tells
them. With a complaint stay its notes and the message in which it was spoken.

An adviser whose own calls are erased stays on the rota, or nobody would ring them any more: the export tells it, and
taking them off the rota deletes it.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store import (
    blocks,
    callback_attempts,
    missing_recordings,
    opt_outs,
    provider_resources,
    quota_usage,
    rota,
    voicemail_audio,
)
from ivr.store.cipher import UNREADABLE, Cipher
from ivr.store.data_complaints import SPOKEN_COMPLAINTS
from ivr.store.item_kinds import ItemKind
from ivr.store.tables import (
    callbacks,
    data_complaints,
    hunts,
    notes,
    reminders,
    sms_inbox,
    sms_outbox,
    voicemails,
)

SHOWN_AS = {sms_outbox: "texts", sms_inbox: "inbox", voicemails: "messages", hunts: "adviser_calls"}
"""What an export calls a table, where the person whose number it is would not know its name."""

BY_NUMBER: dict[Table, tuple[str, ...]] = {
    sms_outbox: ("topic", "state", "reason", "promised", "due", "tried", "attempts", "changed"),
    reminders: ("topic", "promised", "due"),
    sms_inbox: ("received", "answered", "media", "done"),
    callbacks: ("topic", "deadline", "audience", "part", "may_leave_message", "state", "asked", "changed"),
    voicemails: ("id", "topic", "deadline", "audience", "state", "seconds", "began", "changed"),
    hunts: ("topic", "deadline", "audience", "way", "began", "changed"),
    notes: ("kind", "about", "at"),
}
"""The tables that hold numbers, and what else of a row is told to the person whose number it is."""
COMPLAINT = (
    *("received", "channel", "body", "name", "contact", "acknowledge_by", "acknowledged", "acknowledged_how"),
    *("state", "outcome", "answer", "answered_how", "closed"),
)
"""What is told of a complaint about their data."""


async def erase(db: AsyncConnection, cipher: Cipher, number: str, now: datetime) -> dict[str, int]:
    """Delete a number (E.164) and return how many rows of each table went.

    The worker deletes what the provider keeps as soon as it can: that of a text which is on its way at this moment
    too, once we learn its name there.
    """
    blind_indexes = cipher.blind_indexes(number)
    theirs = _erasable(voicemails, blind_indexes)
    await voicemail_audio.delete_at_provider(db, theirs, now)
    await missing_recordings.delete_at_provider(db, cipher, theirs, now)
    gone = {_shown_as(table): await _delete(db, table, blind_indexes) for table in BY_NUMBER}
    await quota_usage.delete_of(db, *blind_indexes)
    await provider_resources.delete_soon(db, now, *blind_indexes)
    return gone


async def _delete(db: AsyncConnection, table: Table, blind_indexes: list[bytes]) -> int:
    """Delete rows in the order of their ids, as they are sealed anew: in another, each would wait for the other."""
    theirs = select(table.c.id).where(_erasable(table, blind_indexes)).order_by(table.c.id).with_for_update()
    return (await db.execute(delete(table).where(table.c.id.in_(theirs)))).rowcount


def _erasable(table: Table, blind_indexes: list[bytes]) -> ColumnElement[bool]:
    """Return the condition that a row is of a number, and belongs to no complaint about data."""
    theirs: ColumnElement[bool] = table.c.blind_index.in_(blind_indexes)
    if table is voicemails:
        return theirs & voicemails.c.id.not_in(SPOKEN_COMPLAINTS)
    return theirs & (notes.c.kind != ItemKind.complaint) if table is notes else theirs


async def count(db: AsyncConnection, cipher: Cipher, number: str) -> dict[str, int]:
    """Return how many rows of each table an erasure of a number (E.164) would delete."""
    blind_indexes = cipher.blind_indexes(number)
    return {
        _shown_as(table): await db.scalar(
            select(func.count()).select_from(table).where(_erasable(table, blind_indexes))
        )
        or 0
        for table in BY_NUMBER
    }


async def export(db: AsyncConnection, cipher: Cipher, number: str) -> dict[str, Any]:
    """Return all we keep of a number (E.164), as JSON; times are ISO 8601 in UTC."""
    blind_indexes = cipher.blind_indexes(number)
    since = await opt_outs.opted_out_since(db, *blind_indexes)
    ours = {_shown_as(table): await _rows(db, cipher, table, blind_indexes) for table in BY_NUMBER}
    provider = [
        {"kind": one.kind, "sid": one.sid, "deleted_from": one.due.isoformat()}
        for one in await provider_resources.for_number(db, *blind_indexes)
    ]
    rung = [
        {"rung": one.at.isoformat(), "how": one.how} for one in await callback_attempts.for_number(db, *blind_indexes)
    ]
    requests = [
        {"kind": one.kind, "amount": one.amount, "at": one.at.isoformat()}
        for one in await quota_usage.for_number(db, *blind_indexes)
    ]
    adviser = await rota.name_of(db, cipher, number)
    told = {"stopped_since": _plain(since), "adviser": adviser, "at_the_provider": provider}
    kept = {"blocks": await _blocks(db, cipher, number), "complaints": await _complaints(db, cipher, blind_indexes)}
    return {"number": number, **ours, "attempts": rung, "requests": requests, **told, **kept}


async def _blocks(db: AsyncConnection, cipher: Cipher, number: str) -> list[dict[str, Any]]:
    return [
        {"since": _plain(one.since), "until": _plain(one.until), "why": one.why or f"({UNREADABLE})"}
        for one in await blocks.of_number(db, cipher, number)
    ]


async def _complaints(db: AsyncConnection, cipher: Cipher, blind_indexes: list[bytes]) -> list[dict[str, Any]]:
    theirs = select(data_complaints).where(data_complaints.c.blind_index.in_(blind_indexes))
    rows = (await db.execute(theirs.order_by(data_complaints.c.received, data_complaints.c.id))).all()
    return [{name: _told(row._mapping[name], cipher) for name in COMPLAINT} for row in rows]


def _told(value: object, cipher: Cipher) -> object:
    """Return what a column holds, opened if it is sealed."""
    return _opened(value, cipher) if isinstance(value, bytes) else _plain(value)


def _opened(sealed: bytes, cipher: Cipher) -> str:
    words = cipher.decrypt_or_none(sealed)
    return f"({UNREADABLE})" if words is None else words


def _shown_as(table: Table) -> str:
    return SHOWN_AS.get(table, table.name)


async def _rows(db: AsyncConnection, cipher: Cipher, table: Table, blind_indexes: list[bytes]) -> list[dict[str, Any]]:
    rows = await db.execute(select(table).where(table.c.blind_index.in_(blind_indexes)).order_by(table.c.id))
    return [
        _decrypted(table, row, cipher) | {name: _plain(row._mapping[name]) for name in BY_NUMBER[table]}
        for row in rows.all()
    ]


def _decrypted(table: Table, row: Row[Any], cipher: Cipher) -> dict[str, Any]:
    """Return the body; of a recording only that there is one, because it can be played elsewhere."""
    words = {"body": _opened(row.body, cipher)} if "body" in table.c else {}
    return words | ({"sound": row.sound is not None} if "sound" in table.c else {})


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
