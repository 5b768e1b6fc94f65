"""When the database last saw a clock that could be believed.

A check of the clock records it (`ivr/worker/clock_check.py`). Until the first one has, it is the time of the newest
row. Rows do not count after that: a process whose clock is wrong writes some, too.
"""

from datetime import datetime

from sqlalchemy import func, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.heartbeat import clear_heartbeat, last_heartbeat, record_heartbeat
from ivr.store.tables import (
    audit_log,
    call_events,
    callbacks,
    calls,
    heartbeats,
    hunts,
    idempotency_keys,
    reminders,
    sms_inbox,
    sms_outbox,
    voicemails,
)

CLOCK, DOUBTED_CLOCK = "clock", "doubted clock"
"""The keys of their heartbeats: the last time that was believed, and the last that was not, as long as it is not."""
WRITTEN = (
    *(sms_outbox.c.promised, reminders.c.promised, sms_inbox.c.received, callbacks.c.asked, voicemails.c.began),
    *(calls.c.began, call_events.c.at, hunts.c.began, audit_log.c.at, idempotency_keys.c.made, heartbeats.c.at),
)
"""The columns that say when a row was written."""


async def read(db: AsyncConnection) -> datetime | None:
    """Return when the database last saw a clock that could be believed; None if it has no rows."""
    return await last_heartbeat(db, CLOCK) or await _newest_row(db)


async def record(db: AsyncConnection, now: datetime) -> None:
    """Record a clock that can be believed."""
    await record_heartbeat(db, CLOCK, now)
    await clear_heartbeat(db, DOUBTED_CLOCK)


async def record_doubt(db: AsyncConnection, now: datetime, last_seen: datetime | None) -> None:
    """Record a clock that cannot be believed; what was seen before it stays as it is, whatever that clock writes."""
    await record_heartbeat(db, DOUBTED_CLOCK, now)
    if last_seen is not None:
        await record_heartbeat(db, CLOCK, last_seen)


async def is_doubted(db: AsyncConnection) -> bool:
    """Return whether a worker's clock cannot be believed."""
    return await last_heartbeat(db, DOUBTED_CLOCK) is not None


async def server_time(db: AsyncConnection) -> datetime | None:
    """Return the time of the database server; SQLite has none of its own."""
    return await db.scalar(select(func.clock_timestamp())) if db.dialect.name == "postgresql" else None


async def _newest_row(db: AsyncConnection) -> datetime | None:
    newest = union_all(*(select(func.max(column).label("at")) for column in WRITTEN)).subquery()
    found: datetime | None = await db.scalar(select(func.max(newest.c.at)))
    return found
