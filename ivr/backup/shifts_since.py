"""What of shifts a restored backup must know that was so since: who was reminded, and which calendar addresses hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.tables import advisers, calendar_feeds, shift_reminders

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ShiftsSince:
    """All rows of both tables."""

    reminders: Rows
    feeds: Rows


async def read(db: AsyncConnection) -> ShiftsSince:
    """Return what a database knows."""
    return ShiftsSince(await _all(db, shift_reminders), await _all(db, calendar_feeds))


async def replace(db: AsyncConnection, since: ShiftsSince) -> None:
    """Write it into a restored backup in the place of what it knew: an address that was ended since stays ended.

    Nobody is reminded again. What belongs to an adviser whom the backup does not have is left out.
    """
    known = {None, *await db.scalars(select(advisers.c.id))}
    for table, rows in ((shift_reminders, since.reminders), (calendar_feeds, since.feeds)):
        await db.execute(delete(table))
        if kept := [dict(row) for row in rows if row["adviser"] in known]:
            await db.execute(insert(table), kept)


async def _all(db: AsyncConnection, table: Table) -> Rows:
    return [dict(row._mapping) for row in await db.execute(select(table))]
