"""How many calls may be placed now: the provider begins only so many in a second, and the others wait for one another.

Every call that we place is a leg, so the legs of the last second are counted, of all processes. Callers who wait come
first, then calls back.

https://www.twilio.com/docs/glossary/cps
"""

from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.advisory_lock import advisory_lock
from ivr.store.tables import hunts, legs

LOOKED_AFTER = timedelta(seconds=8)
"""A hunt that no worker has looked at for so long keeps nobody from ringing."""


async def allowed(db: AsyncConnection, per_second: float, now: datetime) -> int:
    """Return how many calls may be placed in this transaction, if each gets its leg in it."""
    await advisory_lock(db, "calls")
    lately = (legs.c.began > now - span(per_second)) & (legs.c.began < now + span(per_second))  # clocks differ
    placed = await db.scalar(select(func.count()).select_from(legs).where(lately)) or 0
    return max(0, most(per_second) - placed)


def span(per_second: float) -> timedelta:
    """Return the time in which calls are counted: a second, or more where one may be placed more rarely."""
    return timedelta(seconds=max(1.0, 1 / per_second))


def most(per_second: float) -> int:
    """Return how many calls may be placed in that time.

    >>> most(1), most(0.3), most(2.9)
    (1, 1, 2)
    """
    return max(int(per_second), 1)


async def allows_call_back(db: AsyncConnection, per_second: float, now: datetime) -> bool:
    """Return whether a call back may be placed in this transaction: no caller waits for somebody to be rung."""
    has_leg = exists().where(legs.c.hunt == hunts.c.id)
    looked = func.coalesce(hunts.c.looked, hunts.c.began)
    wait = (hunts.c.state == "ringing") & hunts.c.way.is_(None) & (looked > now - LOOKED_AFTER) & ~has_leg
    callers = await db.scalar(select(func.count()).select_from(hunts).where(wait))
    return not callers and await allowed(db, per_second, now) > 0
