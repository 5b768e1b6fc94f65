"""Weeks from Monday to Sunday, named as ISO 8601 does: 2026-W49."""

from datetime import date
from re import fullmatch

from ivr.errors import InvalidInput
from ivr.helpline.date_format import YEARS, parse_date
from ivr.helpline.timezone import ONE_DAY

WEEK = 7 * ONE_DAY


def week_name(day: date) -> str:
    """Return the name of the week of a day.

    >>> week_name(date(2026, 11, 30)), week_name(date(2027, 1, 3))
    ('2026-W49', '2026-W53')
    """
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def monday_of(text: str, today: date) -> date:
    """Return the Monday of a week, written as its name or as any day of it; of this week for nothing.

    Raise InvalidInput for what is none.

    >>> monday_of("2026-W49", date(2026, 1, 1)), monday_of("3/12/2026", date(2026, 1, 1))
    (datetime.date(2026, 11, 30), datetime.date(2026, 11, 30))
    >>> monday_of("", date(2026, 12, 3))
    datetime.date(2026, 11, 30)
    """
    day = _day_of(text.strip()) if text.strip() else today
    if day is None or day.year not in YEARS:
        raise InvalidInput(f"“{text}” is not a week: write one such as 2026-W49, or any day of it such as 2026-12-03.")
    return day - day.weekday() * ONE_DAY


def _day_of(text: str) -> date | None:
    found = fullmatch(r"([0-9]{4})-?[wW]([0-9]{1,2})", text)
    if found is None:
        return parse_date(text)
    try:
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        return None
