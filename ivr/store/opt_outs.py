"""Opt-outs: who is not to be texted, kept until they say START, as a blind index of the number and the day.

Retention and erasure leave these alone. Somebody who asked us never to text them again, and then asked us to forget
them, still must not be texted: forgetting the STOP would break the first wish to honour the second. The hash says
nothing to anybody without our secret, and is used for nothing else (UK GDPR, art. 17(3)(b) and 21(3)).
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.idempotency import insert_new
from ivr.store.tables import opt_outs, reminders


class OptOutSource(StrEnum):
    """Who opted out, and so who can lift it: what the provider holds is lifted only by the person texting START."""

    provider = "provider"
    caller = "caller"
    """In words that the provider does not know, so that only we hold it."""
    staff = "staff"


async def opt_out(
    db: AsyncConnection, blind_index: bytes, now: datetime, source: OptOutSource = OptOutSource.provider
) -> bool:
    """Opt out the number with this blind index and drop its reminders; return False if it was opted out before.

    The time of the first STOP stays. What the provider holds as well counts as the provider's.
    """
    await db.execute(delete(reminders).where(reminders.c.blind_index == blind_index))
    if await insert_new(db, opt_outs, blind_index=blind_index, since=now, source=source):
        return True
    if source is OptOutSource.provider:
        await db.execute(update(opt_outs).where(opt_outs.c.blind_index == blind_index).values(source=source))
    return False


async def opt_in(db: AsyncConnection, *blind_indexes: bytes) -> bool:
    """Opt in again; give every blind index of the number. Return False if it was not opted out."""
    return (await db.execute(delete(opt_outs).where(opt_outs.c.blind_index.in_(blind_indexes)))).rowcount > 0


async def is_opted_out(db: AsyncConnection, *blind_indexes: bytes) -> bool:
    """Return whether the number is opted out; give every blind index of it."""
    return await opted_out_since(db, *blind_indexes) is not None


async def opted_out_since(db: AsyncConnection, *blind_indexes: bytes) -> datetime | None:
    """Return when they said STOP, if they did."""
    found: datetime | None = await db.scalar(
        select(func.min(opt_outs.c.since)).where(opt_outs.c.blind_index.in_(blind_indexes))
    )
    return found


async def is_held_by_provider(db: AsyncConnection, *blind_indexes: bytes) -> bool:
    """Return whether the provider holds an opt-out of the number, as far as we know.

    Those of releases before schema 007 do not say; nearly all came from the provider.
    """
    ours = opt_outs.c.source.in_([OptOutSource.caller, OptOutSource.staff])
    held = opt_outs.c.blind_index.in_(blind_indexes) & (opt_outs.c.source.is_(None) | ~ours)
    return bool(await db.scalar(select(func.count()).select_from(opt_outs).where(held)))
