"""Two web processes and two workers on one PostgreSQL, and calls that cross all of them."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import httpx2
import pytest
from sqlalchemy import Row, select
from twilio.request_validator import RequestValidator

from ivr.phone import Phone
from ivr.phone.office import Office
from ivr.phone.office_server import served
from ivr.store.database import Store
from ivr.store.tables import calls, lines, texts
from tests.processes.running import Balancer, address, running, until
from tests.ringing import CALLER, goes_on
from tests.store.conftest import SECRETS, postgresql_url
from tests.worker.kill import PUBLIC_URL, settings

SENT = "We will text you in a few minutes"
TWO_SENT = "We will send you two texts in a few minutes"
LETTER = f"{datetime.now(UTC) - timedelta(days=14):%d%m%Y}"
"""Of a decision that can still be appealed for weeks: these processes go by the real clock."""
FROM_HEALTH = ("3", *"1111", "5")
"""To the offer of a text by a way that is the same at any hour: these processes go by the real clock."""


@dataclass
class Everything:
    """All that runs."""

    webs: dict[str, asyncio.subprocess.Process]
    balancer: Balancer
    office: Office
    store: Store

    def phone(self) -> Phone:
        return Phone(self.balancer, public_url=PUBLIC_URL, caller=CALLER, otherwise="no_answer")

    async def kills(self, address: str) -> None:
        """A web process is gone from one moment to the next, and nothing is sent to it any more."""
        self.webs[address].send_signal(signal.SIGKILL)
        await self.webs[address].wait()
        self.balancer.addresses.remove(address)

    async def posts(self, path: str, form: dict[str, str]) -> int:
        """One more webhook of the provider's."""
        headers = {
            "X-Twilio-Signature": RequestValidator("token").compute_signature(PUBLIC_URL + path, form),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(self.balancer), base_url=PUBLIC_URL) as client:
            return (await client.post(path, content=urlencode(form), headers=headers)).status_code

    async def states(self) -> list[str]:
        async with self.store.begin() as db:
            return list(await db.scalars(select(texts.c.state)))

    async def record(self, phone: Phone) -> Row[tuple[object, ...]]:
        """The record of a call."""
        mark = self.store.cipher.mark(phone.requests[0].form["CallSid"])
        async with self.store.begin() as db:
            return (await db.execute(select(calls).where(calls.c.mark == mark))).one()

    async def turns(self, phone: Phone) -> list[int]:
        """The turns of a call that stand in its record, in order."""
        mark = self.store.cipher.mark(phone.requests[0].form["CallSid"])
        of_call = select(lines.c.turn).join(calls).where(calls.c.mark == mark).order_by(lines.c.at)
        async with self.store.begin() as db:
            return list(await db.scalars(of_call))

    async def is_recorded(self, phone: Phone) -> None:
        """Each webhook of a call has its line, and they are in order."""
        wanted = list(range(1, len(phone.documents) + 1))

        async def complete() -> bool:
            return await self.turns(phone) == wanted

        await until(complete, f"lines of {wanted}")

    async def is_delivered(self, number: int) -> None:
        """So many texts, each delivered."""

        async def delivered() -> bool:
            return await self.states() == ["delivered"] * number

        await until(delivered, f"{number} texts to be delivered")


@pytest.fixture
def database() -> str:
    return postgresql_url()


@pytest.fixture
async def everything(database: str, tmp_path: Path) -> AsyncIterator[Everything]:
    office, balancer = Office(clock=lambda: datetime.now(UTC)), Balancer([])
    office.line = httpx2.ASGITransport(balancer)
    async with Store(database, SECRETS, patience=30) as store, served(office) as url, AsyncExitStack() as stack:
        given = settings(database, url) | {"IVR_ADVISERS": "+447700900001,+447700900002"}
        logs = [tmp_path / "web1", tmp_path / "web2"]
        serve = "serve", "--no-worker", "--port", "0"
        webs = [await stack.enter_async_context(running(log, given, *serve)) for log in logs]
        for name in ("worker1", "worker2"):
            await stack.enter_async_context(running(tmp_path / name, given, "worker"))
        balancer.addresses = [await address(log) for log in logs]
        yield Everything(dict(zip(balancer.addresses, webs, strict=True)), balancer, office, store)
        await office.has_told()


async def test_calls_cross_processes_one_of_which_dies(everything: Everything, tmp_path: Path) -> None:
    one, other = everything.balancer.addresses

    first = await goes_on(await everything.phone().dials(), *FROM_HEALTH, "1", "1")
    first.hears(SENT)
    await first.hangs_up()
    await everything.is_delivered(1)
    assert everything.balancer.who("/voice") == everything.balancer.who("/sms/status") == {one, other}

    second = await goes_on(await everything.phone().dials(), "1", "1", LETTER, "1", "2", "1")
    await everything.is_recorded(second)
    await everything.kills(one)
    await goes_on(second, "4", "1", "1")
    second.hears(TWO_SENT, "Shall we text you")
    (await goes_on(second, "1")).hears("We will remind you by text")
    assert not second.failures
    await everything.is_delivered(3)
    await everything.is_recorded(second)

    assert Counter(message.to for message in everything.office.messages) == {CALLER: 3}
    assert len({message.body for message in everything.office.messages}) == 3
    ended = second.requests[0].form | {"CallStatus": "completed"}
    assert await everything.posts("/voice/status", ended) == 204
    record = await everything.record(second)
    assert (record.how, set(record.topics.split())) == ("text", {"decisions", "deadline"})
    assert record.ended is not None
    logged = "".join(log.read_text() for log in tmp_path.iterdir())
    assert CALLER[-9:] not in "".join(filter(str.isdigit, logged))
