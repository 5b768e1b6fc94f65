"""Texts that staff send to a caller: within the quotas of all texts, and never to somebody who said STOP."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.effects import EffectStatus, SendText
from ivr.engine.events import EffectResult
from ivr.store import opt_outs, sms_outbox
from ivr.store.cipher import Cipher
from ivr.store.idempotency import run_once
from ivr.store.quotas import Quotas, exceeds_quota
from ivr.store.sms_results import OF_USE


async def enqueue(
    db: AsyncConnection, cipher: Cipher, key: str, text: SendText, sent_by: str, now: datetime, quotas: Quotas
) -> EffectResult:
    """Add a text to the outbox, to be sent now. Kept: the value is its id, the same for the same key."""

    async def decide() -> str:
        blind_indexes = cipher.blind_indexes(text.to)
        if await opt_outs.is_opted_out(db, *blind_indexes):
            return EffectStatus.stopped
        if await exceeds_quota(db, quotas, blind_indexes, 1, now):
            return EffectStatus.capped
        encrypted = cipher.encrypt_number(text.to) | {"body": cipher.encrypt(text.body)}
        times = {"due": now, "promised": now, "good_until": now + OF_USE}
        await sms_outbox.add(db, id := str(uuid4()), encrypted, text.topic, **times, now=now, sent_by=sent_by)
        return id

    outcome = await run_once(db, cipher, key, now, decide)
    if outcome in (EffectStatus.stopped, EffectStatus.capped):
        return EffectResult(EffectStatus(outcome))
    return EffectResult(EffectStatus.kept, outcome)
