"""A caller who leaves a message, step by step, for the tests of the store."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from ivr.engine.effects import (
    DiscardVoicemail,
    EffectStatus,
    PlayVoicemail,
    SaveRecording,
    StartVoicemail,
    SubmitVoicemail,
    VoicemailEffect,
)
from ivr.engine.events import EffectResult
from ivr.helpline.rota import of_setting
from ivr.store import call_records, effects, sms_outbox, voicemails
from ivr.store.call_records import CallOutcome
from ivr.store.database import Store
from ivr.store.quotas import ALERT
from ivr.store.request_context import RequestContext
from ivr.store.staff_alerts import StaffAlerts
from ivr.store.tables import provider_resources
from ivr.store.tables import sms_outbox as texts_table
from ivr.store.tables import voicemails as messages_table
from tests.store.made_up import NO_CAPS, NOW, PARENT

RECORDING, ANOTHER = "RE" + "1" * 32, "RE" + "2" * 32
ADVISER = "+447700900001"
WORDS = "Somebody left a message."
ALERTS = StaffAlerts(of_setting([ADVISER]), WORDS)
ROOMY = replace(NO_CAPS, messages_per_number_per_day=1000, messages_per_hour=1000)
USUAL = RequestContext("", "", NOW, ROOMY, alerts=ALERTS)
DEADLINE = date(2026, 12, 14)


@dataclass
class Caller:
    """Somebody in one call, at a moment that does not pass by itself."""

    store: Store
    call: str = "CA1"
    number: str = PARENT
    now: datetime = NOW
    request_context: RequestContext = USUAL
    turn: int = 0

    async def asks(self, effect: VoicemailEffect, turn: int | None = None) -> EffectResult:
        """One thing, in a transaction of its own; another turn each time unless it is given."""
        self.turn += 1
        key = f"{self.call}/messages/{turn or self.turn}/{type(effect).__name__}"
        request_context = replace(self.request_context, call=self.call, key=key, now=self.now)
        async with self.store.begin() as db:
            return await effects.perform(db, self.store.cipher, request_context, effect)

    async def begins(self, turn: int | None = None) -> str:
        """A message is begun; its name."""
        kept = await self.asks(StartVoicemail(self.number, "deadline", DEADLINE), turn)
        assert kept.status is EffectStatus.kept
        return kept.value

    async def speaks(self, id: str, recording: str = RECORDING, seconds: int = 42, gone: bool = False) -> EffectStatus:
        """Something is recorded, and the provider says so in the call."""
        return (await self.asks(SaveRecording(id, recording, seconds, gone))).status

    async def leaves(self, recording: str = RECORDING) -> str:
        """A message is begun and recorded."""
        id = await self.begins()
        assert await self.speaks(id, recording) is EffectStatus.kept
        return id

    async def sends(self, id: str) -> EffectStatus:
        return (await self.asks(SubmitVoicemail(id))).status

    async def discards(self, id: str) -> EffectStatus:
        return (await self.asks(DiscardVoicemail(id))).status

    async def hears(self, id: str) -> EffectResult:
        return await self.asks(PlayVoicemail(id))

    async def hangs_up(self) -> int:
        """The provider tells that the call is over; how many messages are passed on by that."""
        blind_index = self.store.cipher.blind_index(self.call)
        async with self.store.begin() as db:
            left = await voicemails.over(db, self.store.cipher, blind_index, self.now, ALERTS)
            await call_records.close(db, blind_index, CallOutcome.abandoned, self.now)
        return left

    async def news(self, id: str, recording: str = RECORDING, seconds: int | None = 42) -> None:
        """The provider tells that a recording is complete."""
        async with self.store.begin() as db:
            await voicemails.news(db, self.store.cipher, id, recording, seconds, self.now, ALERTS)

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
        return [(text.to, text.body, text.due) for text in (sms_outbox.read(row, store.cipher) for row in rows.all())]


async def to_be_deleted(store: Store, now: datetime = NOW) -> list[str]:
    """The recordings that the provider is to forget by now."""
    due = select(provider_resources.c.sid).where(
        provider_resources.c.kind == "recording", provider_resources.c.due <= now
    )
    async with store.begin() as db:
        return list(await db.scalars(due.order_by(provider_resources.c.sid)))
