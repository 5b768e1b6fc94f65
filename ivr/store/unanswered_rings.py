"""Who is passed over because they let too many calls ring: whoever calls, an adviser is left in peace at last."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.events import QueueResult
from ivr.store.clock_skew import AHEAD
from ivr.store.leg_states import LegOutcome
from ivr.store.tables import hunts, legs

WITHIN = timedelta(hours=1)
"""Whoever has let too many calls ring in that time is passed over until fewer of them lie in it."""


async def passed_over(db: AsyncConnection, most: int, now: datetime) -> Mapping[bytes, datetime]:
    """Return the blind indexes of those who let so many calls ring lately, and until when nobody rings them.

    A ring that another adviser or a busy line cut short does not count; one that the caller cut short does.
    """
    caller_left = (hunts.c.state == "over") & (hunts.c.way != QueueResult.talked)
    rang = legs.c.outcome.in_([LegOutcome.unanswered, LegOutcome.declined])
    in_vain = rang | ((legs.c.outcome == LegOutcome.canceled) & caller_left)
    lately = (legs.c.began > now - WITHIN) & (legs.c.began <= now + AHEAD)
    rings = select(
        legs.c.blind_index,
        legs.c.began,
        func.row_number().over(partition_by=legs.c.blind_index, order_by=legs.c.began.desc()).label("n"),
    )
    counted = rings.join(hunts).where(lately, in_vain).subquery()
    found = select(counted.c.blind_index, counted.c.began).where(counted.c.n == most)
    return {blind_index: began + WITHIN for blind_index, began in await db.execute(found)}
