"""Renders pages: what is put into a template is escaped, and a name that is missing is an error."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ivr.helpline.phone_numbers import grouped
from ivr.helpline.timezone import LONDON

FOLDER = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """Return the environment of all templates, each compiled once."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    filters: dict[str, Callable[..., str]] = {
        "day": day,
        "moment": moment,
        "clock": clock,
        "duration": duration,
        "telephone": telephone,
    }
    made.filters.update(filters)
    return made


def day(value: date) -> str:
    """Write a date as people do.

    >>> day(date(2026, 12, 14))
    'Mon 14 December 2026'
    """
    return f"{value:%a} {value.day} {value:%B %Y}"


def moment(value: datetime) -> str:
    """Write a moment (aware) by the clock of London.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 7, 1, 8, 5, tzinfo=UTC))
    'Wed 1 July at 9:05'
    """
    here = value.astimezone(LONDON)
    return f"{here:%a} {here.day} {here:%B} at {clock(value)}"


def clock(value: datetime) -> str:
    """Write the time of day of a moment (aware) by the clock of London.

    >>> from datetime import UTC
    >>> clock(datetime(2026, 12, 1, 15, 30, tzinfo=UTC))
    '15:30'
    """
    here = value.astimezone(LONDON)
    return f"{here.hour}:{here:%M}"


def duration(value: timedelta | float) -> str:
    """Write how long something is or was, in the largest units that matter.

    >>> duration(95), duration(timedelta(hours=3, minutes=5)), duration(timedelta(days=2, hours=4))
    ('1 min 35 s', '3 h 5 min', '2 days')
    """
    seconds = int(value.total_seconds() if isinstance(value, timedelta) else value)
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return f"{days} day{'s' if days > 1 else ''}"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"


def telephone(number: str | None) -> str:
    """Write a number (E.164) in the groups in which it is read."""
    return grouped(number) if number else "cannot be read"
