"""Drives a voicemail as a caller and the provider do, each step in a transaction of its own."""

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
from ivr.store import call_events, effects, sms_states, voicemails
from ivr.store.database import Store
from ivr.store.quotas import ALERT
from ivr.store.request_context import RequestContext
from ivr.store.staff_alerts import StaffAlerts
from ivr.store.tables import provider_resources
from ivr.store.tables import sms_outbox as texts_table
from ivr.store.tables import voicemails as messages_table
from tests.store.fixtures import ADVISER, NO_QUOTAS, NOW, PARENT

RECORDING, ANOTHER = "RE" + "1" * 32, "RE" + "2" * 32
WORDS = "Somebody left a message."
ALERTS = StaffAlerts(of_setting([ADVISER]), lambda: WORDS)
USUAL = RequestContext("", "", NOW, NO_QUOTAS, alerts=ALERTS)
DEADLINE = date(2026, 12, 14)


@dataclass
class Caller:
    """Somebody in one call, with a clock that is set by hand."""

    store: Store
    call: str = "CA1"
    number: str = PARENT
    now: datetime = NOW
    context: RequestContext = USUAL
    turn: int = 0
    audience: str = ""
    topic: str = "deadline"

    async def perform(self, effect: VoicemailEffect, turn: int | None = None) -> EffectResult:
        """Perform an effect; another turn each time unless it is given."""
        self.turn += 1
        key = f"{self.call}/messages/{turn or self.turn}/{type(effect).__name__}"
        context = replace(self.context, call=self.call, key=key, now=self.now)
        async with self.store.begin() as db:
            return await effects.perform(db, self.store.cipher, context, effect)

    async def start(self, turn: int | None = None) -> str:
        """Start a voicemail; return its id."""
        kept = await self.perform(StartVoicemail(self.number, self.topic, DEADLINE, self.audience), turn)
        assert kept.status is EffectStatus.kept
        return kept.value

    async def record(
        self, id: str, recording: str = RECORDING, seconds: int | None = 42, gone: bool = False
    ) -> EffectStatus:
        """Record something, of which the provider tells in the call."""
        return (await self.perform(SaveRecording(id, recording, seconds, gone))).status

    async def leave(self, recording: str = RECORDING) -> str:
        """Start and record a voicemail; return its id."""
        id = await self.start()
        assert await self.record(id, recording) is EffectStatus.kept
        return id

    async def submit(self, id: str) -> EffectStatus:
        return (await self.perform(SubmitVoicemail(id))).status

    async def discard(self, id: str) -> EffectStatus:
        return (await self.perform(DiscardVoicemail(id))).status

    async def play(self, id: str) -> EffectResult:
        return await self.perform(PlayVoicemail(id))

    async def hang_up(self) -> int:
        """End the call; return how many voicemails are passed on by that."""
        async with self.store.begin() as db:
            blind_index = self.store.cipher.blind_index(self.call)
            left = await voicemails.call_ended(db, self.store.cipher, blind_index, self.now, ALERTS)
            await call_events.end(db, blind_index, None, self.now)
        return left

    async def recording_completed(self, id: str, recording: str = RECORDING, seconds: int | None = 42) -> None:
        """Tell that a recording is complete, as the status callback does."""
        async with self.store.begin() as db:
            await voicemails.recorded(db, self.store.cipher, id, recording, seconds, self.now, ALERTS)

    def advance(self, time: timedelta) -> None:
        self.now += time


async def row(store: Store, id: str) -> Row[Any]:
    """Return the row of a voicemail."""
    async with store.begin() as db:
        return (await db.execute(select(messages_table).where(messages_table.c.id == id))).one()


async def state(store: Store, id: str) -> str:
    return str((await row(store, id)).state)


async def alerts(store: Store) -> list[tuple[str, str, datetime]]:
    """Return the alerts to advisers: number, body and time, in the order of time."""
    async with store.begin() as db:
        rows = await db.execute(select(texts_table).where(texts_table.c.topic == ALERT).order_by(texts_table.c.due))
        return [(text.to, text.body, text.due) for text in (sms_states.read(row, store.cipher) for row in rows.all())]


async def to_be_deleted(store: Store, now: datetime = NOW) -> list[str]:
    """Return the recordings that are due to be deleted at the provider."""
    due = select(provider_resources.c.sid).where(
        provider_resources.c.kind == "recording", provider_resources.c.due <= now
    )
    async with store.begin() as db:
        return list(await db.scalars(due.order_by(provider_resources.c.sid)))
