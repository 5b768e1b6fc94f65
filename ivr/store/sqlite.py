"""The SQLite engine: one connection a process, whose transactions take the write lock at the start."""

import asyncio
import sqlite3
from collections.abc import MutableSet
from contextlib import suppress
from functools import partial
from pathlib import Path

import aiosqlite
from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from ivr.store import private_files
from ivr.store.sqlite_connection import SqliteConnection

READS_ONLY = "reads_only"
"""The option of a connection that writes nothing, and takes no lock."""
MEMORY = ":memory:"
PRAGMAS = (
    "synchronous=FULL",  # writing ahead alone may forget the last commits when the power fails, and we have said them
    "secure_delete=ON",  # what is deleted is overwritten
    "foreign_keys=ON",
    "cache_size=-500",  # kB of pages that the system keeps in its own memory anyway; 2 MB of ours otherwise
)


Threads = MutableSet[aiosqlite.Connection]
"""Connections whose threads may be at work, those that are still being opened among them."""


def engine(url: URL, patience: float, threads: Threads) -> AsyncEngine:
    """Return an engine in which writers queue; in SQLite itself one may starve.

    `patience` is in seconds. Each connection is added to `threads`.
    """

    async def connect() -> aiosqlite.Connection:
        return await _connect(url.database or MEMORY, patience / 2, threads)

    made = create_async_engine(
        url, async_creator=connect, hide_parameters=True, pool_size=1, max_overflow=0, pool_timeout=patience
    )
    event.listen(made.sync_engine, "begin", _begin)
    return made


async def _connect(path: str, wait: float, threads: Threads) -> aiosqlite.Connection:
    """Return a connection, which has a thread; `wait` is in seconds, for a locked file."""
    connection = SqliteConnection(partial(_open, path, wait))
    threads.add(connection)
    connection._thread.daemon = True  # a disk that does not answer must not keep the process from ending
    try:
        await connection
        await _write_ahead(connection, wait)
        for pragma in PRAGMAS:
            await connection.execute_fetchall(f"PRAGMA {pragma}")
    except BaseException as error:
        stopped = connection.stop()
        if stopped and isinstance(error, Exception):
            await asyncio.wait([stopped])
        raise
    return connection


def _open(path: str, wait: float) -> sqlite3.Connection:
    """Open a file that only its owner can read."""
    if path != MEMORY:
        with suppress(OSError):  # SQLite says what is wrong
            private_files.create_database(Path(path))
    # Without an isolation level the driver does not begin for us, which it would do too late: see _begin.
    return sqlite3.connect(path, timeout=wait, isolation_level=None, check_same_thread=False)


async def _write_ahead(connection: aiosqlite.Connection, wait: float) -> None:
    """Set the WAL mode, in which readers and the writer do not block each other.

    SQLite does not wait here as it does elsewhere: of two processes that open a new file at the same moment one is told
    that it is locked.
    """
    clock = asyncio.get_running_loop().time
    until = clock() + wait
    while True:
        try:
            await connection.execute_fetchall("PRAGMA journal_mode=WAL")
            return
        except aiosqlite.OperationalError:
            if clock() >= until:
                raise
        await asyncio.sleep(0.02)


def _begin(connection: Connection) -> None:
    """Take the write lock at once: a reader that turns into a writer finds its snapshot stale and fails."""
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get(READS_ONLY) else "BEGIN IMMEDIATE")
