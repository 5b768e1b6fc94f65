"""A database that is stopped, locked, full or slow is noticed in time; nobody waits for its connections to close."""

import asyncio
import gc
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random
from threading import enumerate as enumerate_threads

import asyncpg  # type: ignore[import-untyped]
import psutil
import pytest
from sqlalchemy import select, text

from ivr.engine.effects import EffectStatus
from ivr.errors import DatabaseUnavailable
from ivr.store import opt_outs
from ivr.store.database import Store, engine_for
from ivr.store.tables import opt_outs as table
from tests.store import postgres
from tests.store.conftest import SECRETS, postgresql_url, sqlite_url
from tests.store.fixtures import NOW, PARENT, enqueue_text, states

SHORT = 0.2
SLOW_SQLITE = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000000) select count(*) from n"


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """Suspend every process of a server."""
    server = psutil.Process(pid)
    family = [server, *server.children()]
    for member in family:
        member.suspend()
    try:
        yield
    finally:
        for member in family:
            member.resume()


async def test_what_was_written_is_there_for_the_next(store: Store) -> None:
    async with store.begin() as db:
        await opt_outs.opt_out(db, b"blind_index", NOW)
    async with store.begin() as db:
        assert await opt_outs.is_opted_out(db, b"blind_index")


async def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        async with store.begin() as db:
            await opt_outs.opt_out(db, b"blind_index", NOW)
            raise ZeroDivisionError
    async with store.begin() as db:
        assert not await opt_outs.is_opted_out(db, b"blind_index")


async def test_a_caller_who_is_cut_off_leaves_nothing_and_holds_nobody_up(store: Store) -> None:
    begun = asyncio.Event()

    async def interrupted() -> None:
        async with store.begin() as db:
            await opt_outs.opt_out(db, b"blind_index", NOW)
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(interrupted())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.begin() as db:
        assert not await opt_outs.is_opted_out(db, b"blind_index")


async def test_moments_are_utc_wherever_they_come_from(store: Store) -> None:
    summer = datetime(2026, 7, 1, 10, tzinfo=timezone(timedelta(hours=1)))
    async with store.begin() as db:
        await opt_outs.opt_out(db, b"blind_index", summer)
        found = await opt_outs.opted_out_since(db, b"blind_index")
    assert found is not None
    assert (found.isoformat(), found) == ("2026-07-01T09:00:00+00:00", summer)


async def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="time zone"):
        async with store.begin() as db:
            await opt_outs.opt_out(db, b"blind_index", NOW.replace(tzinfo=None))


async def test_transactions_in_one_process_wait_for_each_other(store: Store) -> None:
    kept = await asyncio.gather(*(enqueue_text(store, f"key {n}") for n in range(20)))
    assert kept == [EffectStatus.kept] * 20
    assert await states(store) == {"waiting": 20}


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("sqlite:///helpline.db", "sqlite+aiosqlite:///helpline.db"),
        ("postgresql://ivr:pw@host/db", "postgresql+asyncpg://ivr:***@host/db"),
        ("postgres://host/db?sslmode=require", "postgresql+asyncpg://host/db?ssl=require"),
        ("postgresql+asyncpg://host/db", "postgresql+asyncpg://host/db"),
    ],
)
def test_the_driver_is_spelled_for_whoever_writes_an_address(written: str, spelled: str) -> None:
    assert str(engine_for(written, 1).url) == spelled


@pytest.mark.parametrize(
    "url", ["sqlite:////nowhere/at/all.db", "postgresql://nobody@/none?host=/nowhere", "postgresql://n@127.0.0.1:1/n"]
)
async def test_a_database_that_is_not_there_is_down(url: str) -> None:
    async with Store(url, SECRETS) as store:
        with pytest.raises(DatabaseUnavailable):
            async with store.begin():
                pass


async def test_a_database_without_tables_is_down(empty_url: str) -> None:
    async with Store(empty_url, SECRETS, patience=30) as store:
        with pytest.raises(DatabaseUnavailable):
            await enqueue_text(store)


async def test_an_error_carries_no_value(store: Store) -> None:
    with pytest.raises(DatabaseUnavailable) as raised:
        async with store.begin() as db:
            await db.execute(text("select :number from nowhere"), {"number": PARENT})
    assert PARENT not in f"{raised.value} {raised.value.__cause__!r} {raised.value.__cause__}"


async def test_sqlite_that_somebody_else_has_locked_is_down_and_comes_back(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    async with Store(url, SECRETS, patience=SHORT) as store:
        with closing(sqlite3.connect(tmp_path / "kept.db")) as other:
            other.execute("begin exclusive")
            with pytest.raises(DatabaseUnavailable):
                await enqueue_text(store)
            other.rollback()
        assert await until_it_works(store) == EffectStatus.kept


async def until_it_works(store: Store) -> EffectStatus:
    """Retry: connections are closed in the background."""
    while True:
        try:
            return await enqueue_text(store)
        except DatabaseUnavailable:
            await asyncio.sleep(0.05)


async def test_sqlite_that_is_full_is_down_and_keeps_what_it_had(tmp_path: Path) -> None:
    async with Store(sqlite_url(tmp_path), SECRETS, patience=30) as store:
        async with store.begin() as db:
            await db.execute(text("PRAGMA max_page_count = 1"))  # as small as it is now
        with pytest.raises(DatabaseUnavailable):
            for n in range(1000):
                await enqueue_text(store, f"key {n}")
        before = await states(store)
        with pytest.raises(DatabaseUnavailable):
            for n in range(1000, 2000):
                await enqueue_text(store, f"key {n}")
        assert (await states(store)).keys() == before.keys()


async def test_sqlite_that_is_slow_is_down_and_comes_back(tmp_path: Path) -> None:
    async with Store(sqlite_url(tmp_path), SECRETS, patience=SHORT) as store:
        with pytest.raises(DatabaseUnavailable):
            async with store.begin() as db:
                await db.execute(text(SLOW_SQLITE))
        assert await until_it_works(store) == EffectStatus.kept


@pytest.mark.parametrize("seed", range(4))
async def test_sqlite_comes_back_at_once_however_often_and_wherever_time_ran_out(tmp_path: Path, seed: int) -> None:
    random = Random(seed)  # noqa: S311  nothing secret
    gc.disable()  # it may come much later
    try:
        async with Store(sqlite_url(tmp_path), SECRETS, patience=30) as store:
            for _ in range(60):
                with suppress(DatabaseUnavailable):
                    async with store.begin(left=random.uniform(0.0001, 0.02)) as db:
                        await db.execute(text(SLOW_SQLITE.replace("3000000", "20000")))
            assert await enqueue_text(store) == EffectStatus.kept
    finally:
        gc.enable()


def test_a_store_that_is_closed_has_no_thread_that_still_opens_a_connection(tmp_path: Path) -> None:
    """Such a thread would call back into an event loop that is closed: an error of the thread fails the test."""

    async def cut_off(left: float) -> None:
        async with Store(sqlite_url(tmp_path), SECRETS, patience=30) as store:
            with suppress(DatabaseUnavailable):
                async with store.begin(left=left):
                    pass

    for place in range(100):
        asyncio.run(cut_off(place / 100_000))  # up to a millisecond
    for thread in enumerate_threads():
        if "connection_worker" in thread.name:
            thread.join(1)


async def test_whoever_waits_behind_a_slow_transaction_is_told_that_it_is_down(tmp_path: Path) -> None:
    async with Store(sqlite_url(tmp_path), SECRETS, patience=SHORT) as store:

        async def slow() -> None:
            async with store.begin() as db:
                await db.execute(text(SLOW_SQLITE))

        outcomes = await asyncio.gather(slow(), enqueue_text(store), return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [DatabaseUnavailable, DatabaseUnavailable]


@pytest.fixture
def postgres_url() -> str:
    """A migrated PostgreSQL database without rows."""
    return postgresql_url()


async def test_postgresql_that_is_slow_is_down_and_comes_back(postgres_url: str) -> None:
    async with Store(postgres_url, SECRETS, patience=SHORT) as store:
        with pytest.raises(DatabaseUnavailable):
            async with store.begin() as db:
                await db.execute(text("select pg_sleep(60)"))
        assert await until_it_works(store) == EffectStatus.kept


async def test_postgresql_whose_table_somebody_else_has_locked_is_down_and_comes_back(postgres_url: str) -> None:
    async with Store(postgres_url, SECRETS, patience=SHORT) as store:
        other = await asyncpg.connect(postgres_url)
        await other.execute("begin; lock table sms_outbox in access exclusive mode")
        with pytest.raises(DatabaseUnavailable):
            await enqueue_text(store)
        await other.close()
        assert await until_it_works(store) == EffectStatus.kept


async def test_postgresql_that_stands_still_is_down_and_comes_back(postgres_url: str) -> None:
    async with Store(postgres_url, SECRETS, patience=SHORT) as store:
        assert await until_it_works(store) == EffectStatus.kept
        with frozen(postgres.start().pid):
            for _ in range(2):  # over a connection that there is, and over a new one
                with pytest.raises(DatabaseUnavailable):
                    await enqueue_text(store, "another key")
        assert await until_it_works(store) == EffectStatus.kept


async def test_postgresql_that_dropped_our_connections_is_not_noticed(postgres_url: str) -> None:
    async with Store(postgres_url, SECRETS, patience=30) as store:
        await enqueue_text(store)
        other = await asyncpg.connect(postgres_url)
        await other.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where pid <> pg_backend_pid() and datname = current_database()"
        )
        await other.close()
        assert await enqueue_text(store, "another key") == EffectStatus.kept


@contextmanager
def read_only(url: str) -> Iterator[None]:
    """Make the sessions read-only that begin meanwhile, which they stay, as those of a standby behind a pooler do."""
    server, name = postgres.start().server, url.partition("?")[0].rpartition("/")[2]
    server.psql(f"alter database {name} set default_transaction_read_only = on;")
    try:
        yield
    finally:
        server.psql(f"alter database {name} reset default_transaction_read_only;")


async def test_postgresql_that_was_read_only_takes_promises_again_as_soon_as_it_is_not(postgres_url: str) -> None:
    async with Store(postgres_url, SECRETS, patience=30) as store:
        with read_only(postgres_url):
            for _ in range(2):
                with pytest.raises(DatabaseUnavailable):
                    await enqueue_text(store)
        assert await enqueue_text(store) == EffectStatus.kept


async def test_one_error_drops_every_connection_that_began_while_postgresql_was_read_only(postgres_url: str) -> None:
    async with Store(postgres_url, SECRETS, patience=30) as first:
        await states(first)  # the keys of the blind indexes are made
    async with Store(postgres_url, SECRETS, patience=30) as store:
        with read_only(postgres_url):
            await asyncio.gather(*(states(store) for _ in range(4)))  # reading shows nothing
        with pytest.raises(DatabaseUnavailable):
            await enqueue_text(store)
        promised = await asyncio.gather(*(enqueue_text(store, f"key {n}") for n in range(8)))
        assert set(promised) == {EffectStatus.kept}


async def test_postgresql_without_a_free_connection_is_down(postgres_url: str) -> None:
    async with Store(postgres_url, SECRETS, patience=SHORT) as store:

        async def slow() -> None:
            async with store.begin() as db:
                await db.execute(text("select pg_sleep(60)"))

        outcomes = await asyncio.gather(*(slow() for _ in range(20)), enqueue_text(store), return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {DatabaseUnavailable}


async def test_two_processes_on_one_file_lose_nothing(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    async with Store(url, SECRETS, patience=30) as one, Store(url, SECRETS, patience=30) as other:
        promised = (enqueue_text(store, f"{store} {n}") for n in range(20) for store in (one, other))
        assert set(await asyncio.gather(*promised)) == {EffectStatus.kept}
        assert await states(one) == {"waiting": 40}


async def test_the_table_is_read_as_it_was_written(store: Store) -> None:
    async with store.begin() as db:
        await opt_outs.opt_out(db, b"blind_index", NOW)
        assert [(row.blind_index, row.since) for row in await db.execute(select(table))] == [(b"blind_index", NOW)]
