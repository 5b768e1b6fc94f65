"""Voicemails that callers leave.

    begun ─ a recording ─► recorded ─ sent by a key, or the call is over ─► sent ─ done ─► done (undo ─► sent)
      └───────────────────────┴── discard ─► discarded

The row is there before the tone: its id is in the address of the recording status callback, which may be all that we
ever get of it. Where we get not even that, the provider is asked (`missing_recordings.py`): a voicemail that stays
`begun` is one in which nothing was said. Only `discard` keeps what a caller has said from our advisers.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.effects import (
    UNMEASURED,
    DiscardVoicemail,
    EffectStatus,
    PlayVoicemail,
    SaveRecording,
    StartVoicemail,
    SubmitVoicemail,
    VoicemailEffect,
)
from ivr.engine.events import EffectResult
from ivr.helpline.canary import CANARY
from ivr.helpline.phone_numbers import identity
from ivr.store import claims, daily_counts, missing_recordings, spoken_complaints, voicemail_audio
from ivr.store.call_events import ENDED
from ivr.store.cipher import Cipher
from ivr.store.idempotency import run_once
from ivr.store.quota_usage import MESSAGES, Requester, Wanted, is_refused
from ivr.store.quotas import HOUR, exceeds_test_quota, exceeds_voicemail_quota
from ivr.store.request_context import RequestContext
from ivr.store.staff_alerts import StaffAlerts
from ivr.store.tables import call_events, voicemails
from ivr.store.voicemail_list import VoicemailState

OF_CALLERS = voicemails.c.topic != CANARY


async def perform(
    db: AsyncConnection, cipher: Cipher, context: RequestContext, effect: VoicemailEffect
) -> EffectResult:
    """Perform an effect. The same request again has the same outcome and changes nothing."""
    match effect:
        case StartVoicemail():
            return await _start(db, cipher, context, effect)
        case SaveRecording():
            return await _save(db, cipher, context, effect)
        case PlayVoicemail(id):
            return (
                EffectResult(EffectStatus.kept, id)
                if await voicemail_audio.is_here(db, id)
                else EffectResult(EffectStatus.nothing)
            )
        case SubmitVoicemail(id):
            return await _submit(db, cipher, context, id)
        case DiscardVoicemail(id):
            await _discard(db, id, context.now)
            return EffectResult(await _if_in(db, id, VoicemailState.discarded))


async def _start(db: AsyncConnection, cipher: Cipher, context: RequestContext, effect: StartVoicemail) -> EffectResult:
    name, number = context.name(cipher), identity(effect.number) or ""

    async def decide() -> EffectStatus:
        if await _exceeds_quota(db, cipher, context, number, is_test=effect.topic == CANARY):
            return EffectStatus.capped
        caller = cipher.encrypt_number(number)
        call = {"call": cipher.blind_index(context.call), "sid": cipher.encrypt(context.call)}
        about = {**call, "topic": effect.topic, "deadline": effect.deadline, "audience": effect.audience}
        times = {"began": context.now, "changed": context.now, "look_at": context.now + missing_recordings.FIRST_WAIT}
        await db.execute(insert(voicemails).values(id=name, state=VoicemailState.begun, **caller, **about, **times))
        return EffectStatus.kept

    status = EffectStatus(await run_once(db, cipher, context.key, context.now, decide))
    return EffectResult(status, name if status is EffectStatus.kept else "")


async def _exceeds_quota(
    db: AsyncConnection, cipher: Cipher, context: RequestContext, number: str, *, is_test: bool
) -> bool:
    quotas, now = context.quotas, context.now
    if is_test:
        return await exceeds_test_quota(db, voicemails, voicemails.c.began, now)
    if await exceeds_voicemail_quota(db, quotas, cipher.blind_indexes(number) if number else [], now):
        return True
    wanted, who = Wanted(MESSAGES, number, quotas.messages_per_hour), Requester(context.call, number)
    return await is_refused(db, cipher, quotas.requester, who, wanted, now)


async def _save(db: AsyncConnection, cipher: Cipher, context: RequestContext, effect: SaveRecording) -> EffectResult:
    id, now = effect.message, context.now
    if not await voicemail_audio.arrived(db, id, effect.recording, effect.seconds, now):
        return EffectResult(EffectStatus.nothing)
    is_measured = await voicemail_audio.is_measured(db, id)
    if effect.gone and is_measured:
        await send(db, cipher, id, now, context.alerts)
    return EffectResult(EffectStatus.kept, "" if is_measured else UNMEASURED)


async def _submit(db: AsyncConnection, cipher: Cipher, context: RequestContext, id: str) -> EffectResult:
    await send(db, cipher, id, context.now, context.alerts)
    status = await _if_in(db, id, VoicemailState.sent, VoicemailState.done)
    if status is EffectStatus.nothing and await _is_test(db, id):
        return EffectResult(EffectStatus.kept)  # which is all that a test call leaves: it goes no further
    known = await spoken_complaints.acknowledge_by(db, id) if status is EffectStatus.kept else None
    return EffectResult(status, known.isoformat() if known else "")


async def recorded(
    db: AsyncConnection,
    cipher: Cipher,
    id: str,
    recording: str,
    seconds: int | None,
    now: datetime,
    alerts: StaffAlerts | None,
) -> bool:
    """Record that the provider has finished a recording; late, twice, first of all, or of what is deleted here.

    Return whether somebody is to hear it.
    """
    is_wanted = await voicemail_audio.arrived(db, id, recording, seconds, now, fetch_at=now)
    if is_wanted:
        await _send_if_over(db, cipher, id, now, alerts)
    return is_wanted


async def measured(
    db: AsyncConnection, cipher: Cipher, id: str, seconds: int | None, now: datetime, alerts: StaffAlerts | None
) -> None:
    """Record how long a recording is, if nobody knew until it was here."""
    if await voicemail_audio.measured(db, id, seconds, now):
        await _send_if_over(db, cipher, id, now, alerts)


async def send(db: AsyncConnection, cipher: Cipher, id: str, now: datetime, alerts: StaffAlerts | None) -> bool:
    """Pass a voicemail on, and alert whoever is on shift; return False if it was passed on before, or is not to be.

    That of a test call is not.
    """
    if not await _move(db, id, (VoicemailState.recorded,), VoicemailState.sent, now, OF_CALLERS):
        return False
    await daily_counts.add_one(db, "message sent", now)
    await _passed_on(db, cipher, id, now, alerts)
    return True


async def call_ended(
    db: AsyncConnection, cipher: Cipher, call: bytes, now: datetime, alerts: StaffAlerts | None
) -> int:
    """Pass on what was recorded in a call that has ended, and not discarded; return how many.

    What may hold no words waits until it is known how long it is, or else for an hour.
    """
    return await _send_all(db, cipher, (voicemails.c.call == call) & voicemails.c.seconds.is_not(None), now, alerts)


async def send_stale(db: AsyncConnection, cipher: Cipher, now: datetime, alerts: StaffAlerts | None) -> int:
    """Pass on what waits for an hour because nobody told us that the call was over; return how many."""
    return await _send_all(db, cipher, voicemails.c.changed < now - HOUR, now, alerts)


async def done(db: AsyncConnection, id: str, by: str, now: datetime) -> bool:
    """Record that an adviser has dealt with it; return False if it was done before, or somebody else has claimed it."""
    free = claims.is_free(voicemails, by, now)
    moved = await _move(db, id, (VoicemailState.sent,), VoicemailState.done, now, free, by=by, **claims.UNCLAIMED)
    await voicemail_audio.delete_at_provider_if_lost(db, id, now)
    return moved


async def give_up(db: AsyncConnection, cipher: Cipher, id: str, now: datetime, alerts: StaffAlerts | None) -> None:
    """Pass on that somebody may have left a message: the provider could not tell us for days whether they did."""
    if await _move(db, id, (VoicemailState.begun,), VoicemailState.sent, now, OF_CALLERS, look_at=None):
        await daily_counts.add_one(db, "message lost", now)
        await _passed_on(db, cipher, id, now, alerts)


async def _passed_on(db: AsyncConnection, cipher: Cipher, id: str, now: datetime, alerts: StaffAlerts | None) -> None:
    await spoken_complaints.take_down(db, cipher, id, now)
    if alerts:
        await alerts.alert_voicemail(db, cipher, id, now)


async def _send_all(
    db: AsyncConnection, cipher: Cipher, which: ColumnElement[bool], now: datetime, alerts: StaffAlerts | None
) -> int:
    recorded = which & (voicemails.c.state == VoicemailState.recorded) & OF_CALLERS
    waiting = select(voicemails.c.id).where(recorded).order_by(voicemails.c.id)
    ids = (await db.scalars(waiting.with_for_update())).all()
    return sum([await send(db, cipher, id, now, alerts) for id in ids])


async def _discard(db: AsyncConnection, id: str, now: datetime) -> None:
    if await _move(
        db, id, (VoicemailState.begun, VoicemailState.recorded), VoicemailState.discarded, now, sound=None, look_at=None
    ):
        await voicemail_audio.delete_at_provider(db, voicemails.c.id == id, now)


async def _send_if_over(
    db: AsyncConnection, cipher: Cipher, id: str, now: datetime, alerts: StaffAlerts | None
) -> None:
    """Pass on what was recorded in the call of a voicemail, if it has ended."""
    ended = exists().where(call_events.c.call == voicemails.c.call, call_events.c.happened == ENDED)
    if call := await db.scalar(select(voicemails.c.call).where(voicemails.c.id == id, ended)):
        await call_ended(db, cipher, call, now, alerts)


async def _is_test(db: AsyncConnection, id: str) -> bool:
    """Return whether a test call has recorded it."""
    recorded = voicemails.c.id == id, voicemails.c.state == VoicemailState.recorded, voicemails.c.topic == CANARY
    return await db.scalar(select(voicemails.c.id).where(*recorded)) is not None


async def _if_in(db: AsyncConnection, id: str, *states: VoicemailState) -> EffectStatus:
    there = select(voicemails.c.id).where(voicemails.c.id == id, voicemails.c.state.in_(states))
    return EffectStatus.kept if await db.scalar(there) else EffectStatus.nothing


async def _move(
    db: AsyncConnection,
    id: str,
    before: Iterable[VoicemailState],
    to: VoicemailState,
    now: datetime,
    *conditions: ColumnElement[bool],
    **values: Any,
) -> bool:
    """Move a voicemail to another state, if it is in one of those before."""
    which = voicemails.c.id == id, voicemails.c.state.in_(list(before)), *conditions
    return (await db.execute(update(voicemails).where(*which).values(state=to, changed=now, **values))).rowcount > 0
