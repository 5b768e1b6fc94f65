"""A worker does only what its settings allow."""

import asyncio

import pytest

from ivr.config import Settings
from ivr.content_source import ContentSource
from ivr.errors import SecretDoesNotFit, SettingsError
from ivr.simulator.twilio_api.account import SENDER
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.store import heartbeat
from ivr.store.database import Store
from ivr.wiring import run_worker
from ivr.worker import scheduler
from tests.store.fixtures import enqueue_text, states


async def test_without_an_account_it_says_what_is_missing() -> None:
    settings = Settings(dev=True, auth_token="token", sms_from=SENDER, caller_id="+441632960000")
    with pytest.raises(SettingsError, match="TWILIO_ACCOUNT_SID"):
        await run_worker(settings, ContentSource(settings.content), asyncio.Event())


async def test_without_a_number_to_text_or_to_ring_from_it_says_what_is_missing() -> None:
    settings = Settings(dev=True, auth_token="token", account_sid=ACCOUNT_SID)
    with pytest.raises(SettingsError, match=r"IVR_SMS_FROM.*IVR_CALLER_ID"):
        await run_worker(settings, ContentSource(settings.content), asyncio.Event())


@pytest.mark.parametrize("number", ["sms_from", "caller_id"])
async def test_it_does_what_it_can_with_one_of_them(number: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "TICK", 0.005)
    account = {"auth_token": "token", "account_sid": ACCOUNT_SID}
    settings = Settings.model_validate({"dev": True, "database_url": url, number: "+447700900999", **account})
    stop = asyncio.Event()
    work = asyncio.create_task(run_worker(settings, ContentSource(settings.content), stop))
    is_alive = False
    async with Store(url, settings.secrets, 30) as store:
        for _ in range(500 if number == "caller_id" else 5):
            async with store.begin() as db:
                is_alive = is_alive or await heartbeat.is_alive(db, heartbeat.CALL_DISTRIBUTOR, settings.clock())
            if is_alive:
                break
            await asyncio.sleep(0.02)
    stop.set()
    await work
    assert is_alive == (number == "caller_id")


async def test_a_worker_whose_secret_does_not_fit_refuses_to_start_and_loses_nothing(url: str) -> None:
    account = {"auth_token": "token", "account_sid": ACCOUNT_SID, "sms_from": SENDER}
    ours, strange = "A" * 43, "n" * 42 + "0"
    settings = Settings.model_validate({"dev": True, "database_url": url, "secret_key": strange, **account})
    async with Store(url, Settings(dev=True, secret_key=ours).secrets, 30) as store:
        await enqueue_text(store)
        with pytest.raises(SecretDoesNotFit, match=r"^IVR_SECRET_KEY .* set the one that its other processes have"):
            await run_worker(settings, ContentSource(settings.content), asyncio.Event())
        assert await states(store) == {"waiting": 1}
