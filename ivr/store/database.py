"""The database: one transaction at a time, and never longer than a caller can wait."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Self
from weakref import WeakSet

import aiosqlite
from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from ivr.errors import DatabaseUnavailable
from ivr.store import sqlite
from ivr.store.cipher import Cipher

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgres": "postgresql+asyncpg", "postgresql": "postgresql+asyncpg"}
COMMAND_PATIENCE = 60.0
"""Seconds for whoever is not on the telephone."""
FORGOTTEN = "60s"
"""A machine that vanished in mid-transaction holds its rows no longer than this."""


class Store:
    """Everything that is kept, behind one door.

    `secrets` seal what is personal: the first seals, all open. `patience` is in seconds, for a whole transaction.
    """

    def __init__(self, url: str, secrets: Sequence[bytes], patience: float = 1.0) -> None:
        self.cipher = Cipher(secrets)
        self._engine = engine_for(url, patience)
        self._patience = patience
        self._leaving: set[asyncio.Task[None]] = set()
        self._threads: WeakSet[aiosqlite.Connection] = WeakSet()
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine.sync_engine, "connect", self._know)

    @asynccontextmanager
    async def begin(self, left: float | None = None) -> AsyncIterator[AsyncConnection]:
        """One transaction: kept as a whole on leaving, or not at all. It has less time where only so much is `left`.

        Raises StoreDown when it cannot be begun, run or committed in time: a database that is stopped, locked,
        full or slow. A commit that was cut off may yet have been kept, so what is written goes by a key.
        """
        connection = None
        patience = self._patience if left is None else min(self._patience, left)
        try:
            # The driver asks a database that does not answer to say goodbye; the second timeout cuts that short.
            async with asyncio.timeout(patience), asyncio.timeout(patience * 0.8):
                connection = await self._connect()
                yield connection
                await connection.commit()
                await connection.close()
        except (TimeoutError, DBAPIError, NoFreeConnection) as error:
            raise DatabaseUnavailable(f"the database cannot be used now ({_reason(error)})") from error
        finally:
            if connection is not None and not connection.closed:
                self._let_go(connection)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def scrub(self) -> None:
        """Clear what was deleted out of SQLite's files too: its log of changes would keep it for a while.

        PostgreSQL's log, like any backup, is as long as its operator decides; what is in there is sealed.
        """
        if self._engine.dialect.name == "sqlite":
            async with self._engine.connect() as connection:
                driver: Any = (await connection.get_raw_connection()).driver_connection
                await driver.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        """Close every connection."""
        await asyncio.gather(*self._leaving)
        await self._engine.dispose()
        if stopping := [stopped for thread in list(self._threads) if (stopped := thread.stop())]:
            await asyncio.wait(stopping, timeout=self._patience)

    def _know(self, connection: Any, _: object) -> None:
        """SQLite runs in threads, which may still be at work when we have long ceased to wait for them."""
        self._threads.add(connection.driver_connection)

    async def _connect(self) -> AsyncConnection:
        connection = self._engine.connect()
        try:
            await connection.start()
        except Exception as error:  # whatever a driver raises: it cannot connect
            raise DatabaseUnavailable(f"the database cannot be reached ({_reason(error)})") from error
        try:
            await connection.begin()
        except BaseException:
            self._let_go(connection)
            raise
        return connection

    def _let_go(self, connection: AsyncConnection) -> None:
        """Roll back without making anybody wait for it."""
        task = asyncio.create_task(_close(connection))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)


async def _close(connection: AsyncConnection) -> None:
    with suppress(DBAPIError, OSError, TimeoutError):
        await connection.close()


def _reason(error: BaseException) -> str:
    """The kind of error only: what drivers say may hold values."""
    cause = getattr(error, "orig", None) or error
    return type(cause).__name__


def engine_for(url: str, patience: float) -> AsyncEngine:
    """An engine for `sqlite:///path` or `postgresql://…`; no value ever stands in its errors or its log."""
    spelled = _spelled(make_url(url))
    if spelled.get_backend_name() == "sqlite":
        return sqlite.engine(spelled, patience)
    limits = {"idle_in_transaction_session_timeout": FORGOTTEN}
    return create_async_engine(
        spelled,
        hide_parameters=True,
        pool_pre_ping=True,  # a server that was restarted is not noticed by a caller
        pool_timeout=patience,
        connect_args={"timeout": patience, "server_settings": limits},
    )


def _spelled(url: URL) -> URL:
    """The address with the driver named; platforms write `postgres:` and `sslmode`, which asyncpg does not know."""
    driver = DRIVERS.get(url.drivername, url.drivername)
    query = {"ssl" if name == "sslmode" else name: value for name, value in url.query.items()}
    return url.set(drivername=driver).set(query=query)
