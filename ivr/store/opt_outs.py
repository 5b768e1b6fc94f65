"""Opt-outs: who said STOP, kept until they say START, as a blind index of the number and the day.

Retention and erasure leave these alone. Somebody who asked us never to text them again, and then asked us to forget
them, still must not be texted: forgetting the STOP would break the first wish to honour the second. The hash says
nothing to anybody without our secret, and is used for nothing else (UK GDPR, art. 17(3)(b) and 21(3)).
"""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.idempotency import insert_new
from ivr.store.tables import opt_outs


async def opt_out(db: AsyncConnection, blind_index: bytes, now: datetime) -> None:
    """Opt out the number with this blind index; the time of the first STOP stays."""
    await insert_new(db, opt_outs, blind_index=blind_index, since=now)


async def opt_in(db: AsyncConnection, *blind_indexes: bytes) -> None:
    """Opt in again; give every blind index of the number."""
    await db.execute(delete(opt_outs).where(opt_outs.c.blind_index.in_(blind_indexes)))


async def is_opted_out(db: AsyncConnection, *blind_indexes: bytes) -> bool:
    """Return whether the number is opted out; give every blind index of it."""
    return await opted_out_since(db, *blind_indexes) is not None


async def opted_out_since(db: AsyncConnection, *blind_indexes: bytes) -> datetime | None:
    """Return when they said STOP, if they did."""
    found: datetime | None = await db.scalar(
        select(func.min(opt_outs.c.since)).where(opt_outs.c.blind_index.in_(blind_indexes))
    )
    return found
