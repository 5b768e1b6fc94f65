"""Bank holidays that staff add at short notice, and the reminders that come forward with them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.environment import OneOffHoliday
from ivr.errors import BeyondCalendar, InvalidInput
from ivr.helpline.timezone import today_in_london
from ivr.helpline.working_days import Calendar, england_and_wales
from ivr.staff.lookup import NoSuchItem
from ivr.store import one_off_holidays, reminders
from ivr.store.advisory_lock import advisory_lock
from ivr.store.audit import By
from ivr.store.cipher import Cipher


async def add(
    db: AsyncConnection, cipher: Cipher, holiday: OneOffHoliday, languages: Iterable[str], by: By
) -> tuple[OneOffHoliday, int]:
    """Add a bank holiday; return it, and how many reminders come forward, which are written in these `languages`.

    Raise InvalidInput for one without a name, or on a day that is a bank holiday already.
    """
    holiday = replace(holiday, name=" ".join(holiday.name.split()))
    if not holiday.name:
        raise InvalidInput("A bank holiday needs a name, such as “the coronation”.")
    calendar = england_and_wales((*await _free(db, holiday.day), holiday))
    await one_off_holidays.add(db, holiday, by)
    return holiday, await _bring_reminders_forward(db, cipher, holiday.day, calendar, languages, by)


async def confirm(db: AsyncConnection, day: date, by: By) -> OneOffHoliday:
    """Mark a bank holiday as certain, so that it puts off the Tribunal's last day too; raise NoSuchItem."""
    holiday = await _find(db, day)
    if not holiday.is_confirmed:
        await one_off_holidays.confirm(db, holiday, by)
    return replace(holiday, is_confirmed=True)


async def remove(db: AsyncConnection, day: date, by: By) -> OneOffHoliday:
    """Remove a bank holiday and return it; raise NoSuchItem. Reminders that came forward stay: an early one is safe."""
    holiday = await _find(db, day)
    await one_off_holidays.remove(db, holiday, by)
    return holiday


async def _free(db: AsyncConnection, day: date) -> tuple[OneOffHoliday, ...]:
    """Return the bank holidays that were added before; raise InvalidInput if a day is one already."""
    await advisory_lock(db, "holidays")
    known = await one_off_holidays.read(db)
    for one in known:
        if one.day == day:
            how = "confirmed" if one.is_confirmed else "not confirmed yet: confirm it there"
            raise InvalidInput(f"{day:%d %b %Y} is listed already ({one.name}), {how}.")
    if england_and_wales().is_bank_holiday(day):
        raise InvalidInput(f"{day:%d %b %Y} is a bank holiday of the published list: it counts already.")
    return known


async def _find(db: AsyncConnection, day: date) -> OneOffHoliday:
    known = await one_off_holidays.read(db)
    for one in known:
        if one.day == day:
            return one
    listed = ", ".join(f"{one.day}" for one in known) or "none"
    raise NoSuchItem(f"No bank holiday was added on {day}; those that were: {listed}.")


async def _bring_reminders_forward(
    db: AsyncConnection, cipher: Cipher, day: date, calendar: Calendar, languages: Iterable[str], by: By
) -> int:
    """Rewrite the reminders of a date for the last working day before it, unless that is over."""
    try:
        earlier = calendar.on_or_before(day)
    except BeyondCalendar:  # no date there has been worked out
        return 0
    if earlier < today_in_london(by.at):
        return 0
    return await reminders.bring_forward(db, cipher, day, earlier, languages, by.at)
