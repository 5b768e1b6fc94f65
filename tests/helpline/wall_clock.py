"""When somebody is there, worked out minute by minute from what the clock on the wall shows, in another way than ours.

A time has come when the clock has shown it, or a later one, on that day. In the second of autumn's two hours it has
shown everything up to two already; in spring it shows two when it should show one.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Written = tuple[str, str]
"""From one time to another, such as ("22:00", "06:00")."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TWO = time(2)


def is_there(spans_on: Callable[[date], Iterable[Written]], now: datetime) -> bool:
    """Whether a moment is in one of the spans that started today or yesterday."""
    shown = now.astimezone(ZoneInfo("Europe/London"))
    return any(
        has_come(day, start, shown) and not has_come(day + DAY * (end <= start), end, shown)
        for day in (shown.date() - DAY, shown.date())
        for start, end in spans_on(day)
    )


def has_come(day: date, written: str, shown: datetime) -> bool:
    hour, minute = map(int, written.split(":"))
    wanted = (day.year, day.month, day.day, hour, minute)
    if shown.fold:
        return wanted < (shown.year, shown.month, shown.day, TWO.hour, TWO.minute)
    return wanted <= (shown.year, shown.month, shown.day, shown.hour, shown.minute)


def clock_changes(years: Iterable[int]) -> Iterator[datetime]:
    """When the clocks are changed: at one in the morning, UTC, on the last Sundays of March and October."""
    for year in years:
        for month in (3, 10):
            last = datetime(year, month, 31, 1, tzinfo=UTC)
            yield last - DAY * ((last.weekday() + 1) % 7)


def minutes_around(moment: datetime, hours: int) -> Iterator[datetime]:
    """Every minute of some hours before a moment and after."""
    first = moment - HOUR * hours
    return (first + MINUTE * n for n in range(2 * 60 * hours))
