"""Idempotency keys: what must happen once happens once, however many processes try it at the same time."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from importlib import import_module
from typing import Any

from sqlalchemy import Dialect, Table, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.cipher import Cipher
from ivr.store.tables import idempotency_keys

UNDECIDED = ""


async def run_once(
    db: AsyncConnection, cipher: Cipher, key: str, now: datetime, decide: Callable[[], Awaitable[str]]
) -> str:
    """Return the outcome of `decide` the first time a key comes, and the same outcome ever after, not deciding again.

    Two processes with the same webhook: the second waits at the insertion until the first has committed.
    """
    blind_index = _blind_index(cipher, key)
    if await insert_new(db, idempotency_keys, key=blind_index, outcome=UNDECIDED, made=now):
        outcome = str(await decide())
        await db.execute(update(idempotency_keys).where(idempotency_keys.c.key == blind_index).values(outcome=outcome))
        return outcome
    return str(await db.scalar(select(idempotency_keys.c.outcome).where(idempotency_keys.c.key == blind_index)))


async def take_once(db: AsyncConnection, cipher: Cipher, key: str, now: datetime) -> bool:
    """Return whether a key comes for the first time, such as a challenge that is good once."""
    return await insert_new(db, idempotency_keys, key=_blind_index(cipher, key), outcome=UNDECIDED, made=now)


async def known_outcome(db: AsyncConnection, cipher: Cipher, key: str) -> str:
    """Return the outcome of a key that has come before; "" if it has not."""
    found = select(idempotency_keys.c.outcome).where(idempotency_keys.c.key == _blind_index(cipher, key))
    return await db.scalar(found) or UNDECIDED


def _blind_index(cipher: Cipher, key: str) -> bytes:
    return cipher.blind_index(f"promise {key}")  # as it was always written


async def insert_new(db: AsyncConnection, table: Table, **row: Any) -> bool:
    """Add a row; return False, and change nothing, if its key is there already."""
    return (await db.execute(insert_into(db.dialect, table).values(**row).on_conflict_do_nothing())).rowcount > 0


def insert_into(dialect: Dialect, table: Table) -> Any:
    """Return an insertion that may say what to do on a conflict: each database has its own, and only ours is loaded."""
    return import_module(f"sqlalchemy.dialects.{dialect.name}").insert(table)
