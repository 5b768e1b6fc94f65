"""The in-process worker of a simulated call."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from ivr.commands.in_process_worker import InProcessWorker, Round
from ivr.config import Settings
from ivr.simulator.network.clock import Clock
from ivr.simulator.twilio_api.account import SENDER, TwilioAccount
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.store.database import Store
from ivr.telephony.rest import Provider
from tests.simulator.hunt_app import HuntSetup
from tests.store.conftest import sqlite_url
from tests.test_calls import settings


@pytest.fixture
def url(tmp_path: Path) -> str:
    return sqlite_url(tmp_path)


async def test_the_crew_has_the_database_the_account_and_the_clock_of_the_call(url: str) -> None:
    sent: list[str] = []
    twilio, clock = TwilioAccount(token="token", clock=Clock()), Clock()

    def texts(settings: Settings, store: Store, provider: Provider, now: Callable[[], datetime]) -> Round:
        async def one() -> None:
            async with store.begin():
                accepted = await provider.send("+447700900123", f"It is {now():%M}", SENDER, "http://helpline.example/")
                sent.append(accepted.sid)

        return one

    more = {"DATABASE_URL": url, "TWILIO_ACCOUNT_SID": ACCOUNT_SID}
    worker = InProcessWorker(settings(more), twilio, clock, (texts,))
    await worker.round()
    clock.seconds += 60
    await worker.round()
    await worker.close()
    assert [message.body for message in twilio.messages] == ["It is 00", "It is 01"]
    assert [message.sid for message in twilio.messages] == sent


async def test_without_jobs_nothing_is_opened() -> None:
    worker = InProcessWorker(settings(), HuntSetup().twilio, Clock(), ())
    await worker.round()
    await worker.close()
