"""`ivr serve` and `ivr worker` end in time when told to, though the network to PostgreSQL was cut and never answers."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.server import served
from ivr.store import heartbeat
from ivr.store.database import Store
from tests.processes.ivr_process import IvrProcess
from tests.processes.test_many import wait_until
from tests.store.black_hole import BlackHole
from tests.store.conftest import SECRETS, postgresql_url
from tests.worker.kill import settings

BOUND = 15.0
"""Seconds, as docs/operating.md says."""
BUSY = 5.0
"""Seconds that a machine may be too busy to notice."""


async def is_alive(store: Store) -> bool:
    async with store.read() as db:
        return await heartbeat.is_alive(db, heartbeat.CALL_DISTRIBUTOR, datetime.now(UTC))


async def test_whoever_is_told_to_stop_ends_in_time_though_the_network_to_the_database_was_cut(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(Store(url := postgresql_url(), SECRETS, 30))
        black_hole = await stack.enter_async_context(BlackHole(url).running())
        api = await stack.enter_async_context(served(TwilioAccount()))
        given = settings(black_hole.url, api)
        worker = IvrProcess(tmp_path / "worker", given, ("worker",))
        web = IvrProcess(tmp_path / "web", given, ("serve", "--port", "0"))
        await stack.enter_async_context(worker.running())
        await wait_until(lambda: is_alive(store), "the worker")
        await stack.enter_async_context(web.running())
        await web.base_url()
        black_hole.cut()
        await black_hole.swallows.wait()
        async with asyncio.timeout(BOUND + BUSY):
            await asyncio.gather(worker.stop(), web.stop())
