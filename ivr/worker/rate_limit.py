"""How many texts may be sent now: a number that sends faster than its network allows is taken for a spammer's."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.advisory_lock import advisory_lock
from ivr.store.tables import sms_outbox

SECONDS = 5.0
MOST = 10
"""Texts in one go: whoever dies leaves no more than these in doubt."""


async def allowed(db: AsyncConnection, per_second: float, now: datetime) -> int:
    """How many texts may be claimed in this transaction, counting what all workers claimed in the last seconds."""
    await advisory_lock(db, "pace")
    seconds = max(SECONDS, 1 / per_second)
    span = timedelta(seconds=seconds)
    lately = (
        select(func.count()).select_from(sms_outbox).where(sms_outbox.c.tried.between(now - span, now + span))
    )  # set clocks
    left = round(seconds * per_second) - (await db.scalar(lately) or 0)
    return max(0, min(left, MOST))
