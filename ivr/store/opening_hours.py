"""The weekly hours that staff set, each from a day on."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.hours_format import WEEKDAYS, WeeklyHours, written_spans
from ivr.helpline.opening_hours_file import OpeningHoursFile
from ivr.helpline.staff_hours import StaffHours
from ivr.store import audit
from ivr.store.advisory_lock import advisory_lock
from ivr.store.audit import By
from ivr.store.tables import opening_hours

LOCK = "hours"


async def read(db: AsyncConnection) -> tuple[StaffHours, ...]:
    """Return all of them, those that are over too, in the order of their days."""
    rows = await db.execute(select(opening_hours).order_by(opening_hours.c.starts))
    return tuple(_of_row(row) for row in rows)


async def replace(db: AsyncConnection, starts: date, ours: OpeningHoursFile, by: By) -> StaffHours:
    """Set hours from a day on, in the place of those that start on it too, if any."""
    await _put(db, starts, ours)
    await audit.write(db, by, f"hours from {_day(starts)}: {_written(ours)}; good until {_day(ours.good_until)}")
    return StaffHours.of(starts, ours)


async def confirm(db: AsyncConnection, starts: date, ours: OpeningHoursFile, by: By) -> StaffHours:
    """Set the same hours as were there, confirmed anew."""
    await _put(db, starts, ours)
    await audit.write(db, by, f"confirmed the hours until {_day(ours.good_until)}: {_written(ours)}")
    return StaffHours.of(starts, ours)


async def remove(db: AsyncConnection, hours: StaffHours, by: By) -> None:
    """Remove hours: those before them count on."""
    await db.execute(delete(opening_hours).where(opening_hours.c.starts == hours.starts))
    await audit.write(db, by, f"took back: hours from {_day(hours.starts)}: {_written(hours.ours)}")


async def lock(db: AsyncConnection) -> None:
    """Keep everybody else from changing them until the transaction ends."""
    await advisory_lock(db, LOCK)


async def _put(db: AsyncConnection, starts: date, ours: OpeningHoursFile) -> None:
    row = {
        "starts": starts,
        "weekly": ours.weekly.model_dump_json(),
        "on_bank_holidays": ours.bank_holidays == "open",
        "confirmed": ours.checked_on,
        "confirmed_by": ours.source,
        "good_until": ours.good_until,
    }
    await db.execute(delete(opening_hours).where(opening_hours.c.starts == starts))
    await db.execute(insert(opening_hours).values(row))


def _of_row(row: Row[Any]) -> StaffHours:
    return _parsed(row.starts, row.weekly, row.on_bank_holidays, row.confirmed, row.confirmed_by, row.good_until)


@lru_cache(maxsize=256)  # they are read every few seconds, and change a few times a year
def _parsed(
    starts: date, weekly: str, on_bank_holidays: bool, confirmed: date, confirmed_by: str, good_until: date
) -> StaffHours:
    return StaffHours.of(
        starts,
        OpeningHoursFile(
            weekly=WeeklyHours.model_validate_json(weekly),
            bank_holidays="open" if on_bank_holidays else "closed",
            source=confirmed_by,
            checked_on=confirmed,
            good_until=good_until,
        ),
    )


def _written(ours: OpeningHoursFile) -> str:
    return f"{', '.join(_days(ours)) or 'never open'}; {ours.bank_holidays} on bank holidays"


def _days(ours: OpeningHoursFile) -> Iterator[str]:
    for weekday, spans in ours.weekly.week().items():
        if spans:
            yield f"{WEEKDAYS[weekday].title()} {written_spans(spans)}"


def _day(day: date) -> str:
    return f"{day:%d %b %Y}"
