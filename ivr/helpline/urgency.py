"""Which dates are so near that a caller cannot wait for their turn."""

from datetime import date, timedelta

from ivr.errors import BeyondCalendar
from ivr.helpline.deadlines import tribunal_last_day
from ivr.helpline.timezone import ONE_DAY
from ivr.helpline.working_days import Calendar

SOON = 5
"""Working days."""
A_WEEK = timedelta(days=7)
"""The same on a plain calendar, for where bank holidays are not known."""


def is_urgent(deadline: date | None, today: date, asked: date, calendar: Calendar) -> bool:
    """Return whether the last working day before a deadline is one of the next five, or today, or gone.

    One that had passed for good when the caller asked (`asked`) is not urgent any more; one that passes while they
    wait for us stays so. Where bank holidays are not known, plain days are compared.

    >>> from ivr.helpline.working_days import england_and_wales
    >>> today = date(2026, 12, 21)  # a Monday; the 25th and the 28th are bank holidays
    >>> [is_urgent(date(2026, 12, day), today, today, england_and_wales()) for day in (30, 31)]
    [True, False]
    """
    if deadline is None:
        return False
    try:
        return calendar.on_or_before(deadline) <= _soon(today, calendar) and asked <= tribunal_last_day(
            deadline, calendar
        )
    except BeyondCalendar:
        return asked <= deadline <= today + A_WEEK


def _soon(today: date, calendar: Calendar) -> date:
    day = today
    for _ in range(SOON):
        day += ONE_DAY
        while not calendar.is_working_day(day):
            day += ONE_DAY
    return day
