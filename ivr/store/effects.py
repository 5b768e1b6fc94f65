"""Performs the effects that the steps of a call return."""

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.effects import (
    CallbackEffect,
    CancelReminders,
    Effect,
    EffectStatus,
    ScheduleReminders,
    SendText,
    VoicemailEffect,
)
from ivr.engine.events import EffectResult
from ivr.store import callbacks, hunts, reminders, sms_outbox, voicemails
from ivr.store.cipher import Cipher
from ivr.store.idempotency import run_once
from ivr.store.request_context import RequestContext


async def perform(db: AsyncConnection, cipher: Cipher, context: RequestContext, effect: Effect) -> EffectResult:
    """Perform an effect; the same request with the same key again adds nothing.

    The result is true only once the transaction has been committed.
    """
    key, now, quotas, who = context.key, context.now, context.quotas, context.requester
    match effect:
        case SendText():
            return EffectResult(await sms_outbox.enqueue(db, cipher, key, effect, now, quotas, requester=who))
        case ScheduleReminders():
            return EffectResult(await reminders.schedule(db, cipher, key, effect, now, quotas, requester=who))
        case CancelReminders():
            return EffectResult(await _cancel_reminders(db, cipher, context, effect))
    if isinstance(effect, CallbackEffect):
        return await callbacks.perform(db, cipher, context, effect)
    if isinstance(effect, VoicemailEffect):
        return await voicemails.perform(db, cipher, context, effect)
    return await hunts.perform(db, cipher, context, effect)


async def _cancel_reminders(
    db: AsyncConnection, cipher: Cipher, context: RequestContext, effect: CancelReminders
) -> EffectStatus:
    async def decide() -> EffectStatus:
        return EffectStatus.kept if await reminders.cancel(db, cipher, effect.number) else EffectStatus.nothing

    return EffectStatus(await run_once(db, cipher, context.key, context.now, decide))
