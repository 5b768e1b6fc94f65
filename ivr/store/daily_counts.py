"""How many: numbers by day, kept for good, in which nobody can be recognised."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.idempotency import insert_into
from ivr.store.tables import daily_counts

LONDON = ZoneInfo("Europe/London")
Tally = Mapping[tuple[date, str], int]


def day_of(moment: datetime) -> date:
    """The day it is in London."""
    return moment.astimezone(LONDON).date()


async def add(db: AsyncConnection, tally: Tally) -> None:
    """Increase each count by so many; always in the same order, so that two transactions never wait for each other."""
    rows = [{"day": day, **_named(what), "n": n} for (day, what), n in sorted(tally.items()) if n]
    if not rows:
        return
    insertion = insert_into(db, daily_counts)
    increased = {"n": daily_counts.c.n + insertion.excluded.n}
    await db.execute(
        insertion.on_conflict_do_update(index_elements=["day", "metric", "dimension"], set_=increased), rows
    )


async def add_one(db: AsyncConnection, what: str, now: datetime, n: int = 1) -> None:
    """One more of something today."""
    await add(db, {(day_of(now), what): n})


async def read(db: AsyncConnection, first: date, last: date) -> dict[tuple[date, str], int]:
    """The counts of some days, inclusive."""
    found = (
        select(daily_counts)
        .where(daily_counts.c.day.between(first, last))
        .order_by(daily_counts.c.day, daily_counts.c.metric, daily_counts.c.dimension)
    )
    return {(row.day, f"{row.metric} {row.dimension}".strip()): row.n for row in await db.execute(found)}


def _named(what: str) -> dict[str, str]:
    """Return the metric and its dimension.

    >>> _named("call abandoned"), _named("call")
    ({'metric': 'call', 'dimension': 'abandoned'}, {'metric': 'call', 'dimension': ''})
    """
    metric, _, dimension = what.partition(" ")
    return {"metric": metric, "dimension": dimension}
