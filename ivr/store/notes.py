"""Notes of staff about a caller who waits for them, or who has talked to them; encrypted."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.cipher import Cipher
from ivr.store.item_kinds import ItemKind
from ivr.store.tables import notes


@dataclass(frozen=True, slots=True)
class Note:
    """A note; `body` is None where it cannot be decrypted."""

    at: datetime
    who: str
    body: str | None = field(repr=False)


async def add(
    db: AsyncConnection,
    cipher: Cipher,
    kind: ItemKind,
    about: str,
    number: str | None,
    body: str,
    who: str,
    now: datetime,
) -> None:
    """Add a note about an item, given by its kind and id; `number` (E.164) is the caller's, if it is known."""
    blind_index = cipher.blind_index(number) if number else None
    row = {"id": str(uuid4()), "kind": kind, "about": about, "blind_index": blind_index, "who": who, "at": now}
    await db.execute(insert(notes).values(row | {"body": cipher.encrypt(body)}))


async def read(db: AsyncConnection, cipher: Cipher, about: str) -> tuple[Note, ...]:
    """Return the notes about an item, the oldest first."""
    rows = await db.execute(select(notes).where(notes.c.about == about).order_by(notes.c.at, notes.c.id))
    return tuple(Note(row.at, row.who, cipher.decrypt_or_none(row.body)) for row in rows)
