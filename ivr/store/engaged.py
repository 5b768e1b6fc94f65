"""Which advisers are on a call with us; and freeing one of whose call no end was heard."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store import legs
from ivr.store.leg_states import LIVE, Leg, LegOutcome, LegState
from ivr.store.tables import legs as legs_table


async def read(db: AsyncConnection, now: datetime) -> Mapping[bytes, Leg]:
    """Return the leg of each adviser who is on a call with us, by the blind index of their number."""
    return {leg.blind_index: leg for leg in await legs.live(db) if leg.talks or not leg.is_over(now)}


async def free(db: AsyncConnection, blind_indexes: Sequence[bytes], now: datetime) -> int:
    """End the legs of an adviser, so that they are rung again; return how many there were."""
    theirs = legs_table.c.blind_index.in_(blind_indexes) & legs_table.c.state.in_(LIVE)
    freed = {"state": LegState.over, "outcome": LegOutcome.freed, "changed": now}
    return (await db.execute(update(legs_table).where(theirs).values(freed))).rowcount
