"""Local time in London, and the two nights of the year on which the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=1024)  # the same few days and times are asked for at every key press
def local_time(day: date, at: time) -> datetime:
    """Return when the clock first shows a time of a day, or a later one, in UTC.

    In the night of spring in which an hour is left out, a time within it is the moment at which the clock jumps.
    In the night of autumn in which an hour comes twice, a time within it is the first of the two: so whoever takes
    over at half past one does so when the one before stops.

    In UTC, because Python compares two times of one zone by what the clock shows, as if no hour ever came twice.

    >>> local_time(date(2026, 7, 1), time(9)).isoformat()
    '2026-07-01T08:00:00+00:00'
    >>> local_time(date(2026, 3, 29), time(1, 30)).isoformat(), local_time(date(2026, 10, 25), time(1, 30)).isoformat()
    ('2026-03-29T01:00:00+00:00', '2026-10-25T00:30:00+00:00')
    """
    shown = datetime.combine(day, at).replace(fold=0)
    found = shown.replace(tzinfo=LONDON).astimezone(UTC)
    is_left_out = found.astimezone(LONDON).replace(tzinfo=None) != shown
    return found.replace(minute=0, second=0, microsecond=0) if is_left_out else found


def whole_day(day: date) -> tuple[datetime, datetime]:
    """Return the first moment of a day, and that of the next day, in UTC."""
    return local_time(day, time()), local_time(day + ONE_DAY, time())


def today_in_london(now: datetime) -> date:
    """Return the date in London."""
    return now.astimezone(LONDON).date()
