"""Single days of advisers that are not as in every week: their shifts, why, and who set them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.hours_format import parse_spans, written_spans
from ivr.helpline.opening_hours import Span
from ivr.store.tables import shift_overrides


@dataclass(frozen=True, slots=True)
class ShiftOverride:
    """The shifts of an adviser on one day (none on a day off), why they are not the usual ones, and who set them."""

    spans: tuple[Span, ...]
    why: str = ""
    set_by: str = ""


async def read(db: AsyncConnection) -> Mapping[str, Mapping[date, ShiftOverride]]:
    """Return the days of each adviser, by their id."""
    found: dict[str, dict[date, ShiftOverride]] = {}
    for row in await db.execute(select(shift_overrides).order_by(shift_overrides.c.day)):
        override = ShiftOverride(parse_spans(row.spans.split()), row.why, row.set_by)
        found.setdefault(row.adviser, {})[row.day] = override
    return found


async def write(db: AsyncConnection, adviser: str, days: Mapping[date, ShiftOverride | None]) -> None:
    """Set days of an adviser, given by id, with the rota locked; one with None is as in every week again."""
    of_days = shift_overrides.c.adviser == adviser, shift_overrides.c.day.in_(list(days))
    await db.execute(delete(shift_overrides).where(*of_days))
    rows = [
        {"adviser": adviser, "day": day, "spans": written_spans(one.spans), "why": one.why, "set_by": one.set_by}
        for day, one in days.items()
        if one is not None
    ]
    if rows:
        await db.execute(insert(shift_overrides), rows)
