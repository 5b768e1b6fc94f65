"""Heartbeats: whoever does work that callers rely on records every few seconds that it is being done."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.idempotency import insert_into
from ivr.store.tables import heartbeats

CALL_DISTRIBUTOR = "hunter"
"""The key of its row, which every release has written so."""
EVERY = timedelta(seconds=2)
DEAD_AFTER = timedelta(seconds=10)
"""Longer than a machine may hesitate, and the clocks of two may differ."""
WORKER, SMS_SENDER = "worker", "sms sender"
"""Any worker, and one that can send texts."""
BACKUP = "backup"
"""A backup that was taken, and read back or restored elsewhere."""
LOOKOUT = "lookout"
"""Looking over the helpline, to tell staff what is wrong."""
WORKER_EVERY = timedelta(seconds=5)
WORKER_DEAD_AFTER = timedelta(seconds=30)
"""Longer than a restart takes."""


async def record_heartbeat(db: AsyncConnection, what: str, now: datetime) -> None:
    """Record that it is being done."""
    fresh = insert_into(db.dialect, heartbeats).values(what=what, at=now)
    await db.execute(fresh.on_conflict_do_update(index_elements=[heartbeats.c.what], set_={"at": now}))


async def clear_heartbeat(db: AsyncConnection, what: str) -> None:
    """Record that it cannot be done for the time being."""
    await db.execute(delete(heartbeats).where(heartbeats.c.what == what))


async def last_heartbeat(db: AsyncConnection, what: str) -> datetime | None:
    """Return when it was recorded last, if it ever was."""
    at: datetime | None = await db.scalar(select(heartbeats.c.at).where(heartbeats.c.what == what))
    return at


async def is_alive(db: AsyncConnection, what: str, now: datetime, dead_after: timedelta = DEAD_AFTER) -> bool:
    """Return whether the last heartbeat is recent; one from far in the future is of a clock that was wrong."""
    last = await last_heartbeat(db, what)
    return last is not None and abs(now - last) < dead_after
