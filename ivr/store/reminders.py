"""Reminders: texts for later weeks, which move to the outbox when they are due."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.effects import EffectStatus, ScheduleReminders
from ivr.helpline.quiet_hours import next_texting_hour
from ivr.helpline.reminders import DAYS_BEFORE, reminder_time
from ivr.helpline.sms_bodies import written_date
from ivr.helpline.timezone import today_in_london
from ivr.store import daily_counts, opt_outs, sms_outbox
from ivr.store.cipher import Cipher
from ivr.store.idempotency import run_once
from ivr.store.quota_usage import TEXTS, Requester, Wanted, is_refused
from ivr.store.quotas import Quotas, exceeds_quota
from ivr.store.tables import reminders

LATEST = timedelta(days=2)
"""A reminder is not sent later than this after it was due: the last one is due three days before its date."""


async def schedule(
    db: AsyncConnection,
    cipher: Cipher,
    key: str,
    effect: ScheduleReminders,
    now: datetime,
    quotas: Quotas,
    requester: Requester | None = None,
) -> EffectStatus:
    """Schedule reminders, in the place of earlier ones to the same number on the same topic.

    The same key again has the same outcome and changes nothing. Without texts the outcome is `nothing`.
    """

    async def decide() -> EffectStatus:
        blind_indexes = cipher.blind_indexes(effect.to)
        earlier = reminders.c.blind_index.in_(blind_indexes) & (reminders.c.topic == effect.topic)
        if await opt_outs.is_opted_out(db, *blind_indexes):
            return EffectStatus.stopped
        if not effect.texts:
            return EffectStatus.nothing
        if await exceeds_quota(db, quotas, blind_indexes, len(effect.texts), now, replaced=earlier):
            return EffectStatus.capped
        replaced = await db.scalar(select(func.count()).select_from(reminders).where(earlier)) or 0
        wanted = Wanted(TEXTS, effect.to, quotas.per_hour, max(len(effect.texts) - replaced, 0))
        if await is_refused(db, cipher, quotas.requester, requester, wanted, now):
            return EffectStatus.capped
        await db.execute(delete(reminders).where(earlier))
        await db.execute(insert(reminders), [_row(cipher, effect, due, body, now) for due, body in effect.texts])
        await daily_counts.add_one(db, "reminder promised", now, len(effect.texts))
        return EffectStatus.kept

    return EffectStatus(await run_once(db, cipher, key, now, decide))


def _row(cipher: Cipher, effect: ScheduleReminders, due: datetime, body: str, now: datetime) -> dict[str, Any]:
    encrypted = cipher.encrypt_number(effect.to) | {"body": cipher.encrypt(body)}
    return {"id": str(uuid4()), "topic": effect.topic, "due": due, "promised": now, **encrypted}


async def cancel(db: AsyncConnection, cipher: Cipher, number: str) -> int:
    """Cancel the reminders to a number; return how many there were."""
    return (
        await db.execute(delete(reminders).where(reminders.c.blind_index.in_(cipher.blind_indexes(number))))
    ).rowcount


async def bring_forward(
    db: AsyncConnection, cipher: Cipher, day: date, earlier: date, languages: Iterable[str], now: datetime
) -> int:
    """Have the reminders of a date name an earlier one, and come as much earlier; return how many.

    They are told by their words, which are in one of these `languages`. One that should have come already comes now.
    """
    first = reminder_time(day - timedelta(days=max(DAYS_BEFORE)))
    rows = (await db.execute(select(reminders).where(reminders.c.due.between(first, reminder_time(day))))).all()
    dates = {written_date(day, tag): written_date(earlier, tag) for tag in languages}
    moved = 0
    for row in rows:
        before = after = cipher.decrypt_or_none(row.body) or ""
        for late, early in dates.items():
            after = after.replace(late, early)
        if after != before:
            due = max(reminder_time(today_in_london(row.due) - (day - earlier)), now)
            changed = update(reminders).where(reminders.c.id == row.id)
            await db.execute(changed.values(body=cipher.encrypt(after), due=due))
            moved += 1
    return moved


async def release(db: AsyncConnection, cipher: Cipher, now: datetime, limit: int) -> int:
    """Move due reminders to the outbox, each under its own id, so that it cannot be there twice; return how many.

    Not to be called in quiet hours. Dropped are those of a number that opted out, and those that come too late.
    """
    held = (
        select(reminders)
        .where(reminders.c.due <= now)
        .order_by(reminders.c.due)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = (await db.execute(held)).all()
    released = [await _release(db, row, now) for row in rows]
    await db.execute(delete(reminders).where(reminders.c.id.in_([row.id for row in rows])))
    return sum(released)


async def doubt_due(db: AsyncConnection, now: datetime) -> int:
    """Move reminders that may have been sent to the outbox, to be looked for outside quiet hours; return how many.

    For a backup that was restored, after `sms_outbox.doubt_all`.
    """
    due = (await db.execute(select(reminders).where(reminders.c.due <= now))).all()
    for row in due:
        await _move(db, row, now, due=row.due)
    await db.execute(delete(reminders).where(reminders.c.id.in_([row.id for row in due])))
    return await sms_outbox.doubt_all(db, now, next_texting_hour(now))


async def _release(db: AsyncConnection, row: Row[Any], now: datetime) -> bool:
    good_until = row.due + LATEST
    if good_until < now:
        await daily_counts.add_one(db, "reminder failed", now)
        return False
    if await opt_outs.is_opted_out(db, row.blind_index):
        return False
    await _move(db, row, now, due=now)
    return True


async def _move(db: AsyncConnection, row: Row[Any], now: datetime, *, due: datetime) -> None:
    encrypted = {"number": row.number, "blind_index": row.blind_index, "body": row.body}
    times = {"due": due, "promised": row.promised, "good_until": row.due + LATEST}
    await sms_outbox.add(db, row.id, encrypted, row.topic, now=now, **times)
