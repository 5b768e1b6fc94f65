"""Any promise, kept: the one door for whoever answers a call."""

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


async def perform(db: AsyncConnection, cipher: Cipher, request_context: RequestContext, effect: Effect) -> EffectResult:
    """Undertake what a step promises: the same asker with the same key again adds nothing.

    What it says is true only once the transaction has been committed.
    """
    match effect:
        case SendText():
            return EffectResult(
                await sms_outbox.enqueue(
                    db, cipher, request_context.key, effect, request_context.now, request_context.quotas
                )
            )
        case ScheduleReminders():
            return EffectResult(
                await reminders.effect(
                    db, cipher, request_context.key, effect, request_context.now, request_context.quotas
                )
            )
        case CancelReminders():
            return EffectResult(await _stop(db, cipher, request_context, effect))
    if isinstance(effect, CallbackEffect):
        return await callbacks.perform(db, cipher, request_context, effect)
    if isinstance(effect, VoicemailEffect):
        return await voicemails.perform(db, cipher, request_context, effect)
    return await hunts.perform(db, cipher, request_context, effect)


async def _stop(
    db: AsyncConnection, cipher: Cipher, request_context: RequestContext, effect: CancelReminders
) -> EffectStatus:
    async def decide() -> EffectStatus:
        return EffectStatus.kept if await reminders.stop(db, cipher, effect.number) else EffectStatus.nothing

    return EffectStatus(await run_once(db, cipher, request_context.key, request_context.now, decide))
