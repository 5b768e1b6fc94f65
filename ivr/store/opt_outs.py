"""Who said STOP: kept until they say START, as a keyed hash of the number and the day.

Purge and erasure leave these alone. Somebody who asked us never to text them again, and then asked us to forget
them, still must not be texted: forgetting the STOP would break the first wish to honour the second. The hash says
nothing to anybody without our secret, and is used for nothing else (UK GDPR, art. 17(3)(b) and 21(3)).
"""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.idempotency import insert_new
from ivr.store.tables import opt_outs


async def opt_out(db: AsyncConnection, blind_index: bytes, now: datetime) -> None:
    """No more texts to the number with this mark; the first STOP's moment stays."""
    await insert_new(db, opt_outs, blind_index=blind_index, since=now)


async def opt_in(db: AsyncConnection, *blind_indexes: bytes) -> None:
    """They may be texted again; give every mark of the number."""
    await db.execute(delete(opt_outs).where(opt_outs.c.blind_index.in_(blind_indexes)))


async def is_opted_out(db: AsyncConnection, *blind_indexes: bytes) -> bool:
    """Whether they said STOP; give every mark of the number."""
    return await opted_out_since(db, *blind_indexes) is not None


async def opted_out_since(db: AsyncConnection, *blind_indexes: bytes) -> datetime | None:
    """When they said STOP, if they did."""
    found: datetime | None = await db.scalar(
        select(func.min(opt_outs.c.since)).where(opt_outs.c.blind_index.in_(blind_indexes))
    )
    return found
