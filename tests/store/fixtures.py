"""Numbers that reach nobody (Ofcom keeps them for drama), words, and quotas, for the tests of the store."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, text, update

from ivr.engine.effects import Effect, EffectStatus, RequestCallback, ScheduleReminders, SendText
from ivr.engine.events import EffectResult
from ivr.helpline.rota import Adviser, of_setting
from ivr.store import callback_list, effects, sms_outbox
from ivr.store.call_events import CallEvent
from ivr.store.callback_list import CallbackItem
from ivr.store.cipher import Cipher
from ivr.store.database import Store
from ivr.store.quotas import Quotas
from ivr.store.request_context import RequestContext
from ivr.store.resealing import SEALED
from ivr.store.sms_states import OutboxText
from ivr.store.staff_alerts import StaffAlerts

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
PARENT = "+447700900123"
OTHER = "+447700900456"
ADVISER = "+447700900001"
BODY = "From the helpline: ask the school for a meeting."
NO_QUOTAS = Quotas(1000, 1000, 1000, 1000, 1000, 1000)
LEASE = timedelta(seconds=30)
INDEX_KEY = b"k" * 32
LOST = Cipher([b"lost" * 8], [INDEX_KEY])
"""A secret that nobody has any more."""
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


async def enqueue_text(
    store: Store, key: str = "CA1 school/text 3", to: str = PARENT, at: datetime = NOW, quotas: Quotas = NO_QUOTAS
) -> EffectStatus:
    """Add one text to the outbox, in a transaction of its own."""
    return (await perform(store, SendText(to, BODY, "school"), key, at, quotas)).status


async def schedule_reminders(
    store: Store,
    *due: datetime,
    key: str = "CA1 deadline/remind 5",
    to: str = PARENT,
    topic: str = "deadline",
    at: datetime = NOW,
    quotas: Quotas = NO_QUOTAS,
) -> EffectStatus:
    """Schedule reminders, in a transaction of their own."""
    effect = ScheduleReminders(to, topic, tuple((day, f"{BODY} {place}") for place, day in enumerate(due)))
    return (await perform(store, effect, key, at, quotas)).status


async def perform(
    store: Store,
    effect: Effect,
    key: str,
    at: datetime = NOW,
    quotas: Quotas = NO_QUOTAS,
    advisers: tuple[Adviser, ...] = of_setting([ADVISER]),
) -> EffectResult:
    """Perform any effect, in a transaction of its own."""
    async with store.begin() as db:
        context = RequestContext("CA1", key, at, quotas, advisers, StaffAlerts(advisers, lambda: ""))
        return await effects.perform(db, store.cipher, context, effect)


async def request_callback(
    store: Store,
    key: str = "CA1 callbacks/promise 6",
    number: str = PARENT,
    topic: str = "school",
    deadline: date | None = None,
    part: str = "morning",
    alert: str = "",
    at: datetime = NOW,
    quotas: Quotas = NO_QUOTAS,
    audience: str = "",
) -> EffectResult:
    """Request a callback."""
    return await perform(store, RequestCallback(number, topic, deadline, part, alert, audience), key, at, quotas)


async def callback_items(store: Store, at: datetime = NOW) -> list[CallbackItem]:
    """Return the callback list."""
    async with store.begin() as db:
        return await callback_list.read(db, store.cipher, at)


async def claim_texts(store: Store, at: datetime = NOW, limit: int = 10, lease: timedelta = LEASE) -> list[OutboxText]:
    """Claim texts as a worker does."""
    async with store.begin() as db:
        return await sms_outbox.claim(db, store.cipher, at, lease, limit)


async def sending(store: Store) -> OutboxText:
    """Return a text that a worker has just claimed."""
    await enqueue_text(store)
    [text] = await claim_texts(store)
    return text


async def states(store: Store) -> dict[str, int]:
    """Return the number of texts in each state that has any."""
    async with store.begin() as db:
        return {state.value: n for state, n in (await sms_outbox.counts(db)).items() if n}


async def lose_secret(store: Store, table: Table) -> None:
    """Seal the rows of a table with a secret that nobody has any more."""
    async with store.begin() as db:
        await db.execute(update(table).values({name: LOST.encrypt("lost") for name in SEALED[table]}))


def call_event(call: bytes, at: datetime, turn: int = 0, **more: Any) -> CallEvent:
    """Return an event of a call, as it is stored."""
    return CallEvent(call, at, turn=turn, step=f"town/step{turn}", happened="Digits")._replace(**more)


async def set_schema(store: Store, schema: str) -> None:
    """Have the database say that it has another schema, as if another release had migrated it."""
    async with store.begin() as db:
        await db.execute(text("UPDATE alembic_version SET version_num = :schema"), {"schema": schema})
