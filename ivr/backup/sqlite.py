"""Backups of SQLite: its backup API, which copies one moment while others write, with what is in the write-ahead log.

https://www.sqlite.org/backup.html
"""

import asyncio
import fcntl
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.backup.contents import BackupFailed
from ivr.store import private_files

BUSY_SECONDS = 60.0
SHARED_LOCK = 510, 0x40000002
"""Length and place of the bytes on which whoever has a database open in WAL mode holds a shared lock.

https://www.sqlite.org/src/file/src/os.h: SHARED_SIZE and SHARED_FIRST.
"""
NOT_MOVED = "-shm"
"""An index of the write-ahead log, which SQLite makes anew."""


class Sqlite:
    """Backups of SQLite are databases in one file."""

    name, suffix, magic = "SQLite", ".db", b"SQLite format 3\0"

    async def dump(self, db: AsyncConnection, url: str, file: Path) -> None:
        """Copy what the transaction sees; a file in the mode without a write-ahead log is whole by itself."""
        driver: Any = (await db.get_raw_connection()).driver_connection
        try:
            with closing(_open(file)) as copy:
                await driver.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.Error as error:
            raise BackupFailed(f"it cannot be written: {error}") from None

    @asynccontextmanager
    async def throw_away(self, url: str, folder: Path | None = None) -> AsyncIterator[str]:
        """Make the name of a file in a folder of its own."""
        with TemporaryDirectory(prefix=".ivr-", dir=folder or file_of(url).absolute().parent) as temporary:
            yield f"sqlite:///{temporary}/restored.db"

    async def load(self, file: Path, url: str) -> None:
        """Copy a backup, or a database with its write-ahead log beside it, and look at every page and index."""
        private_files.create(path := file_of(url))
        try:
            await asyncio.to_thread(_copy, file, path)
            found = await asyncio.to_thread(_damage, path)
        except sqlite3.Error as error:
            found = str(error)
        if found:
            raise BackupFailed(f"it is damaged: {found}")

    async def is_in_use(self, url: str) -> bool:
        """Return whether another process holds a lock on the file."""
        try:
            with _alone(file_of(url)):
                return False
        except BlockingIOError:
            return True

    def to_read(self, url: str, prepared: str) -> str:
        """Copy it beside the prepared one: to open a ruined database is enough to lose its write-ahead log."""
        path, copy = file_of(url), file_of(prepared).with_name("present.db")
        for ending in private_files.BESIDE:
            if ending != NOT_MOVED and (file := Path(f"{path}{ending}")).exists():
                shutil.copy(file, f"{copy}{ending}")
        return f"sqlite:///{copy}"

    async def swap(self, prepared: str, url: str, aside: str, *, in_use: bool) -> str | None:
        """Rename files; where others have the file open, copy into it in one transaction, which they see as theirs."""
        path, new = file_of(url), file_of(prepared)
        with closing(_open(new)) as db:
            db.execute("PRAGMA journal_mode=DELETE")
        kept = [ending for ending in private_files.BESIDE if Path(f"{path}{ending}").exists()]
        if kept:
            private_files.create_folder(path.with_name(f"{path.stem}-{aside}"))
        moved = path.with_name(f"{path.stem}-{aside}") / path.name
        await asyncio.to_thread(_copy_into if in_use else _rename, new, path, moved)
        return str(moved) if kept else None


def file_of(url: str) -> Path:
    """Return the file of a SQLite database."""
    return Path(make_url(url).database or "")


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)


def _copy(source: Path, target: Path) -> None:
    with closing(_open(source)) as one, closing(_open(target)) as other:
        one.backup(other)


def _damage(path: Path) -> str:
    """Return the first damage that SQLite finds, if any: https://www.sqlite.org/pragma.html#pragma_integrity_check."""
    with closing(_open(path)) as db:
        [found] = db.execute("PRAGMA integrity_check(1)").fetchone()
    return "" if found == "ok" else str(found)


def _copy_into(new: Path, path: Path, aside: Path) -> None:
    private_files.create(aside)
    try:
        _copy(path, aside)
        _copy(new, path)
    except sqlite3.Error as error:
        raise BackupFailed(f"the present database is damaged ({error}): stop whoever uses it, and again") from None


def _rename(new: Path, path: Path, aside: Path) -> None:
    """Move the database with all that is kept beside it: a write-ahead log beside another database ruins that."""
    try:
        with _alone(path):
            for ending in private_files.BESIDE:
                if (file := Path(f"{path}{ending}")).exists():
                    file.unlink() if ending == NOT_MOVED else file.rename(f"{aside}{ending}")
            new.rename(path)
    except BlockingIOError:
        raise BackupFailed("somebody began to use the database meanwhile: stop them, and do it again") from None


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep all others from opening the database; raise BlockingIOError where somebody has.

    This process must not have it open: closing the file would free its locks.
    """
    if not path.exists():
        yield
        return
    with path.open("r+b") as file:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, *SHARED_LOCK, os.SEEK_SET)
        yield
