"""The two steps of the purge: a round marks what is to go, and two days later another one deletes it for good.

Of a round only its time is stored: it marks each row that was to go by then. So no table needs a column for it, and
a mark is taken back by deleting the round. Rounds are begun by clocks that can be believed; should one be wrong all the
same, what was not marked by the rounds before it stays.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.clock_skew import AHEAD
from ivr.store.idempotency import insert_new
from ivr.store.tables import purge_rounds

GRACE = timedelta(days=2)
"""How long a row stays marked before it is deleted for good."""


async def begin(db: AsyncConnection, now: datetime) -> None:
    """Begin a round, which marks what is to go by now; one of the future was begun by a wrong clock and goes."""
    await db.execute(delete(purge_rounds).where(purge_rounds.c.at > now + AHEAD))
    await insert_new(db, purge_rounds, at=now)


async def marked_until(db: AsyncConnection, now: datetime) -> datetime | None:
    """Return the time of the last round whose marks are old enough; None if there is none."""
    last = select(func.max(purge_rounds.c.at)).where(purge_rounds.c.at <= now - GRACE)
    found: datetime | None = await db.scalar(last)
    return found


async def take_back(db: AsyncConnection) -> int:
    """Take back every mark, and return how many rounds there were; for two days nothing is deleted."""
    return (await db.execute(delete(purge_rounds))).rowcount
