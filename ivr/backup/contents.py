"""What is in a database, to compare a backup with what it was taken of."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Table, desc, func, inspect, select
from sqlalchemy import table as named
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import IvrError, SecretDoesNotFit
from ivr.store import audit, audit_chain, index_keys
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.schema_version import known_schema
from ivr.store.tables import audit_ends, audit_log, metadata

MARK = "backup "
"""Begins the entry of the audit log that is written before each backup, and must be found in it."""


class BackupFailed(IvrError):
    """A backup that could not be made, or is not one, or cannot be restored; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The entry of the audit log that was written before a backup: its place in the log, its words, and when."""

    n: int
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Contents:
    """The schema, how many rows each table has, and the newest mark; no mark in a schema that has no audit log yet."""

    schema: str
    tables: dict[str, int]
    mark: Mark | None

    @property
    def rows(self) -> int:
        """Return how many rows all tables have together."""
        return sum(self.tables.values())


async def write_mark(db: AsyncConnection, by: By, secrets: Sequence[bytes]) -> None:
    """Write into the audit log that a backup is taken."""
    if await _has(db, audit_log):
        await seal_audit_log(db, secrets)
        await audit.write(db, by, f"{MARK}{token_hex(4)}")


async def seal_audit_log(db: AsyncConnection, secrets: Sequence[bytes]) -> None:
    """Have entries of the audit log chained on this connection, unless the schema is older or the secrets do not fit.

    A database is backed up all the same; `ivr audit verify` names the entry.
    """
    if await _has(db, audit_ends):
        cipher = Cipher(secrets)
        with suppress(SecretDoesNotFit):
            cipher.use_index_keys(await index_keys.read(db, cipher) or await index_keys.add(db, cipher))
            audit_chain.seal_with(db, cipher)


async def read_contents(db: AsyncConnection) -> Contents:
    """Return what is in a database; raise BackupFailed for one that is no helpline's, SchemaTooNew for a newer one."""
    schema = await known_schema(db)
    if schema is None:
        raise BackupFailed("no helpline is in it: it has no table alembic_version")
    tables = await db.run_sync(table_names)
    counts = {name: await db.scalar(select(func.count()).select_from(named(name))) or 0 for name in tables}
    return Contents(schema, counts, await _mark(db) if audit_log.name in tables else None)


def table_names(connection: Connection) -> list[str]:
    """Return the tables of a database."""
    return sorted(inspect(connection).get_table_names())


async def opens(db: AsyncConnection, cipher: Cipher) -> bool:
    """Return whether the newest number of some table can be read, or there is none."""
    sealed = [number for table in _with_numbers() if (number := await _newest_number(db, table)) is not None]
    return not sealed or any(cipher.place_of(number) is not None for number in sealed)


def _with_numbers() -> Sequence[Table]:
    return [table for table in metadata.sorted_tables if "number" in table.c]


async def _newest_number(db: AsyncConnection, table: Table) -> Any:
    newest = next((table.c[name] for name in ("promised", "received", "asked", "began") if name in table.c), None)
    return await db.scalar(select(table.c.number).order_by(*([desc(newest)] if newest is not None else [])).limit(1))


async def _mark(db: AsyncConnection) -> Mark | None:
    seen = select(audit_log.c.n, audit_log.c.what, audit_log.c.at)  # an older schema has no more
    newest = seen.where(audit_log.c.what.startswith(MARK)).order_by(audit_log.c.n.desc()).limit(1)
    row = (await db.execute(newest)).first()
    return Mark(row.n, row.what, row.at) if row else None


async def _has(db: AsyncConnection, table: Table) -> bool:
    return await db.run_sync(lambda connection: inspect(connection).has_table(table.name))
