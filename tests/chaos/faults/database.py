"""Faults of the database."""

import asyncio
from contextlib import asynccontextmanager

from tests.chaos import disk
from tests.chaos.run import Run
from tests.chaos.scenario import Injected, Scenario

LATENCY = 0.4
"""Seconds."""
SMALL_DISK = 16_000_000
"""Bytes."""
LOCKED_TABLES = "sms_outbox, idempotency_keys, reminders, callbacks, voicemails, hunts, calls, advisers"


@asynccontextmanager
async def no_fault(run: Run) -> Injected:
    """Inject nothing."""
    yield


@asynccontextmanager
async def stopped(run: Run) -> Injected:
    assert run.database
    async with run.database.stopped():
        yield


@asynccontextmanager
async def frozen(run: Run) -> Injected:
    assert run.database
    with run.database.frozen():
        yield


@asynccontextmanager
async def slow(run: Run) -> Injected:
    assert run.latency_proxy
    run.latency_proxy.set_delay(LATENCY)
    try:
        yield
    finally:
        run.latency_proxy.set_delay(0.0)


@asynccontextmanager
async def locked(run: Run) -> Injected:
    """Lock tables in a psql session of their own, as an operator may who forgets to commit."""
    assert run.database
    statement = f"begin; lock table {LOCKED_TABLES} in access exclusive mode; select pg_sleep({run.scenario.seconds})"
    locking = asyncio.create_task(asyncio.to_thread(run.database.run, statement))
    try:
        yield
    finally:
        await locking


@asynccontextmanager
async def disk_full(run: Run) -> Injected:
    assert run.disk
    with disk.full(run.disk):
        yield


@asynccontextmanager
async def restored(run: Run) -> Injected:
    assert run.database
    await asyncio.to_thread(run.database.restore)
    run.note_restored()
    yield


SCENARIOS = (
    Scenario("no fault", "Nothing is injected: the baseline.", no_fault),
    Scenario(
        "database stopped",
        "PostgreSQL is stopped in immediate mode (`pg_ctl stop -m immediate`) and started again.",
        stopped,
    ),
    Scenario(
        "database frozen",
        "All PostgreSQL processes are suspended (SIGSTOP): they do not answer, and connections stay open.",
        frozen,
    ),
    Scenario(
        "database slow",
        f"A proxy delays every response of PostgreSQL by {LATENCY} seconds.",
        slow,
        has_latency_proxy=True,
    ),
    Scenario("database locked", f"The tables {LOCKED_TABLES} are locked in access exclusive mode.", locked),
    Scenario(
        "disk full",
        f"SQLite is on a file system of {SMALL_DISK // 1_000_000} MB (tmpfs), which is filled to the last byte.",
        disk_full,
        webs=1,
        is_sqlite=True,
        disk=SMALL_DISK,
    ),
    Scenario(
        "database restored from backup",
        "The database is replaced by a backup of the day before, in which texts are queued that have been sent since.",
        restored,
        restores_backup=True,
    ),
)
