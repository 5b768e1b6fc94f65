"""Two web processes and two workers on one PostgreSQL, and calls that cross all of them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import httpx2
import pytest
from sqlalchemy import select
from twilio.request_validator import RequestValidator

from ivr.simulator.phone import Phone
from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.server import served
from ivr.store import call_events
from ivr.store.call_events import CallRecord
from ivr.store.database import Store
from ivr.store.tables import call_events as events
from ivr.store.tables import sms_outbox
from tests.phone_calls import CALLER, goes_on
from tests.processes.ivr_process import IvrProcess
from tests.processes.load_balancer import LoadBalancer
from tests.store.conftest import SECRETS, postgresql_url
from tests.worker.kill import PUBLIC_URL, settings

SENT = "We will text you as soon as we can"
TWO_SENT = "We will send you two texts as soon as we can"
LETTER = f"{datetime.now(UTC) - timedelta(days=14):%d%m%Y}"
"""Of a decision that can still be appealed for weeks: these processes go by the real clock."""
FROM_HEALTH = ("5", "1", "5", *"1111", "4")
"""To the offer of a text by a way that is the same at any hour: these processes go by the real clock."""


TIMEOUT = 60.0
"""Seconds to wait for a condition, on a slow machine."""


async def wait_until(is_met: Callable[[], Awaitable[bool]], description: str) -> None:
    """Poll a condition until it is met; fail after a timeout."""
    try:
        async with asyncio.timeout(TIMEOUT):
            while not await is_met():
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"timeout while waiting for {description}") from None


@dataclass
class Everything:
    """All processes of a test, and the provider."""

    webs: dict[str, IvrProcess]
    load_balancer: LoadBalancer
    twilio: TwilioAccount
    store: Store

    def phone(self) -> Phone:
        return Phone(self.load_balancer, public_url=PUBLIC_URL, caller=CALLER, default_callee="no_answer")

    async def kills(self, backend: str) -> None:
        """Kill a web process and take it out of the load balancer."""
        await self.webs[backend].kill()
        self.load_balancer.remove(backend)

    async def posts(self, path: str, form: dict[str, str]) -> int:
        """Send a webhook of the provider's."""
        headers = {
            "X-Twilio-Signature": RequestValidator("token").compute_signature(PUBLIC_URL + path, form),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(self.load_balancer), base_url=PUBLIC_URL
        ) as client:
            return (await client.post(path, content=urlencode(form), headers=headers)).status_code

    async def states(self) -> list[str]:
        async with self.store.begin() as db:
            return list(await db.scalars(select(sms_outbox.c.state)))

    async def record(self, phone: Phone) -> CallRecord:
        """Return the record of a call."""
        async with self.store.begin() as db:
            found = await call_events.read(db, self.store.cipher.blind_index(phone.requests[0].form["CallSid"]))
        assert found
        return found

    async def turns(self, phone: Phone) -> list[int]:
        """Return the turns of a call's events, in order."""
        async with self.store.begin() as db:
            blind_index = self.store.cipher.blind_index(phone.requests[0].form["CallSid"])
            of_call = select(events.c.turn).where(events.c.call == blind_index).order_by(events.c.at)
            return list(await db.scalars(of_call))

    async def is_recorded(self, phone: Phone) -> None:
        """Wait until each webhook of a call has its event, in order."""
        wanted = list(range(1, len(phone.documents) + 1))

        async def complete() -> bool:
            return await self.turns(phone) == wanted

        await wait_until(complete, f"lines of {wanted}")

    async def is_delivered(self, number: int) -> None:
        """Wait until so many texts are delivered."""

        async def delivered() -> bool:
            return await self.states() == ["delivered"] * number

        await wait_until(delivered, f"{number} texts to be delivered")


@pytest.fixture
def database() -> str:
    return postgresql_url()


@pytest.fixture
async def everything(database: str, tmp_path: Path) -> AsyncIterator[Everything]:
    twilio, load_balancer = TwilioAccount(clock=lambda: datetime.now(UTC)), LoadBalancer(timeout=TIMEOUT)
    twilio.transport = httpx2.ASGITransport(load_balancer)
    async with (
        load_balancer,
        Store(database, SECRETS, patience=30) as store,
        served(twilio) as url,
        AsyncExitStack() as stack,
    ):
        given = settings(database, url) | {"IVR_ADVISERS": "+447700900001,+447700900002"}
        serve = "serve", "--no-worker", "--port", "0"
        webs = [IvrProcess(tmp_path / name, given, serve) for name in ("web1", "web2")]
        workers = [IvrProcess(tmp_path / name, given, ("worker",)) for name in ("worker1", "worker2")]
        for process in (*webs, *workers):
            await stack.enter_async_context(process.running())
        load_balancer.backends = [await web.base_url() for web in webs]
        yield Everything(dict(zip(load_balancer.backends, webs, strict=True)), load_balancer, twilio, store)
        await twilio.callbacks_delivered()


async def test_calls_cross_processes_one_of_which_dies(everything: Everything, tmp_path: Path) -> None:
    one, other = everything.load_balancer.backends

    first = await goes_on(await everything.phone().dials(), *FROM_HEALTH, "1", "1")
    first.hears(SENT)
    await first.hangs_up()
    await everything.is_delivered(1)
    assert (
        everything.load_balancer.backends_for("/voice")
        == everything.load_balancer.backends_for("/sms/status")
        == {one, other}
    )

    second = await goes_on(await everything.phone().dials(), "1", "1", LETTER, "1", "2", "1", "1")
    await everything.is_recorded(second)
    await everything.kills(one)
    await goes_on(second, "4", "1", "1")
    second.hears(TWO_SENT, "Shall we text you")
    (await goes_on(second, "1")).hears("We will remind you by text")
    assert not second.failures
    await everything.is_delivered(3)
    await everything.is_recorded(second)

    assert Counter(message.to for message in everything.twilio.messages) == {CALLER: 3}
    assert len({message.body for message in everything.twilio.messages}) == 3
    ended = second.requests[0].form | {"CallStatus": "completed"}
    assert await everything.posts("/voice/status", ended) == 204
    record = await everything.record(second)
    assert (record.outcome, set(record.topics.split())) == ("text", {"decisions", "deadline"})
    assert record.ended is not None
    logged = "".join(log.read_text() for log in tmp_path.iterdir())
    assert CALLER[-9:] not in "".join(filter(str.isdigit, logged))
