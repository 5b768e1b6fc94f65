"""Our weekly hours, as staff set, confirm and remove them; they take the place of those of `flows/hours.yaml`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import InvalidInput
from ivr.helpline import notices
from ivr.helpline.hours_format import WEEKDAYS, WeeklyHours
from ivr.helpline.odd_hours import odd_hours
from ivr.helpline.opening_hours import Span
from ivr.helpline.opening_hours_file import OpeningHoursFile
from ivr.helpline.staff_hours import StaffHours, in_force, not_over
from ivr.helpline.timezone import today_in_london
from ivr.staff.lookup import NoSuchItem
from ivr.store import opening_hours
from ivr.store.audit import By

GOOD_FOR, LONGEST = relativedelta(months=6), relativedelta(years=1)
"""How long hours are good that somebody confirms, if nobody says otherwise, and at most."""
ENDS_SOON = timedelta(days=60)


class HoursState(StrEnum):
    """Whether somebody has confirmed our hours, lately enough."""

    confirmed = "confirmed"
    ends_soon = "ends soon"
    over = "over"
    guess = "guess"


def state_of(ours: OpeningHoursFile, today: date) -> HoursState:
    """Return whether hours are confirmed on a day, and will be for sixty days."""
    if notices.hours_run_out(ours, today, ENDS_SOON):
        return HoursState.ends_soon
    if not notices.unconfirmed_hours(ours, today):
        return HoursState.confirmed
    return HoursState.guess if ours.sure == notices.GUESS else HoursState.over


@dataclass(frozen=True, slots=True)
class OurHours:
    """The hours of today, and those to come, on a day; `of_today` is None while we are always open.

    `since` is the day from which those of today count, None while they are those of the file.
    """

    of_today: OpeningHoursFile | None
    since: date | None
    to_come: Sequence[StaffHours]


async def read(db: AsyncConnection, of_file: OpeningHoursFile | None, today: date) -> OurHours:
    """Return our hours."""
    found = await opening_hours.read(db)
    now = in_force(found, today)
    to_come = [one for one in found if one.starts > today]
    return OurHours(now.ours if now else of_file, now.starts if now else None, to_come)


async def week_with(
    db: AsyncConnection, of_file: OpeningHoursFile | None, day: date, days: Mapping[int, tuple[Span, ...]]
) -> tuple[WeeklyHours, bool]:
    """Return the week in force on a day with other hours on some weekdays, and whether bank holidays are open."""
    await opening_hours.lock(db)
    now = in_force(await opening_hours.read(db), day)
    ours = now.ours if now else of_file
    week = {**(ours.weekly.week() if ours else {}), **days}
    named = {WEEKDAYS[weekday]: spans for weekday, spans in week.items()}
    return WeeklyHours(**named), ours is not None and ours.bank_holidays == "open"


async def set_week(
    db: AsyncConnection, starts: date, weekly: WeeklyHours, good_until: date | None, by: By, *, on_bank_holidays: bool
) -> StaffHours:
    """Set the hours from a day on; raise InvalidInput for a day that is over, or a week without any hour."""
    today = today_in_london(by.at)
    if starts < today:
        raise InvalidInput(f"{_day(starts)} is over: hours count from today or a later day on.")
    if not any(weekly.week().values()):
        raise InvalidInput("There is no hour in this week. To close for a while, add a closure instead.")
    ours = OpeningHoursFile(
        weekly=weekly,
        bank_holidays="open" if on_bank_holidays else "closed",
        source=by.who,
        checked_on=today,
        good_until=_checked(good_until, starts, today),
    )
    await opening_hours.lock(db)
    return await opening_hours.replace(db, starts, ours, by)


async def confirm(db: AsyncConnection, of_file: OpeningHoursFile | None, good_until: date | None, by: By) -> StaffHours:
    """Confirm the hours of today: they are said until a later day; raise InvalidInput where there are none."""
    today = today_in_london(by.at)
    await opening_hours.lock(db)
    now = await read(db, of_file, today)
    if now.of_today is None:
        raise InvalidInput("We are always open: there are no hours to confirm. Set them first.")
    ours = OpeningHoursFile(
        weekly=now.of_today.weekly,
        bank_holidays=now.of_today.bank_holidays,
        source=by.who,
        checked_on=today,
        good_until=_checked(good_until, today, today),
    )
    return await opening_hours.confirm(db, now.since or today, ours, by)


async def remove(db: AsyncConnection, starts: date, by: By) -> StaffHours:
    """Remove the hours of today or later ones, by the day on which they start; raise NoSuchItem."""
    await opening_hours.lock(db)
    known = not_over(await opening_hours.read(db), today_in_london(by.at))
    for one in known:
        if one.starts == starts:
            await opening_hours.remove(db, one, by)
            return one
    listed = ", ".join(f"{one.starts}" for one in known) or "none"
    raise NoSuchItem(f"No hours were set from {starts} on; those that were: {listed}.")


def good_until(starts: date, today: date) -> date:
    """Return until when hours are good if nobody says otherwise."""
    return max(starts, today) + GOOD_FOR


def oddities(weekly: WeeklyHours) -> Iterator[str]:
    """Yield a line for each span that was probably meant otherwise."""
    for weekday, spans in weekly.week().items():
        yield from (f"{WEEKDAYS[weekday].title()}: {line}" for line in odd_hours(spans))


def _checked(given: date | None, starts: date, today: date) -> date:
    """Return until when hours are good; raise InvalidInput for a day that is over, or too far off."""
    first = max(starts, today)
    chosen, last = given or good_until(starts, today), first + LONGEST
    if chosen < first:
        raise InvalidInput(f"They cannot be good until {_day(chosen)}: choose a day from {_day(first)} on.")
    if chosen > last:
        raise InvalidInput(f"They are good for a year at most: choose a day until {_day(last)}, and confirm them then.")
    return chosen


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%B %Y}"
