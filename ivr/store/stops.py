"""Who said STOP: kept until they say START, as a keyed hash of the number and the day.

Purge and erasure leave these alone. Somebody who asked us never to text them again, and then asked us to forget
them, still must not be texted: forgetting the STOP would break the first wish to honour the second. The hash says
nothing to anybody without our secret, and is used for nothing else (UK GDPR, art. 17(3)(b) and 21(3)).
"""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.once import insert_new
from ivr.store.tables import stops


async def stop(db: AsyncConnection, mark: bytes, now: datetime) -> None:
    """No more texts to the number with this mark; the first STOP's moment stays."""
    await insert_new(db, stops, mark=mark, since=now)


async def start(db: AsyncConnection, *marks: bytes) -> None:
    """They may be texted again; give every mark of the number."""
    await db.execute(delete(stops).where(stops.c.mark.in_(marks)))


async def is_stopped(db: AsyncConnection, *marks: bytes) -> bool:
    """Whether they said STOP; give every mark of the number."""
    return await since(db, *marks) is not None


async def since(db: AsyncConnection, *marks: bytes) -> datetime | None:
    """When they said STOP, if they did."""
    found: datetime | None = await db.scalar(select(func.min(stops.c.since)).where(stops.c.mark.in_(marks)))
    return found
