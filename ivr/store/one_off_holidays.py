"""Bank holidays that staff added to the published ones: kept for good, as the Tribunal's last day may depend on one."""

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.environment import OneOffHoliday
from ivr.store import audit
from ivr.store.audit import By
from ivr.store.tables import one_off_holidays


async def read(db: AsyncConnection) -> tuple[OneOffHoliday, ...]:
    """Return them in the order of their days."""
    rows = await db.execute(select(one_off_holidays).order_by(one_off_holidays.c.day))
    return tuple(OneOffHoliday(row.day, row.name, row.confirmed) for row in rows)


async def add(db: AsyncConnection, holiday: OneOffHoliday, by: By) -> None:
    """Add a bank holiday, of a day that has none."""
    row = {"day": holiday.day, "name": holiday.name, "confirmed": holiday.is_confirmed}
    await db.execute(insert(one_off_holidays).values(row))
    await audit.write(db, by, f"bank holiday {_written(holiday)}, {'' if holiday.is_confirmed else 'not '}confirmed")


async def confirm(db: AsyncConnection, holiday: OneOffHoliday, by: By) -> None:
    """Mark a bank holiday as certain."""
    await db.execute(update(one_off_holidays).where(one_off_holidays.c.day == holiday.day).values(confirmed=True))
    await audit.write(db, by, f"bank holiday {_written(holiday)} is confirmed")


async def remove(db: AsyncConnection, holiday: OneOffHoliday, by: By) -> None:
    """Remove a bank holiday."""
    await db.execute(delete(one_off_holidays).where(one_off_holidays.c.day == holiday.day))
    await audit.write(db, by, f"took back: bank holiday {_written(holiday)}")


def _written(holiday: OneOffHoliday) -> str:
    return f"{holiday.day:%d %b %Y} ({holiday.name})"
