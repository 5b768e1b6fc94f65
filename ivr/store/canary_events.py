"""What was answered in test calls. They are in no `call_events`, so that no figure, count or list has them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.tables import canary_events

ENDED = "ended"
"""In the place of steps: the provider told us that the call is over."""


class CanaryEvent(NamedTuple):
    """The steps that a test call came to in one answer, and the last day to appeal, once the caller was told it.

    `put_through`: an adviser's telephone had taken it.
    """

    at: datetime
    steps: tuple[str, ...]
    last_day: date | None = None
    put_through: bool = False


async def append(db: AsyncConnection, events: Sequence[CanaryEvent]) -> None:
    """Add events, in their order."""
    rows = [one._asdict() | {"steps": " ".join(one.steps)} for one in events]
    await db.execute(insert(canary_events), rows)


async def last(db: AsyncConnection) -> int:
    """Return the number of the last event; 0 if there is none."""
    return await db.scalar(select(func.max(canary_events.c.n))) or 0


async def since(db: AsyncConnection, n: int) -> list[CanaryEvent]:
    """Return the events after the one with a number, in their order."""
    rows = await db.execute(select(canary_events).where(canary_events.c.n > n).order_by(canary_events.c.n))
    return [CanaryEvent(row.at, tuple(row.steps.split()), row.last_day, row.put_through) for row in rows]
