"""Texts promised for later weeks: rows with a day, which move to the outbox when it comes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.promises import Kept, ReminderPromise
from ivr.store import counts, stops, texts
from ivr.store.caps import Caps, is_capped
from ivr.store.cipher import Cipher
from ivr.store.once import once
from ivr.store.tables import reminders

LATEST = timedelta(days=2)
"""A reminder is not sent later than this after it was due: the last one is due three days before its date."""


async def promise(
    db: AsyncConnection, cipher: Cipher, key: str, promise: ReminderPromise, now: datetime, caps: Caps
) -> Kept:
    """Undertake to send reminders, in the place of earlier ones to the same number on the same topic.

    The same key again has the same outcome and changes nothing. With no texts to send there is `nothing` to promise.
    """

    async def decide() -> Kept:
        marks = cipher.marks(promise.to)
        earlier = reminders.c.mark.in_(marks) & (reminders.c.topic == promise.topic)
        if await stops.is_stopped(db, *marks):
            return Kept.stopped
        if not promise.texts:
            return Kept.nothing
        if await is_capped(db, caps, marks, len(promise.texts), now, replaced=earlier):
            return Kept.capped
        await db.execute(delete(reminders).where(earlier))
        await db.execute(insert(reminders), [_row(cipher, promise, due, body, now) for due, body in promise.texts])
        await counts.add_one(db, "reminder promised", now, len(promise.texts))
        return Kept.kept

    return Kept(await once(db, cipher, key, now, decide))


def _row(cipher: Cipher, promise: ReminderPromise, due: datetime, body: str, now: datetime) -> dict[str, Any]:
    sealed = {"number": cipher.seal(promise.to), "mark": cipher.mark(promise.to), "body": cipher.seal(body)}
    return {"id": str(uuid4()), "topic": promise.topic, "due": due, "promised": now, **sealed}


async def stop(db: AsyncConnection, cipher: Cipher, number: str) -> int:
    """No more reminders to this number; how many there were."""
    return (await db.execute(delete(reminders).where(reminders.c.mark.in_(cipher.marks(number))))).rowcount


async def release(db: AsyncConnection, cipher: Cipher, now: datetime, limit: int) -> int:
    """Move those that are due to the outbox, each under its own id, so that it cannot be there twice; how many.

    Call this at a decent hour only. Dropped are those of a number that said STOP, and those that come too late.
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


async def _release(db: AsyncConnection, row: Row[Any], now: datetime) -> bool:
    good_until = row.due + LATEST
    if good_until < now:
        await counts.add_one(db, "reminder failed", now)
        return False
    if await stops.is_stopped(db, row.mark):
        return False
    times = {"due": now, "promised": row.promised, "good_until": good_until}
    await texts.add(db, row.id, row.number, row.mark, row.body, row.topic, now=now, **times)
    return True
