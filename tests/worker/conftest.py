"""A worker between a store and the fake provider, with a clock set by hand."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from ivr.engine.effects import SendText
from ivr.simulator.twilio_api.account import SENDER, TwilioAccount
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.routes import rest_api
from ivr.store import sms_outbox, sms_states
from ivr.store.database import Store
from ivr.store.quotas import Quotas
from ivr.store.sms_states import OutboxText
from ivr.store.tables import sms_outbox as texts_table
from ivr.telephony.rest import Provider
from ivr.worker.clock_check import ClockCheck
from ivr.worker.maintenance import Maintenance
from ivr.worker.outbox import Outbox, SmsSender
from ivr.worker.reconcile import Reconciler
from tests.store.conftest import SECRETS, store, url
from tests.worker.sms_status import SmsStatus

__all__ = ["store", "url"]

PUBLIC_URL = "https://helpline.example"
PARENT = "+447700900123"
PATIENCE = timedelta(seconds=60)
QUOTAS = Quotas(per_number_per_day=1000, per_hour=1000)


@dataclass
class Clock:
    """A clock that is set by hand."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 10, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Work:
    """A worker's parts, with their store and provider."""

    store: Store
    twilio: TwilioAccount
    provider: Provider
    sender: SmsSender
    clock: Clock

    def __post_init__(self) -> None:
        self.clock_check = ClockCheck(self.store, self.clock, self.provider, asks_server=False)
        parts = self.store, self.provider, self.sender, self.clock, self.clock_check
        self.outbox, self.reconciler = Outbox(*parts), Reconciler(*parts[:-1])
        self.maintenance = Maintenance(self.store, self.provider, self.clock, self.clock_check)

    @property
    def about_texts(self) -> list[str]:
        """The requests to send a text or to list texts, in order."""
        return [request for request in self.twilio.requests if request.endswith("/Messages.json")]

    async def enqueue(self, body: str = "Hello.", to: str = PARENT, key: str | None = None) -> None:
        """Put a text into the outbox."""
        effect = SendText(to, body, "school")
        async with self.store.begin() as db:
            await sms_outbox.enqueue(db, self.store.cipher, key or f"{to} {body}", effect, self.clock(), QUOTAS)

    async def claims_one(self, lease: timedelta) -> OutboxText:
        """Claim a text as a worker that then does no more about it."""
        async with self.store.begin() as db:
            [taken] = await sms_outbox.claim(db, self.store.cipher, self.clock(), lease, 1)
        return taken

    async def texts(self) -> list[OutboxText]:
        """Return all texts, the oldest first."""
        async with self.store.begin() as db:
            rows = await db.execute(texts_table.select().order_by(texts_table.c.promised, texts_table.c.id))
            return [sms_states.read(row, self.store.cipher) for row in rows.all()]

    async def text(self) -> OutboxText:
        """Return the only one."""
        [text] = await self.texts()
        return text

    async def seconds_pass(self, seconds: int, step: int = 10) -> None:
        """Run the worker's tasks at every `step` seconds."""
        for _ in range(seconds // step):
            self.clock.passes(step)
            await self.outbox.send_due()
            await self.reconciler.look_up()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def work(store: Store, clock: Clock) -> AsyncIterator[Work]:
    line = httpx2.ASGITransport(SmsStatus(store, PUBLIC_URL, SECRETS, clock).app)
    twilio = TwilioAccount(transport=line, clock=clock)
    sender = SmsSender(SENDER, PUBLIC_URL, SECRETS, per_second=1000, patience=PATIENCE)
    async with Provider(ACCOUNT_SID, "token", "http://office", 10, httpx2.ASGITransport(rest_api(twilio))) as provider:
        yield Work(store, twilio, provider, sender, clock)
        await twilio.callbacks_delivered()  # while the store is still open
