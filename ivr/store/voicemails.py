"""Messages that callers leave.

    begun ─ a recording ─► recorded ─ sent by a key, or the call is over ─► sent ─ done ─► done
      └───────────────────────┴── discard ─► discarded

The row is there before the tone: its name stands in the address at which the provider tells of the recording, which
may be all that we ever hear of it. Only `discard` keeps what a caller has said from our advisers.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

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
from ivr.helpline.phone_numbers import NumberKind, kind_of
from ivr.store import daily_counts, voicemail_audio
from ivr.store.cipher import Cipher
from ivr.store.idempotency import run_once
from ivr.store.quotas import HOUR, exceeds_voicemail_quota
from ivr.store.request_context import RequestContext
from ivr.store.staff_alerts import StaffAlerts
from ivr.store.tables import calls, voicemails
from ivr.store.voicemail_state import VoicemailState


async def perform(
    db: AsyncConnection, cipher: Cipher, request_context: RequestContext, effect: VoicemailEffect
) -> EffectResult:
    """Undertake what a step promises. Asked again, each has the same outcome and changes nothing."""
    match effect:
        case StartVoicemail():
            return await _begin(db, cipher, request_context, effect)
        case SaveRecording(id, recording, seconds, gone):
            stands = await voicemail_audio.arrived(db, id, recording, seconds, request_context.now)
            if stands and gone:
                await send(db, cipher, id, request_context.now, request_context.alerts)
            return EffectResult(EffectStatus.kept if stands else EffectStatus.nothing)
        case PlayVoicemail(id):
            return (
                EffectResult(EffectStatus.kept, id)
                if await voicemail_audio.is_here(db, id)
                else EffectResult(EffectStatus.nothing)
            )
        case SubmitVoicemail(id):
            await send(db, cipher, id, request_context.now, request_context.alerts)
            return EffectResult(await _if_in(db, id, VoicemailState.sent, VoicemailState.done))
        case DiscardVoicemail(id):
            await _discard(db, id, request_context.now)
            return EffectResult(await _if_in(db, id, VoicemailState.discarded))


async def _begin(
    db: AsyncConnection, cipher: Cipher, request_context: RequestContext, effect: StartVoicemail
) -> EffectResult:
    name = request_context.name(cipher)

    async def decide() -> EffectStatus:
        withheld = kind_of(effect.number) is NumberKind.withheld
        if await exceeds_voicemail_quota(
            db, request_context.quotas, [] if withheld else cipher.blind_indexes(effect.number), request_context.now
        ):
            return EffectStatus.capped
        whose = {"number": cipher.encrypt(effect.number), "blind_index": cipher.blind_index(effect.number)}
        about = {"call": cipher.blind_index(request_context.call), "topic": effect.topic, "deadline": effect.deadline}
        times = {"began": request_context.now, "changed": request_context.now}
        await db.execute(insert(voicemails).values(id=name, state=VoicemailState.begun, **whose, **about, **times))
        return EffectStatus.kept

    how = EffectStatus(await run_once(db, cipher, request_context.key, request_context.now, decide))
    return EffectResult(how, name if how is EffectStatus.kept else "")


async def news(
    db: AsyncConnection,
    cipher: Cipher,
    id: str,
    recording: str,
    seconds: int | None,
    now: datetime,
    alerts: StaffAlerts | None,
) -> None:
    """The provider has finished a recording. It may tell so late, twice, first of all, or of what is gone here."""
    stands = await voicemail_audio.arrived(db, id, recording, seconds, now, fetch_at=now)
    if stands and await _is_over(db, id):
        await send(db, cipher, id, now, alerts)


async def send(db: AsyncConnection, cipher: Cipher, id: str, now: datetime, alerts: StaffAlerts | None) -> bool:
    """Pass a message on, and tell whoever is on shift; False, and nothing done, if it was or is not to be."""
    if not await _move(db, id, (VoicemailState.recorded,), VoicemailState.sent, now):
        return False
    await daily_counts.add_one(db, "message sent", now)
    if alerts:
        await alerts.of_message(db, cipher, id, now)
    return True


async def over(db: AsyncConnection, cipher: Cipher, call: bytes, now: datetime, alerts: StaffAlerts | None) -> int:
    """The call with this mark has ended: what was said in it and not thrown away is passed on. How many there were."""
    return await _send_all(db, cipher, voicemails.c.call == call, now, alerts)


async def send_forgotten(db: AsyncConnection, cipher: Cipher, now: datetime, alerts: StaffAlerts | None) -> int:
    """Pass on what lies there for an hour because nobody told us that the call was over; how many there were."""
    return await _send_all(db, cipher, voicemails.c.changed < now - HOUR, now, alerts)


async def done(db: AsyncConnection, id: str, by: str, now: datetime) -> bool:
    """An adviser has dealt with it; False, and nothing changed, if it was done before or is not there."""
    moved = await _move(db, id, (VoicemailState.sent,), VoicemailState.done, now, by=by)
    await voicemail_audio.let_go_if_lost(db, id, now)
    return moved


async def _send_all(
    db: AsyncConnection, cipher: Cipher, which: ColumnElement[bool], now: datetime, alerts: StaffAlerts | None
) -> int:
    waiting = (
        select(voicemails.c.id).where(which, voicemails.c.state == VoicemailState.recorded).order_by(voicemails.c.id)
    )
    ids = (await db.scalars(waiting.with_for_update())).all()
    return sum([await send(db, cipher, id, now, alerts) for id in ids])


async def _discard(db: AsyncConnection, id: str, now: datetime) -> None:
    if await _move(
        db, id, (VoicemailState.begun, VoicemailState.recorded), VoicemailState.discarded, now, sound=None, look_at=None
    ):
        await voicemail_audio.let_go(db, voicemails.c.id == id, now)


async def _is_over(db: AsyncConnection, id: str) -> bool:
    ended = exists().where(calls.c.blind_index == voicemails.c.call, calls.c.ended.is_not(None))
    return bool(await db.scalar(select(voicemails.c.id).where(voicemails.c.id == id, ended)))


async def _if_in(db: AsyncConnection, id: str, *states: VoicemailState) -> EffectStatus:
    there = select(voicemails.c.id).where(voicemails.c.id == id, voicemails.c.state.in_(states))
    return EffectStatus.kept if await db.scalar(there) else EffectStatus.nothing


async def _move(
    db: AsyncConnection, id: str, before: Iterable[VoicemailState], to: VoicemailState, now: datetime, **values: Any
) -> bool:
    """Bring a message into another state, if it is in one of those before."""
    which = voicemails.c.id == id, voicemails.c.state.in_(list(before))
    return (await db.execute(update(voicemails).where(*which).values(state=to, changed=now, **values))).rowcount > 0
