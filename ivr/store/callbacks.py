"""Callers who ask to be rung back, and the line of the adviser who does it. The list they stand on is `worklist.py`."""

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.effects import AcceptCallback, CallbackEffect, EffectStatus, RecordCallbackAttempt, RequestCallback
from ivr.engine.events import DialStatus, EffectResult
from ivr.store import callback_attempts, daily_counts, rota
from ivr.store.callback_list import LISTED, CallbackState
from ivr.store.cipher import Cipher
from ivr.store.idempotency import advisory_lock, run_once
from ivr.store.quotas import DAY, HOUR
from ivr.store.request_context import RequestContext
from ivr.store.staff_alerts import enqueue_alert
from ivr.store.tables import callbacks

AGAIN = "again"
"""Found by whoever asks for what they have asked for already."""
ENDS = {DialStatus.busy: "busy", DialStatus.unanswered: "no answer", DialStatus.failed: "could not be rung"}


async def perform(
    db: AsyncConnection, cipher: Cipher, request_context: RequestContext, effect: CallbackEffect
) -> EffectResult:
    """Undertake what a step promises."""
    match effect:
        case RequestCallback():
            return await _ask(db, cipher, request_context, effect)
        case AcceptCallback():
            return await _take(db, cipher, request_context, effect)
        case RecordCallbackAttempt():
            return await _rung(db, cipher, request_context, effect)


async def _ask(
    db: AsyncConnection, cipher: Cipher, request_context: RequestContext, effect: RequestCallback
) -> EffectResult:
    """Put a caller on the list, once for each topic: who asks again keeps their place, for another part of the day."""

    async def decide() -> str:
        await advisory_lock(db, "callbacks")
        same = callbacks.c.blind_index.in_(cipher.blind_indexes(effect.number)), callbacks.c.topic == effect.topic
        standing: str | None = await db.scalar(select(callbacks.c.id).where(*same, LISTED).with_for_update())
        if standing is None and await _is_capped(db, cipher, request_context, effect):
            return EffectStatus.capped
        if standing is None:
            await _add(db, cipher, request_context, effect)
        else:
            await _change(db, standing, effect)
        if effect.alert and request_context.alerts:
            ours = await rota.read(db, cipher) or request_context.advisers
            await enqueue_alert(
                db, cipher, ours, effect.alert, request_context.now, standing or request_context.name(cipher)
            )
        return EffectStatus.kept if standing is None else AGAIN

    outcome = await run_once(db, cipher, request_context.key, request_context.now, decide)
    return EffectResult(EffectStatus.kept, AGAIN) if outcome == AGAIN else EffectResult(EffectStatus(outcome))


async def _is_capped(
    db: AsyncConnection, cipher: Cipher, request_context: RequestContext, effect: RequestCallback
) -> bool:
    of_day = (
        callbacks.c.blind_index.in_(cipher.blind_indexes(effect.number)),
        callbacks.c.asked > request_context.now - DAY,
    )
    of_hour = (callbacks.c.asked > request_context.now - HOUR,)
    limits = (
        (of_day, request_context.quotas.callbacks_per_number_per_day),
        (of_hour, request_context.quotas.callbacks_per_hour),
    )
    for which, most in limits:
        if (await db.scalar(select(func.count()).select_from(callbacks).where(*which)) or 0) >= most:
            return True
    return False


async def _add(db: AsyncConnection, cipher: Cipher, request_context: RequestContext, effect: RequestCallback) -> None:
    sealed = {"number": cipher.encrypt(effect.number), "blind_index": cipher.blind_index(effect.number)}
    about = {"topic": effect.topic, "deadline": effect.deadline, "part": effect.part, "state": CallbackState.open}
    times = {"asked": request_context.now, "changed": request_context.now}
    await db.execute(insert(callbacks).values(id=request_context.name(cipher), **sealed, **about, **times))
    await daily_counts.add_one(db, "call back promised", request_context.now)


async def _change(db: AsyncConnection, id: str, effect: RequestCallback) -> None:
    """What they say now holds; a date that they did not come to this time is still theirs."""
    later = {"part": effect.part} | ({"deadline": effect.deadline} if effect.deadline else {})
    await db.execute(update(callbacks).where(callbacks.c.id == id).values(later))


async def _take(
    db: AsyncConnection, cipher: Cipher, request_context: RequestContext, effect: AcceptCallback
) -> EffectResult:
    """The number, for whoever has claimed it: it stands in no table of outcomes. That it is rung is noted once."""
    row = (
        await db.execute(
            select(callbacks).where(callbacks.c.id == effect.callback, callbacks.c.state == CallbackState.claimed)
        )
    ).first()
    if row is None:
        return EffectResult(EffectStatus.nothing)

    async def note() -> str:
        await callback_attempts.add(db, row.id, row.by, callback_attempts.RINGING, request_context.now)
        return EffectStatus.kept

    await run_once(db, cipher, request_context.key, request_context.now, note)
    return EffectResult(EffectStatus.kept, cipher.decrypt(row.number))


async def _rung(
    db: AsyncConnection, cipher: Cipher, request_context: RequestContext, effect: RecordCallbackAttempt
) -> EffectResult:
    """Somebody who answered may have been a mailbox: whether it is done is for the adviser to say."""
    how = ENDS.get(DialStatus(effect.outcome), f"answered, {effect.seconds} s")

    async def note() -> str:
        return EffectStatus.kept if await callback_attempts.ended(db, effect.callback, how) else EffectStatus.nothing

    return EffectResult(EffectStatus(await run_once(db, cipher, request_context.key, request_context.now, note)))
