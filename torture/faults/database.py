"""What can happen to a database."""

import asyncio
from contextlib import asynccontextmanager

from torture import disk
from torture.day import Day
from torture.fault import Fault, Injected

LATE = 0.4
SMALL = 16_000_000
"""Bytes of a file system that is soon full."""
LOCKED = ("texts", "promises", "reminders", "callbacks", "messages", "hunts", "calls", "advisers")


@asynccontextmanager
async def nothing(day: Day) -> Injected:
    """No fault at all, to compare with."""
    yield


@asynccontextmanager
async def stopped(day: Day) -> Injected:
    assert day.database
    async with day.database.stopped():
        yield


@asynccontextmanager
async def frozen(day: Day) -> Injected:
    assert day.database
    with day.database.frozen():
        yield


@asynccontextmanager
async def slow(day: Day) -> Injected:
    assert day.wire
    day.wire.is_slow(LATE)
    try:
        yield
    finally:
        day.wire.is_slow(0.0)


@asynccontextmanager
async def locked(day: Day) -> Injected:
    """By somebody who came in to look for something, and forgot to leave."""
    assert day.database
    statement = f"begin; lock table {', '.join(LOCKED)} in access exclusive mode; select pg_sleep({day.fault.seconds})"
    locking = asyncio.create_task(asyncio.to_thread(day.database.run, statement))
    try:
        yield
    finally:
        await locking


@asynccontextmanager
async def full(day: Day) -> Injected:
    assert day.disk
    with disk.full(day.disk):
        yield


@asynccontextmanager
async def restored(day: Day) -> Injected:
    assert day.database
    await asyncio.to_thread(day.database.restore)
    yield


FAULTS = (
    Fault("none", "Nothing is wrong: to compare with.", nothing),
    Fault(
        "database stopped",
        "PostgreSQL is ended without a goodbye (`pg_ctl stop -m immediate`), and started again.",
        stopped,
    ),
    Fault(
        "database frozen",
        "All processes of PostgreSQL are stopped (SIGSTOP): it neither answers nor goes away.",
        frozen,
    ),
    Fault(
        "database slow",
        f"Every answer of PostgreSQL comes {LATE} seconds late, over a wire that holds it up.",
        slow,
        wired=True,
    ),
    Fault("database locked", f"Somebody locks the tables {', '.join(LOCKED)}, in access exclusive mode.", locked),
    Fault(
        "disk full",
        f"SQLite on a file system of {SMALL // 1_000_000} MB (tmpfs), of which not a byte is left.",
        full,
        webs=1,
        disk=SMALL,
    ),
    Fault(
        "database restored from yesterday",
        "The database is replaced by yesterday's backup, in which texts wait that have been sent since.",
        restored,
        begins_with_backup=True,
    ),
)
