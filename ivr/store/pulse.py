"""Whether work that callers rely on is being done: whoever does it says so every few seconds."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.once import insert_into
from ivr.store.tables import pulse

HUNTER = "hunter"
EVERY = timedelta(seconds=2)
DEAD_AFTER = timedelta(seconds=10)
"""Longer than a machine may hesitate, and the clocks of two may differ."""


async def beat(db: AsyncConnection, what: str, now: datetime) -> None:
    """It is being done."""
    fresh = insert_into(db, pulse).values(what=what, at=now)
    await db.execute(fresh.on_conflict_do_update(index_elements=[pulse.c.what], set_={"at": now}))


async def stop(db: AsyncConnection, what: str) -> None:
    """It cannot be done, for the time being."""
    await db.execute(delete(pulse).where(pulse.c.what == what))


async def beats(db: AsyncConnection, what: str, now: datetime) -> bool:
    """Whether it was done just now."""
    last = await db.scalar(select(pulse.c.at).where(pulse.c.what == what))
    return last is not None and now - last < DEAD_AFTER
