"""Hours, a closure and a bank holiday of the made-up helpline."""

from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.environment import OneOffHoliday
from ivr.helpline.hours_format import WEEKDAYS, WeeklyHours, parse_spans
from ivr.helpline.opening_hours import Closure, Span
from ivr.helpline.opening_hours_file import OpeningHoursFile
from ivr.helpline.timezone import ONE_DAY, today_in_london, whole_day
from ivr.store import closures, one_off_holidays, opening_hours
from ivr.store.audit import By

OFFICE, LATE = parse_spans(["09:00-17:00"]), parse_spans(["09:00-19:00"])
GOOD_FOR = timedelta(days=180)
REASON = "holiday"


async def add_hours(db: AsyncConnection, by: By) -> None:
    """Confirm office hours two months ago; a late Tuesday comes with another month, and a day off before it."""
    today = today_in_london(by.at)
    monday = today + (7 - today.weekday()) * ONE_DAY
    await opening_hours.replace(db, today - 60 * ONE_DAY, _hours(OFFICE, today - 60 * ONE_DAY), by)
    await opening_hours.replace(db, monday + 28 * ONE_DAY, _hours(LATE, today), by)
    await closures.add(db, Closure(*whole_day(monday + 25 * ONE_DAY), REASON), by)
    await one_off_holidays.add(db, OneOffHoliday(monday + 210 * ONE_DAY, "a royal wedding"), by)


def _hours(tuesday: tuple[Span, ...], confirmed: date) -> OpeningHoursFile:
    weekly = WeeklyHours(**dict.fromkeys(WEEKDAYS[:5], OFFICE) | {"tuesday": tuesday})
    return OpeningHoursFile(
        weekly=weekly, bank_holidays="closed", source="Ruth Cole", checked_on=confirmed, good_until=confirmed + GOOD_FOR
    )
