"""A caller who leaves a message, step by step, for the tests of the store."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from ivr.engine.events import PromiseKept
from ivr.engine.promises import (
    Kept,
    Message,
    MessageBegin,
    MessageDiscard,
    MessageHear,
    MessageRecorded,
    MessageSend,
)
from ivr.helpline.rota import of_setting
from ivr.store import messages, promises, records, texts
from ivr.store.alerts import Alerts
from ivr.store.asker import Asker
from ivr.store.caps import ALERT
from ivr.store.database import Store
from ivr.store.records import Ended
from ivr.store.tables import messages as messages_table
from ivr.store.tables import resources
from ivr.store.tables import texts as texts_table
from tests.store.made_up import NO_CAPS, NOW, PARENT

RECORDING, ANOTHER = "RE" + "1" * 32, "RE" + "2" * 32
ADVISER = "+447700900001"
WORDS = "Somebody left a message."
ALERTS = Alerts(of_setting([ADVISER]), WORDS)
ROOMY = replace(NO_CAPS, messages_per_number_per_day=1000, messages_per_hour=1000)
USUAL = Asker("", "", NOW, ROOMY, alerts=ALERTS)
DEADLINE = date(2026, 12, 14)


@dataclass
class Caller:
    """Somebody in one call, at a moment that does not pass by itself."""

    store: Store
    call: str = "CA1"
    number: str = PARENT
    now: datetime = NOW
    asker: Asker = USUAL
    turn: int = 0

    async def asks(self, promise: Message, turn: int | None = None) -> PromiseKept:
        """One thing, in a transaction of its own; another turn each time unless it is given."""
        self.turn += 1
        key = f"{self.call}/messages/{turn or self.turn}/{type(promise).__name__}"
        asker = replace(self.asker, call=self.call, key=key, now=self.now)
        async with self.store.begin() as db:
            return await promises.keep(db, self.store.cipher, asker, promise)

    async def begins(self, turn: int | None = None) -> str:
        """A message is begun; its name."""
        kept = await self.asks(MessageBegin(self.number, "deadline", DEADLINE), turn)
        assert kept.how is Kept.kept
        return kept.found

    async def speaks(self, id: str, recording: str = RECORDING, seconds: int = 42, gone: bool = False) -> Kept:
        """Something is recorded, and the provider says so in the call."""
        return (await self.asks(MessageRecorded(id, recording, seconds, gone))).how

    async def leaves(self, recording: str = RECORDING) -> str:
        """A message is begun and recorded."""
        id = await self.begins()
        assert await self.speaks(id, recording) is Kept.kept
        return id

    async def sends(self, id: str) -> Kept:
        return (await self.asks(MessageSend(id))).how

    async def discards(self, id: str) -> Kept:
        return (await self.asks(MessageDiscard(id))).how

    async def hears(self, id: str) -> PromiseKept:
        return await self.asks(MessageHear(id))

    async def hangs_up(self) -> int:
        """The provider tells that the call is over; how many messages are passed on by that."""
        mark = self.store.cipher.mark(self.call)
        async with self.store.begin() as db:
            left = await messages.over(db, self.store.cipher, mark, self.now, ALERTS)
            await records.close(db, mark, Ended.abandoned, self.now)
        return left

    async def news(self, id: str, recording: str = RECORDING, seconds: int | None = 42) -> None:
        """The provider tells that a recording is complete."""
        async with self.store.begin() as db:
            await messages.news(db, self.store.cipher, id, recording, seconds, self.now, ALERTS)

    def waits(self, time: timedelta) -> None:
        self.now += time


async def row(store: Store, id: str) -> Row[Any]:
    """All that is kept of a message."""
    async with store.begin() as db:
        return (await db.execute(select(messages_table).where(messages_table.c.id == id))).one()


async def state(store: Store, id: str) -> str:
    return str((await row(store, id)).state)


async def alerts(store: Store) -> list[tuple[str, str, datetime]]:
    """Which advisers are texted what, and when, the first to come first."""
    async with store.begin() as db:
        rows = await db.execute(select(texts_table).where(texts_table.c.topic == ALERT).order_by(texts_table.c.due))
        return [(text.to, text.body, text.due) for text in (texts.read(row, store.cipher) for row in rows.all())]


async def to_be_deleted(store: Store, now: datetime = NOW) -> list[str]:
    """The recordings that the provider is to forget by now."""
    due = select(resources.c.sid).where(resources.c.kind == "recording", resources.c.due <= now)
    async with store.begin() as db:
        return list(await db.scalars(due.order_by(resources.c.sid)))
