"""Takes a backup while the helpline serves, and restores it elsewhere to see that it is one."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.backup.contents import BackupFailed, Contents, read_contents, write_mark
from ivr.backup.kind import Kind
from ivr.backup.postgresql import NoDatabaseAllowed, Postgresql
from ivr.backup.sqlite import Sqlite, file_of
from ivr.errors import DatabaseUnavailable
from ivr.store import private_files
from ivr.store.audit import By
from ivr.store.database import engine_for
from ivr.store.heartbeat import BACKUP, record_heartbeat
from ivr.store.schema_version import SCHEMAS, known_schema
from ivr.store.sqlite import READS_ONLY

KINDS: tuple[Kind, ...] = (Sqlite(), Postgresql())
NOT_THE_SAME = "the backup does not hold what the database did, and was deleted: do it again, and look at the disk"
PATIENCE = 60.0
"""Seconds to wait for others that use the database."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was taken: how many bytes it has, and whether it was restored elsewhere, or only read back."""

    file: Path
    bytes: int
    contents: Contents
    restored: bool


def kind_of_url(url: str) -> Kind:
    """Return the kind of a database."""
    return KINDS[not url.startswith("sqlite")]


async def take(url: str, file: Path, by: By, secrets: Sequence[bytes], *, overwrite: bool = False) -> Backup:
    """Take a backup that only its owner can read; return what is in it. The secrets are those of the database.

    It is whole when it has its name. Raise BackupFailed where there is such a file, or where the backup is not what it
    was taken of; DatabaseUnavailable.
    """
    if file.exists() and not overwrite:
        raise BackupFailed(f"{file} is there already: --overwrite replaces it")
    if url.startswith("sqlite") and not file_of(url).exists():
        raise BackupFailed(f"there is no database {file_of(url)} yet: `ivr migrate` makes it")
    kind, part = kind_of_url(url), file.with_name(f".{file.name}.{token_hex(4)}")
    private_files.create_folder(file.parent)
    private_files.create(part)
    try:
        contents = await _dump(kind, url, part, by, secrets)
        restored = await _compare(kind, url, part, contents)
        size = part.stat().st_size
        _name(part, file)
    finally:
        part.unlink(missing_ok=True)
    return Backup(file, size, contents, restored)


async def record_backup(url: str, now: datetime) -> None:
    """Record in the database that a backup of it was taken, unless its schema is another release's."""
    async with opened(url) as db:
        if await known_schema(db) == SCHEMAS[-1]:
            await record_heartbeat(db, BACKUP, now)


async def _dump(kind: Kind, url: str, part: Path, by: By, secrets: Sequence[bytes]) -> Contents:
    """Write a backup of one moment; return what the database held at that moment."""
    async with opened(url) as db:
        await write_mark(db, by, secrets)
    async with opened(url, snapshot=True) as db:
        contents = await read_contents(db)
        await kind.dump(db, url, part)
    return contents


async def _compare(kind: Kind, url: str, part: Path, contents: Contents) -> bool:
    """Restore a backup in a place that is thrown away; return False where it could only be read back."""
    try:
        async with kind.throw_away(url, part.parent) as elsewhere:
            found = await load(kind, part, elsewhere)
    except NoDatabaseAllowed:
        if Postgresql().read_back(part) != contents.tables:
            raise BackupFailed(NOT_THE_SAME) from None
        return False
    if found != contents:
        raise BackupFailed(NOT_THE_SAME)
    return True


async def load(kind: Kind, file: Path, url: str) -> Contents:
    """Restore a backup into an empty database; return what is in it. Raise BackupFailed where it is damaged."""
    await kind.load(file, url)
    async with opened(url) as db:
        return await read_contents(db)


@asynccontextmanager
async def opened(url: str, *, snapshot: bool = False) -> AsyncIterator[AsyncConnection]:
    """Yield a transaction that may take long, which sees one moment if it is a snapshot; raise DatabaseUnavailable."""
    engine = engine_for(url, PATIENCE)
    if snapshot:
        isolation = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
        engine = engine.execution_options(**{READS_ONLY: True}, **isolation)
    try:
        async with engine.begin() as db:
            yield db
    except (DBAPIError, OSError) as error:
        reason = type(getattr(error, "orig", error)).__name__
        raise DatabaseUnavailable(f"the database of DATABASE_URL cannot be used ({reason})") from error
    finally:
        await engine.dispose()


def _name(part: Path, file: Path) -> None:
    """Give a whole file its name, which lasts when the power fails."""
    part.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
