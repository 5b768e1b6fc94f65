"""What must happen once happens once, however many processes try it at the same time."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any
from zlib import crc32

from sqlalchemy import Table, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.cipher import Cipher
from ivr.store.tables import idempotency_keys

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

Row = Mapping[str, Any]
UNDECIDED = ""


async def run_once(
    db: AsyncConnection, cipher: Cipher, key: str, now: datetime, decide: Callable[[], Awaitable[str]]
) -> str:
    """The outcome of `decide` the first time a key comes, and that same outcome ever after, without deciding again.

    Two processes with the same webhook: the second waits at the insertion until the first has committed.
    """
    blind_index = cipher.blind_index(f"promise {key}")
    if await insert_new(db, idempotency_keys, key=blind_index, outcome=UNDECIDED, made=now):
        outcome = str(await decide())
        await db.execute(update(idempotency_keys).where(idempotency_keys.c.key == blind_index).values(outcome=outcome))
        return outcome
    return str(await db.scalar(select(idempotency_keys.c.outcome).where(idempotency_keys.c.key == blind_index)))


async def insert_new(db: AsyncConnection, table: Table, **row: Any) -> bool:
    """Add a row; False, and nothing changed, if its key stood there already."""
    return (await db.execute(insert_into(db, table).values(**row).on_conflict_do_nothing())).rowcount > 0


async def insert_many_new(db: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """Add those rows whose key does not stand there already."""
    if rows:
        await db.execute(insert_into(db, table).on_conflict_do_nothing(), rows)


def insert_into(db: AsyncConnection, table: Table) -> "postgresql.Insert | sqlite.Insert":
    """An insertion that may say what to do on a conflict: each database has its own, and only ours is loaded."""
    made: postgresql.Insert | sqlite.Insert = import_module(f"sqlalchemy.dialects.{db.dialect.name}").insert(table)
    return made


async def advisory_lock(db: AsyncConnection, what: str) -> None:
    """From here to the end of the transaction nobody else does the same: for counting first and adding after.

    SQLite has one writer at a time anyway.
    """
    if db.dialect.name == "postgresql":
        await db.execute(select(func.pg_advisory_xact_lock(crc32(what.encode()))))
