"""A connection to SQLite, which has a thread of its own, and its cursors: the driver's, with fewer ways there and back.

Each call to that thread and back takes longer than most statements. The driver sends a cursor there four times: to be
made, to execute, to fetch and to be closed.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Self

import aiosqlite

ROWS_FETCHED = 64
"""At a time; the driver's own default."""


class _Cursor(aiosqlite.Cursor):
    """A cursor that goes to the thread once: it fetches every row when it executes, and that ends the statement."""

    _rows: Iterator[Any] = iter(())

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> Self:
        self._rows = iter(await self._execute(self._all_rows, sql, parameters or ()))  # type: ignore[no-untyped-call]
        return self

    def _all_rows(self, sql: str, parameters: Any) -> Iterable[Any]:
        return self._cursor.execute(sql, parameters).fetchall()

    async def fetchone(self) -> Any:
        return next(self._rows, None)

    async def fetchmany(self, size: int | None = None) -> Iterable[Any]:
        return list(islice(self._rows, self.arraysize if size is None else size))

    async def fetchall(self) -> Iterable[Any]:
        return list(self._rows)

    async def close(self) -> None:
        """Do nothing: no statement is open."""


class SqliteConnection(aiosqlite.Connection):
    """A connection that lets go of the file when it is closed, in whatever moment, and however often.

    The driver's own, closed while a statement is under way, keeps its lock until the garbage collector finds the
    cursor; closed after it was stopped, or while it opens, it forgets the file; and stopped twice, it never answers the
    second time.
    """

    _stopping: asyncio.Future[Any] | None = None
    _opened: sqlite3.Connection | None = None

    def __init__(self, opens: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(self._open, ROWS_FETCHED)
        self._opens = opens

    def cursor(self) -> aiosqlite.Cursor:  # type: ignore[override]  # to be entered, as the driver's is
        return _Cursor(self, self._conn.cursor())

    async def rollback(self) -> None:
        """Roll back the current transaction, if there is one: the pool asks for it each time, to be sure."""
        if self._conn.in_transaction:
            await super().rollback()

    def stop(self) -> asyncio.Future[Any] | None:
        if self._stopping is None:
            self._tx.put_nowait((None, self._let_go))
            self._stopping = super().stop()
        return self._stopping

    async def close(self) -> None:
        if stopping := self.stop():
            await asyncio.wait([stopping])

    def _open(self) -> sqlite3.Connection:
        self._opened = self._opens()
        return self._opened

    def _let_go(self) -> None:
        if self._opened is not None:
            self._opened.rollback()
            self._opened.close()
