"""Effects on callbacks: a caller asks for one, and an adviser rings them. `callback_list.py` is the list."""

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.effects import AcceptCallback, CallbackEffect, EffectStatus, RecordCallbackAttempt, RequestCallback
from ivr.engine.events import DialStatus, EffectResult
from ivr.store import callback_attempts, daily_counts, rota
from ivr.store.advisory_lock import advisory_lock
from ivr.store.callback_list import LISTED, CallbackState
from ivr.store.cipher import Cipher
from ivr.store.idempotency import run_once
from ivr.store.quota_usage import CALLBACKS, Wanted, is_refused
from ivr.store.quotas import exceeds_callback_quota
from ivr.store.request_context import RequestContext
from ivr.store.staff_alerts import enqueue_alert
from ivr.store.tables import callbacks

AGAIN = "again"
"""The value for a caller who is on the list already."""
RESULTS = {DialStatus.busy: "busy", DialStatus.unanswered: "no answer", DialStatus.failed: "could not be rung"}


async def perform(db: AsyncConnection, cipher: Cipher, context: RequestContext, effect: CallbackEffect) -> EffectResult:
    """Perform an effect."""
    match effect:
        case RequestCallback():
            return await _request(db, cipher, context, effect)
        case AcceptCallback():
            return await _accept(db, cipher, context, effect)
        case RecordCallbackAttempt():
            return await _record_attempt(db, cipher, context, effect)


async def _request(
    db: AsyncConnection, cipher: Cipher, context: RequestContext, effect: RequestCallback
) -> EffectResult:
    """Put a caller on the list, once for each topic; who asks again keeps their place, for another part of the day."""

    async def decide() -> str:
        await advisory_lock(db, "callbacks")
        blind_indexes = cipher.blind_indexes(effect.number)
        same = callbacks.c.blind_index.in_(blind_indexes), callbacks.c.topic == effect.topic
        standing: str | None = await db.scalar(select(callbacks.c.id).where(*same, LISTED).with_for_update())
        if standing is None and await _exceeds_quota(db, cipher, context, effect.number):
            return EffectStatus.capped
        if standing is None:
            await _add(db, cipher, context, effect)
        else:
            await _change(db, standing, effect)
        if effect.alert and context.alerts:
            ours = await rota.read_or_else(db, cipher, context.advisers)
            await enqueue_alert(db, cipher, ours, effect.alert, context.now, standing or context.name(cipher))
        return EffectStatus.kept if standing is None else AGAIN

    outcome = await run_once(db, cipher, context.key, context.now, decide)
    return EffectResult(EffectStatus.kept, AGAIN) if outcome == AGAIN else EffectResult(EffectStatus(outcome))


async def _exceeds_quota(db: AsyncConnection, cipher: Cipher, context: RequestContext, number: str) -> bool:
    quotas, now = context.quotas, context.now
    if await exceeds_callback_quota(db, quotas, cipher.blind_indexes(number), now):
        return True
    wanted = Wanted(CALLBACKS, number, quotas.callbacks_per_hour)
    return await is_refused(db, cipher, quotas.requester, context.requester, wanted, now)


async def _add(db: AsyncConnection, cipher: Cipher, context: RequestContext, effect: RequestCallback) -> None:
    encrypted = cipher.encrypt_number(effect.number)
    about = {"topic": effect.topic, "deadline": effect.deadline, "audience": effect.audience, "part": effect.part}
    asked = {"may_leave_message": effect.may_leave_message}
    times = {"asked": context.now, "changed": context.now}
    await db.execute(
        insert(callbacks).values(
            id=context.name(cipher), state=CallbackState.open, **encrypted, **about, **asked, **times
        )
    )
    await daily_counts.add_one(db, "call back promised", context.now)


async def _change(db: AsyncConnection, id: str, effect: RequestCallback) -> None:
    """Update what they asked for; a deadline that was not reached in this call stays, and so does who they are.

    Whether we may leave a message is as they answered last.
    """
    told = {"deadline": effect.deadline, "audience": effect.audience}
    later = {"part": effect.part} | {name: value for name, value in told.items() if value}
    if effect.may_leave_message is not None:
        await db.execute(
            update(callbacks).where(callbacks.c.id == id).values(may_leave_message=effect.may_leave_message)
        )
    await db.execute(update(callbacks).where(callbacks.c.id == id).values(later))


async def _accept(db: AsyncConnection, cipher: Cipher, context: RequestContext, effect: AcceptCallback) -> EffectResult:
    """Return the number to whoever has claimed the caller, and record the attempt once.

    The number is read anew each time: it is not stored with the idempotency key.
    """
    row = (
        await db.execute(
            select(callbacks).where(callbacks.c.id == effect.callback, callbacks.c.state == CallbackState.claimed)
        )
    ).first()
    if row is None:
        return EffectResult(EffectStatus.nothing)

    async def decide() -> str:
        await callback_attempts.add(db, row.id, row.by, callback_attempts.RINGING, context.now)
        return EffectStatus.kept

    await run_once(db, cipher, context.key, context.now, decide)
    return EffectResult(EffectStatus.kept, cipher.decrypt(row.number))


async def _record_attempt(
    db: AsyncConnection, cipher: Cipher, context: RequestContext, effect: RecordCallbackAttempt
) -> EffectResult:
    """Record the result of an attempt. Whoever answered may be a mailbox: the adviser says whether it is done."""
    result = RESULTS.get(
        DialStatus(effect.outcome), "answered" if effect.seconds is None else f"answered, {effect.seconds} s"
    )

    async def decide() -> str:
        return (
            EffectStatus.kept if await callback_attempts.finish(db, effect.callback, result) else EffectStatus.nothing
        )

    return EffectResult(EffectStatus(await run_once(db, cipher, context.key, context.now, decide)))
