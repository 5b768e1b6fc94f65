"""A statement goes to SQLite's thread and back once: that way takes longer than most statements."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import pytest

from ivr.store.sqlite_connection import SqliteConnection


class Counted(SqliteConnection):
    """A connection that counts the ways to its thread."""

    ways = 0

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self.ways += 1
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]


@pytest.fixture
async def connection() -> AsyncIterator[Counted]:
    opens = partial(sqlite3.connect, ":memory:", isolation_level=None, check_same_thread=False)
    connection = Counted(opens)
    await connection
    yield connection
    await connection.close()


async def executed(connection: Counted, sql: str, *values: object) -> list[Any]:
    async with connection.cursor() as cursor:
        await cursor.execute(sql, values)
        return list(await cursor.fetchall())


async def test_every_row_comes_back_on_one_way(connection: Counted) -> None:
    assert await executed(connection, "select ? union select 2", 1) == [(1,), (2,)]
    assert connection.ways == 1


async def test_rows_are_fetched_one_or_some_or_all_at_a_time(connection: Counted) -> None:
    async with connection.cursor() as cursor:
        await cursor.execute("select 1 union select 2 union select 3 union select 4")
        assert await cursor.fetchone() == (1,)
        assert await cursor.fetchmany(2) == [(2,), (3,)]
        assert (await cursor.fetchall(), await cursor.fetchone()) == ([(4,)], None)
        await cursor.execute("select 5 union select 6")
        assert [row async for row in cursor] == [(5,), (6,)]
    assert connection.ways == 2


async def test_what_returns_no_rows_takes_one_way_too(connection: Counted) -> None:
    assert await executed(connection, "create table calls (n)") == []
    assert connection.ways == 1


async def test_a_cursor_tells_what_its_statement_did(connection: Counted) -> None:
    await executed(connection, "create table calls (n)")
    async with connection.cursor() as cursor:
        await cursor.execute("insert into calls values (1), (2)")
    assert (cursor.rowcount, cursor.lastrowid) == (2, 2)


async def test_after_a_statement_that_fails_the_next_one_works(connection: Counted) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await executed(connection, "select * from missing")
    assert await executed(connection, "select 1") == [(1,)]


async def test_where_no_transaction_is_under_way_there_is_nothing_to_roll_back(connection: Counted) -> None:
    await connection.rollback()
    assert connection.ways == 0


async def test_a_transaction_is_rolled_back(connection: Counted) -> None:
    for sql in ("create table calls (n)", "begin", "insert into calls values (1)"):
        await executed(connection, sql)
    await connection.rollback()
    assert await executed(connection, "select * from calls") == []
