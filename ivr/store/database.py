"""The database: transactions that take no longer than a caller can wait."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Self
from weakref import WeakSet

from sqlalchemy import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ivr.errors import DatabaseUnavailable
from ivr.store import audit_chain, index_keys, postgresql, sqlite
from ivr.store.cipher import Cipher
from ivr.store.database_errors import reason_of
from ivr.store.schema_version import check_schema

log = logging.getLogger(__name__)

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgres": "postgresql+asyncpg", "postgresql": "postgresql+asyncpg"}
COMMAND_PATIENCE = 60.0
"""Seconds for commands, for which no caller waits."""
LAST_WAIT = {"sqlite": 10.0, "postgresql": 3.0}
"""Seconds for what is under way when everything is closed: a disk that is slow has time, a network may be cut."""


class Store:
    """The connection pool and the cipher for what is personal.

    `secrets` are those of the cipher: the first encrypts, all decrypt. `patience` is in seconds, for a transaction.
    The cipher can look numbers up once a transaction has begun.
    """

    def __init__(self, url: str, secrets: Sequence[bytes], patience: float = 1.0) -> None:
        self.cipher = Cipher(secrets)
        self._threads: sqlite.Threads = WeakSet()  # which may be at work after a timeout: they are stopped on closing
        self._engine = engine_for(url, patience, self._threads)
        self._patience = patience
        self._is_known = False
        self._closing: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Yield a connection to read with, which keeps nobody from writing. Raise DatabaseUnavailable like `begin`."""
        async with self.begin(reads_only=True) as connection:
            yield connection

    @asynccontextmanager
    async def begin(self, left: float | None = None, *, reads_only: bool = False) -> AsyncIterator[AsyncConnection]:
        """Begin a transaction, committed on leaving. It has less time where only `left` seconds remain.

        Raise DatabaseUnavailable when it cannot be begun, run or committed in time: a database that is stopped, locked,
        full or slow, or that the secrets do not fit (SecretDoesNotFit). A commit that timed out may yet have succeeded,
        so whatever is written has an idempotency key.
        """
        patience = self._patience if left is None else min(self._patience, left)
        try:
            # The driver asks a database that does not answer to say goodbye; the second timeout cuts that short.
            async with asyncio.timeout(patience), asyncio.timeout(patience * 0.8):
                await self._get_to_know()
                async with self._transaction(reads_only=reads_only) as connection:
                    yield connection
        except (TimeoutError, DBAPIError, NoFreeConnection) as error:
            raise DatabaseUnavailable(f"the database cannot be used now ({reason_of(error)})") from error

    @asynccontextmanager
    async def _transaction(self, *, reads_only: bool) -> AsyncIterator[AsyncConnection]:
        connection = await self._connect(reads_only=reads_only)
        try:
            yield connection
            await connection.commit()
            await connection.close()
        finally:
            if not connection.closed:
                self._close_later(connection)

    async def _get_to_know(self) -> None:
        """Check the schema and read the index keys, which are made if there are none; once in each process."""
        if self._is_known:
            return
        async with self._transaction(reads_only=True) as db:
            await check_schema(db)
            known = await index_keys.read(db, self.cipher)
        if known is None:
            async with self._transaction(reads_only=False) as db:
                known = await index_keys.add(db, self.cipher)
        self.cipher.use_index_keys(known)
        self._is_known = True

    async def refuse(self, *errors: type[DatabaseUnavailable]) -> None:
        """Raise one of these errors, such as SchemaTooNew; what else is wrong may pass, and is logged.

        So a process that starts before `ivr migrate` or before the database answers calls meanwhile.
        """
        try:
            async with self.begin():
                return
        except errors:
            raise
        except DatabaseUnavailable as error:
            log.error("the database cannot be used yet: %s", error)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def scrub(self) -> None:
        """Clear what was deleted out of SQLite's write-ahead log too.

        PostgreSQL's log, like any backup, is as long as its operator decides; what is in there is encrypted.
        """
        if self._engine.dialect.name == "sqlite":
            async with self._engine.connect() as connection:
                driver: Any = (await connection.get_raw_connection()).driver_connection
                await driver.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self, wait: float | None = None) -> None:
        """Close every connection; what does not answer for `wait` seconds (LAST_WAIT) is dropped."""
        wait = LAST_WAIT[self._engine.dialect.name] if wait is None else wait
        if self._closing:
            await asyncio.wait(self._closing, timeout=wait)
        with suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await self._engine.dispose()
        if stopping := [stopped for thread in list(self._threads) if (stopped := thread.stop())]:
            await asyncio.wait(stopping, timeout=wait)

    async def _connect(self, *, reads_only: bool) -> AsyncConnection:
        connection = self._engine.connect()
        try:
            await connection.start()
            audit_chain.seal_with(connection, self.cipher)
            if reads_only:
                await connection.execution_options(**{sqlite.READS_ONLY: True})
        except Exception as error:  # whatever a driver raises: it cannot connect
            raise DatabaseUnavailable(f"the database of DATABASE_URL cannot be reached ({reason_of(error)})") from error
        try:
            await connection.begin()
        except BaseException:
            self._close_later(connection)
            raise
        return connection

    def _close_later(self, connection: AsyncConnection) -> None:
        """Roll back in the background."""
        task = asyncio.create_task(_close(connection))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


async def _close(connection: AsyncConnection) -> None:
    with suppress(DBAPIError, OSError, TimeoutError):
        await connection.close()


def engine_for(url: str, patience: float, threads: sqlite.Threads | None = None) -> AsyncEngine:
    """Return an engine for `sqlite:///path` or `postgresql://…`; its errors and its log hold no values.

    SQLite's connections are added to `threads`.
    """
    full_url = _with_driver(make_url(url))
    if full_url.get_backend_name() == "sqlite":
        return sqlite.engine(full_url, patience, WeakSet() if threads is None else threads)
    return postgresql.engine(full_url, patience)


def _with_driver(url: URL) -> URL:
    """Return the URL with the driver named; platforms write `postgres:` and `sslmode`, which asyncpg does not know."""
    driver = DRIVERS.get(url.drivername, url.drivername)
    query = {"ssl" if name == "sslmode" else name: value for name, value in url.query.items()}
    return url.set(drivername=driver).set(query=query)
