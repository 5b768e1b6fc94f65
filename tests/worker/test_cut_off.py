"""A process that is told to stop ends in time, though the network to its database was cut and never answers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta

import pytest

from ivr.errors import DatabaseUnavailable
from ivr.simulator.twilio_api.account import SENDER
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.store.database import Store
from ivr.telephony.rest import Provider
from ivr.worker import scheduler
from ivr.worker.outbox import SmsSender
from tests.store.black_hole import BlackHole
from tests.store.conftest import SECRETS, postgresql_url
from tests.store.fixtures import enqueue_text, states
from tests.worker.conftest import PUBLIC_URL, Clock

NEVER, SHORT, AT_ONCE = 3600.0, 0.2, 0.05
"""Seconds: the patience of what is under way, that of a caller, and how long the end may take."""
HANGS = 60.0
"""Seconds after which it is taken for hanging, on a slow machine."""


@pytest.fixture
async def black_hole() -> AsyncIterator[BlackHole]:
    async with BlackHole(postgresql_url()).running() as running:
        yield running


async def in_time(end: Awaitable[None]) -> None:
    async with asyncio.timeout(HANGS):
        await end


async def test_a_store_with_connections_that_are_idle_closes(black_hole: BlackHole) -> None:
    store = Store(black_hole.url, SECRETS, patience=30)
    await asyncio.gather(*(enqueue_text(store, f"key {n}") for n in range(4)))
    black_hole.cut()
    await in_time(store.close(AT_ONCE))


async def test_a_store_with_statements_that_are_under_way_closes(black_hole: BlackHole) -> None:
    store = Store(black_hole.url, SECRETS, patience=30)
    await enqueue_text(store)
    black_hole.cut()
    hurried = Store(black_hole.url, SECRETS, patience=SHORT)
    for one in (store, hurried):
        with pytest.raises(DatabaseUnavailable):
            async with one.begin(left=SHORT):
                await states(one)
    for one in (store, hurried):
        await in_time(one.close(AT_ONCE))


async def test_a_worker_ends_in_the_midst_of_its_tasks(black_hole: BlackHole, caplog: pytest.LogCaptureFixture) -> None:
    store = Store(black_hole.url, SECRETS, patience=NEVER)
    await enqueue_text(store)
    sender = SmsSender(SENDER, PUBLIC_URL, SECRETS, patience=timedelta(seconds=60))
    stop = asyncio.Event()
    async with Provider(ACCOUNT_SID, "token", "http://127.0.0.1:1", 1) as provider:
        black_hole.cut()
        working = asyncio.create_task(scheduler.work(store, provider, sender, Clock(), stop, last_wait=AT_ONCE))
        await black_hole.swallows.wait()  # its tasks wait for the database
        stop.set()
        await in_time(working)
    assert "worker stopped before its tasks were done: seconds=0.05" in caplog.messages
    await in_time(store.close(AT_ONCE))
