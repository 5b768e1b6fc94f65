"""How many texts may be sent now: a number that sends faster than its network allows is taken for a spammer's."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.advisory_lock import advisory_lock
from ivr.store.tables import sms_outbox

RATE_WINDOW = 5.0
"""Seconds over which the rate limit is counted."""
LARGEST_BATCH = 10
"""Whoever dies leaves no more than these in doubt."""


async def allowed(db: AsyncConnection, per_second: float, now: datetime) -> int:
    """Return how many texts may be claimed in this transaction, counting what all workers claimed lately."""
    await advisory_lock(db, "pace")
    seconds = max(RATE_WINDOW, 1 / per_second)
    span = timedelta(seconds=seconds)  # before and after now: clocks are set
    lately = select(func.count()).select_from(sms_outbox).where(sms_outbox.c.tried.between(now - span, now + span))
    left = round(seconds * per_second) - (await db.scalar(lately) or 0)
    return max(0, min(left, LARGEST_BATCH))
