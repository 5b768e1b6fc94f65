"""Counts by day, kept for good, in which nobody can be recognised."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.timezone import today_in_london
from ivr.store.idempotency import insert_into
from ivr.store.tables import daily_counts

Tally = Mapping[tuple[date, str], int]


async def add(db: AsyncConnection, tally: Tally) -> None:
    """Increase counts, always in the same order, so that two transactions never wait for each other."""
    rows = [{"day": day, **_labels(what), "n": n} for (day, what), n in sorted(tally.items()) if n]
    if not rows:
        return
    insertion = insert_into(db.dialect, daily_counts)
    increased = {"n": daily_counts.c.n + insertion.excluded.n}
    await db.execute(
        insertion.on_conflict_do_update(index_elements=["day", "metric", "dimension"], set_=increased), rows
    )


async def add_one(db: AsyncConnection, what: str, now: datetime, n: int = 1) -> None:
    """Increase one count of today."""
    await add(db, {(today_in_london(now), what): n})


async def read(db: AsyncConnection, first: date, last: date) -> dict[tuple[date, str], int]:
    """Return the counts of some days, inclusive."""
    found = (
        select(daily_counts)
        .where(daily_counts.c.day.between(first, last))
        .order_by(daily_counts.c.day, daily_counts.c.metric, daily_counts.c.dimension)
    )
    return {(row.day, f"{row.metric} {row.dimension}".strip()): row.n for row in await db.execute(found)}


def _labels(what: str) -> dict[str, str]:
    """Return the metric and its dimension, which is the last word.

    >>> list(_labels("call back promised").values()), list(_labels("call").values())
    (['call back', 'promised'], ['call', ''])
    """
    metric, _, last = what.rpartition(" ")
    return {"metric": metric, "dimension": last} if metric else {"metric": last, "dimension": ""}
