"""Blocks: callers who are put through to nobody until a moment, with the reason, encrypted.

Erasure leaves these alone, as it does opt-outs: whoever is blocked for threats is not let through again by asking us
to forget them (UK GDPR, art. 17(3)(e)). An export tells them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.phone_numbers import identity
from ivr.store.advisory_lock import advisory_lock
from ivr.store.cipher import Cipher
from ivr.store.tables import blocks


@dataclass(frozen=True, slots=True)
class Block:
    """A block; `number` and `why` are None where they cannot be decrypted."""

    id: str
    since: datetime
    until: datetime
    set_by: str
    number: str | None = field(repr=False)
    why: str | None = field(repr=False)


async def replace(
    db: AsyncConnection, cipher: Cipher, number: str, why: str, until: datetime, set_by: str, now: datetime
) -> str:
    """Block a number (E.164), in the place of an earlier block of it; return the id of the block."""
    await advisory_lock(db, "blocks")
    await db.execute(delete(blocks).where(_is_of(cipher, number)))
    row = {"id": str(uuid4()), "since": now, "until": until, "set_by": set_by, "body": cipher.encrypt(why)}
    await db.execute(insert(blocks).values(row | cipher.encrypt_number(number)))
    return str(row["id"])


async def end(db: AsyncConnection, id: str, now: datetime) -> bool:
    """End a block; return False if it was over."""
    in_force = (blocks.c.id == id) & (blocks.c.until > now)
    return (await db.execute(update(blocks).where(in_force).values(until=now))).rowcount > 0


async def read(db: AsyncConnection, cipher: Cipher, now: datetime) -> list[Block]:
    """Return the blocks that are in force, the next to end first."""
    rows = await db.execute(select(blocks).where(blocks.c.until > now).order_by(blocks.c.until, blocks.c.id))
    return [_block(row, cipher) for row in rows.all()]


async def of_number(db: AsyncConnection, cipher: Cipher, number: str) -> list[Block]:
    """Return the block of a number (E.164), in force or over, for as long as it is kept."""
    return [_block(row, cipher) for row in await db.execute(select(blocks).where(_is_of(cipher, number)))]


async def ends(db: AsyncConnection, now: datetime) -> Mapping[bytes, datetime]:
    """Return until when each blind index is blocked; no number is decrypted for it."""
    rows = await db.execute(select(blocks.c.blind_index, blocks.c.until).where(blocks.c.until > now))
    return {row.blind_index: row.until for row in rows}


async def is_blocked(db: AsyncConnection, cipher: Cipher, now: datetime, *numbers: str) -> bool:
    """Return whether any of these numbers, as the provider gives them, is blocked; a withheld one is not."""
    known = [number for number in numbers if identity(number)]
    if not known:
        return False
    which = blocks.c.blind_index.in_([index for number in known for index in cipher.blind_indexes(number)])
    return bool(await db.scalar(select(func.count()).select_from(blocks).where(which, blocks.c.until > now)))


def _is_of(cipher: Cipher, number: str) -> ColumnElement[bool]:
    return blocks.c.blind_index.in_(cipher.blind_indexes(number))


def _block(row: Row[Any], cipher: Cipher) -> Block:
    opened = cipher.decrypt_or_none(row.number), cipher.decrypt_or_none(row.body)
    return Block(row.id, row.since, row.until, row.set_by, *opened)
