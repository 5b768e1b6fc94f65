"""Performs the effects that the steps of a call return."""

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.effects import (
    CallbackEffect,
    CancelReminders,
    ConfirmRing,
    Effect,
    EffectStatus,
    RequestCallback,
    ScheduleReminders,
    SendText,
    StartHunt,
    StartVoicemail,
    VoicemailEffect,
)
from ivr.engine.events import EffectResult
from ivr.helpline import data_complaints
from ivr.store import blocks, callbacks, hunts, legs, reminders, sms_outbox, voicemails
from ivr.store.cipher import Cipher
from ivr.store.idempotency import known_outcome, run_once
from ivr.store.request_context import RequestContext

Reaching = SendText | ScheduleReminders | RequestCallback | StartVoicemail | StartHunt
"""The effects by which a caller reaches our advisers, or has us reach somebody."""


async def perform(db: AsyncConnection, cipher: Cipher, context: RequestContext, effect: Effect) -> EffectResult:
    """Perform an effect; the same request with the same key again adds nothing.

    The result is true only once the transaction has been committed.
    """
    if isinstance(effect, Reaching) and await _is_refused(db, cipher, context, effect):
        return EffectResult(EffectStatus.nothing if isinstance(effect, StartHunt) else EffectStatus.down)
    key, now, quotas, who = context.key, context.now, context.quotas, context.requester
    match effect:
        case SendText():
            return EffectResult(await sms_outbox.enqueue(db, cipher, key, effect, now, quotas, requester=who))
        case ScheduleReminders():
            return EffectResult(await reminders.schedule(db, cipher, key, effect, now, quotas, requester=who))
        case CancelReminders():
            return EffectResult(await _cancel_reminders(db, cipher, context, effect))
        case ConfirmRing(leg):
            await legs.confirm(db, leg, now)
            return EffectResult(EffectStatus.kept)
    if isinstance(effect, CallbackEffect):
        return await callbacks.perform(db, cipher, context, effect)
    if isinstance(effect, VoicemailEffect):
        return await voicemails.perform(db, cipher, context, effect)
    return await hunts.perform(db, cipher, context, effect)


async def _is_refused(db: AsyncConnection, cipher: Cipher, context: RequestContext, effect: Reaching) -> bool:
    """Return whether whoever calls is blocked, or the number that they give; what was done before stays so.

    A complaint about data is taken from anybody: the law has us make it easy, and nobody is rung for it.
    """
    match effect:
        case StartVoicemail(topic=data_complaints.TOPIC):
            return False
        case SendText() | ScheduleReminders():
            number = effect.to
        case RequestCallback() | StartVoicemail():
            number = effect.number
        case StartHunt():
            number = context.caller
    if not await blocks.is_blocked(db, cipher, context.now, context.caller, number):
        return False
    return not (await known_outcome(db, cipher, context.key) or await hunts.is_known(db, context.name(cipher)))


async def _cancel_reminders(
    db: AsyncConnection, cipher: Cipher, context: RequestContext, effect: CancelReminders
) -> EffectStatus:
    async def decide() -> EffectStatus:
        return EffectStatus.kept if await reminders.cancel(db, cipher, effect.number) else EffectStatus.nothing

    return EffectStatus(await run_once(db, cipher, context.key, context.now, decide))
