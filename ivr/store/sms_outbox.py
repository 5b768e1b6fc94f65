"""The outbox: texts to be sent, until the provider has them and for a week after. `sms_states.py` has their states.

A text is tried until it is of no use any more (`good_until`), however often that is. One that is sent or delivered is
not sent again, unless the provider says that it failed for a reason which passes.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.effects import EffectStatus, SendText
from ivr.helpline.canary import CANARY
from ivr.store import daily_counts, opt_outs, sms_results
from ivr.store.cipher import Cipher
from ivr.store.clock_skew import has_fallen_due
from ivr.store.idempotency import run_once
from ivr.store.quota_usage import TEXTS, Requester, Wanted, is_refused
from ivr.store.quotas import DAY, HOUR, Quotas, exceeds_quota, exceeds_test_quota
from ivr.store.sms_picking import A_WHILE, pick, pick_readable
from ivr.store.sms_results import OF_USE
from ivr.store.sms_states import OutboxText, SmsState, read
from ivr.store.tables import opt_outs as stopped_numbers
from ivr.store.tables import sms_outbox

SAID_STOP = "they said STOP before it could be sent"
TOO_LATE = "it could not be sent while it was still of use"
OF_CALLERS = sms_outbox.c.topic != CANARY
NOBODY_KNOWS = "nobody can tell whether it was sent: the provider's list could not be read while it was of use"


async def enqueue(
    db: AsyncConnection,
    cipher: Cipher,
    key: str,
    effect: SendText,
    now: datetime,
    quotas: Quotas,
    due: datetime | None = None,
    requester: Requester | None = None,
) -> EffectStatus:
    """Add a text, to be sent when it is due, or now. The same key again has the same outcome and adds nothing."""
    wanted = Wanted(TEXTS, effect.to, quotas.per_hour)

    async def decide() -> EffectStatus:
        blind_indexes = cipher.blind_indexes(effect.to)
        if await opt_outs.is_opted_out(db, *blind_indexes):
            return EffectStatus.stopped
        is_test = effect.topic == CANARY
        if is_test and await exceeds_test_quota(db, sms_outbox, sms_outbox.c.promised, now):
            return EffectStatus.capped
        if not is_test and await exceeds_quota(db, quotas, blind_indexes, 1, now):
            return EffectStatus.capped
        if not is_test and await is_refused(db, cipher, quotas.requester, requester, wanted, now):
            return EffectStatus.capped
        encrypted = cipher.encrypt_number(effect.to) | {"body": cipher.encrypt(effect.body)}
        times = {"due": due or now, "promised": now, "good_until": (due or now) + OF_USE}
        await add(db, str(uuid4()), encrypted, effect.topic, **times, now=now, sent_by=None)
        return EffectStatus.kept

    return EffectStatus(await run_once(db, cipher, key, now, decide))


async def add(
    db: AsyncConnection,
    id: str,
    encrypted: Mapping[str, bytes],
    topic: str,
    *,
    due: datetime,
    promised: datetime,
    good_until: datetime,
    now: datetime,
    sent_by: str | None = None,
) -> None:
    """Add a text, given by its columns `number`, `blind_index` and `body`. It is tried until `good_until`.

    `sent_by` is which of staff sends it, None if the caller asked for it.
    """
    times = {"due": due, "promised": promised, "good_until": good_until, "changed": now}
    row = {"id": id, "topic": topic, "state": SmsState.waiting, "sent_by": sent_by, **encrypted, **times}
    await db.execute(insert(sms_outbox).values(row))
    if topic != CANARY:
        await daily_counts.add_one(db, "text promised", now)


async def claim(db: AsyncConnection, cipher: Cipher, now: datetime, lease: timedelta, limit: int) -> list[OutboxText]:
    """Claim texts that are due, to send them: no other worker gets them. Commit before sending.

    A worker that has not recorded the result by the end of the lease is taken for dead (`expire`).
    """
    is_due = (sms_outbox.c.state == SmsState.waiting) & has_fallen_due(sms_outbox.c.due, sms_outbox.c.changed, now)
    stopped = sms_outbox.c.blind_index.in_(select(stopped_numbers.c.blind_index))
    await _fail(db, is_due & stopped, SAID_STOP, now)
    ids = await pick_readable(db, cipher, is_due, sms_outbox.c.due, limit, now)
    claimed = {"state": SmsState.sending, "attempts": sms_outbox.c.attempts + 1, "lease": now + lease, "tried": now}
    return await _take(db, cipher, ids, now, **claimed)


async def give_up(db: AsyncConnection, now: datetime) -> int:
    """Give up the texts that are of no use any more; return how many. To be called with a clock that can be trusted.

    One that may have been sent gets a day longer, for the provider's list to be read. Rows of releases before 0.4 have
    no `good_until`, and a week.
    """
    waiting, unknown_yet = sms_outbox.c.state == SmsState.waiting, sms_outbox.c.state == SmsState.unknown
    given_up = await _fail(db, waiting & _is_useless(now), TOO_LATE, now)
    given_up += await _fail(db, unknown_yet & _is_useless(now - DAY), NOBODY_KNOWS, now)
    await daily_counts.add_one(db, "text given_up", now, given_up)
    return given_up


def _is_useless(now: datetime) -> ColumnElement[bool]:
    is_old = sms_outbox.c.good_until.is_(None) & (sms_outbox.c.promised < now - 7 * DAY)
    return (sms_outbox.c.good_until < now) | is_old


async def doubt_overdue(db: AsyncConnection, now: datetime) -> None:
    """Make texts unknown that were due an hour ago and never tried: they are looked for before they are sent.

    No worker ran for so long, or this is a backup from before they were sent.
    """
    overdue = (sms_outbox.c.state == SmsState.waiting) & (sms_outbox.c.attempts == 0)
    ids = await pick(db, overdue & (sms_outbox.c.due < now - HOUR), sms_outbox.c.due, None)
    await _update(db, ids, now, state=SmsState.unknown, look_at=now)


async def doubt_all(db: AsyncConnection, now: datetime, look_at: datetime) -> int:
    """Make unknown, to be looked for from then on, all texts that may have been sent since; return how many.

    For a backup that was restored: whatever was due, and whatever was tried before, may be at the provider.
    """
    may_be_sent = (sms_outbox.c.due <= now) | (sms_outbox.c.attempts > 0)
    ids = await pick(db, (sms_outbox.c.state == SmsState.waiting) & may_be_sent, sms_outbox.c.due, None)
    await _update(db, ids, now, state=SmsState.unknown, look_at=look_at)
    return len(ids)


async def expire(db: AsyncConnection, now: datetime, look_after: timedelta = A_WHILE) -> int:
    """Make texts unknown whose worker died while sending; return how many."""
    lost = (sms_outbox.c.state == SmsState.sending) & has_fallen_due(sms_outbox.c.lease, sms_outbox.c.changed, now)
    ids = await pick(db, lost, sms_outbox.c.lease, None)
    await _update(db, ids, now, state=SmsState.unknown, lease=None, look_at=now + look_after, looks=0)
    return len(ids)


async def to_look_for(
    db: AsyncConnection, cipher: Cipher, now: datetime, limit: int, lease: timedelta = A_WHILE
) -> list[OutboxText]:
    """Claim unknown texts, to look for them at the provider: no other worker gets them meanwhile."""
    is_due = (sms_outbox.c.state == SmsState.unknown) & has_fallen_due(sms_outbox.c.look_at, sms_outbox.c.changed, now)
    ids = await pick_readable(db, cipher, is_due, sms_outbox.c.look_at, limit, now)
    return await _take(db, cipher, ids, now, look_at=now + lease)


async def has_twin_on_its_way(db: AsyncConnection, cipher: Cipher, text: OutboxText) -> bool:
    """Return whether the same body is being sent to the same number: the provider's list may hold that other text."""
    others = (
        (sms_outbox.c.state == SmsState.sending)
        & sms_outbox.c.blind_index.in_(cipher.blind_indexes(text.to))
        & (sms_outbox.c.id != text.id)
    )
    bodies = await db.scalars(select(sms_outbox.c.body).where(others))
    return text.body in [cipher.decrypt_or_none(body) for body in bodies]


async def counts(db: AsyncConnection) -> dict[SmsState, int]:
    """Return the number of texts in each state, without those of test calls."""
    number = select(sms_outbox.c.state, func.count().label("n")).where(OF_CALLERS)
    found = await db.execute(number.group_by(sms_outbox.c.state))
    return dict.fromkeys(SmsState, 0) | {SmsState(row.state): row.n for row in found}


async def _fail(db: AsyncConnection, which: ColumnElement[bool], why: str, now: datetime) -> int:
    """Fail texts, for a reason and what was the matter at last; return how many."""
    ids = await pick(db, which, sms_outbox.c.due, None)
    rows = await db.execute(select(sms_outbox.c.id, sms_outbox.c.reason).where(sms_outbox.c.id.in_(ids)))
    for row in rows.all():
        await sms_results.failed(db, row.id, f"{why}: {row.reason}" if row.reason else why, now)
    return len(ids)


async def _update(db: AsyncConnection, ids: list[str], now: datetime, **values: Any) -> None:
    await db.execute(update(sms_outbox).where(sms_outbox.c.id.in_(ids)).values(changed=now, **values))


async def _take(db: AsyncConnection, cipher: Cipher, ids: list[str], now: datetime, **values: Any) -> list[OutboxText]:
    """Change texts, and return them in the order in which they were picked."""
    await _update(db, ids, now, **values)
    rows = {row.id: row for row in await db.execute(select(sms_outbox).where(sms_outbox.c.id.in_(ids)))}
    return [read(rows[id], cipher) for id in ids if id in rows]
