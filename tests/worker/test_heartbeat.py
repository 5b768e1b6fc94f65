"""A worker that lives is known to the web processes; one that does not is missed, whatever its clock said."""

import asyncio
from datetime import timedelta

import pytest

from ivr.config import Settings
from ivr.content_source import ContentSource
from ivr.loader import load
from ivr.simulator.twilio_api.account import SENDER
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.store.database import Store
from ivr.store.heartbeat import SMS_SENDER, WORKER, WORKER_DEAD_AFTER, is_alive, record_heartbeat
from ivr.store.state import NO_SENDER, NO_WORKER, missing_worker
from ivr.wiring import run_worker
from ivr.worker.heartbeat import Heartbeat
from tests.store.conftest import store, url
from tests.store.fixtures import DAY, NOW, SECOND

__all__ = ["store", "url"]


async def beats(store: Store, *works: str) -> None:
    await Heartbeat(store, works, lambda: NOW).beat()


async def test_a_worker_is_missed_until_it_beats_and_half_a_minute_after_its_last_beat(store: Store) -> None:
    assert await missing_worker(store, NOW, texts=False) == NO_WORKER
    await beats(store, WORKER)
    assert await missing_worker(store, NOW + WORKER_DEAD_AFTER - SECOND, texts=False) is None
    assert await missing_worker(store, NOW + WORKER_DEAD_AFTER, texts=False) == NO_WORKER


async def test_a_worker_that_sends_no_texts_is_told_where_texts_are_promised(store: Store) -> None:
    await beats(store, WORKER)
    assert await missing_worker(store, NOW, texts=False) is None
    assert await missing_worker(store, NOW, texts=True) == NO_SENDER
    await beats(store, WORKER, SMS_SENDER)
    assert await missing_worker(store, NOW, texts=True) is None


@pytest.mark.parametrize("wrong", [20 * DAY, -20 * DAY, timedelta(minutes=1)])
async def test_a_beat_by_a_clock_that_was_wrong_keeps_nobody_alive(store: Store, wrong: timedelta) -> None:
    async with store.begin() as db:
        await record_heartbeat(db, WORKER, NOW + wrong)
        assert not await is_alive(db, WORKER, NOW, WORKER_DEAD_AFTER)


@pytest.mark.parametrize(("sender", "works"), [(SENDER, {WORKER, SMS_SENDER}), (None, {WORKER})])
async def test_a_real_worker_beats_for_what_its_settings_allow(url: str, sender: str | None, works: set[str]) -> None:
    account = {"account_sid": ACCOUNT_SID, "auth_token": "token", "caller_id": "+441632960000", "sms_from": sender}
    settings = Settings.model_validate({"dev": True, "database_url": url, **account})
    stop = asyncio.Event()
    work = asyncio.create_task(run_worker(settings, ContentSource(settings.content, load()), stop))
    async with Store(url, settings.secrets, 30) as store:
        for _ in range(1000):
            if await missing_worker(store, settings.clock(), texts=SMS_SENDER in works) is None:
                break
            await asyncio.sleep(0.02)
        async with store.read() as db:
            known = {what for what in (WORKER, SMS_SENDER) if await is_alive(db, what, settings.clock())}
    stop.set()
    await work
    assert known == works
