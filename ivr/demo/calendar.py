"""When people ring: in term time more than in August, in the morning more than at night."""

from collections.abc import Iterator
from datetime import date, datetime, time
from random import Random

from ivr.helpline.timezone import ONE_DAY, local_time

YEAR = 365
"""Days."""
BY_MONTH = (9, 10, 11, 7, 10, 11, 9, 3, 10, 11, 12, 7)
"""How much is rung in each month, from January: plans are due in spring, letters come in autumn."""
BY_WEEKDAY = (12, 11, 10, 10, 9, 2, 1)
BY_HOUR = (0, 0, 0, 0, 0, 0, 1, 2, 5, 14, 15, 13, 10, 11, 11, 10, 8, 5, 4, 3, 2, 1, 1, 0)


def call_times(rng: Random, last: datetime, calls: int, days: int = YEAR) -> Iterator[datetime]:
    """Yield when each of so many calls began in the days before a moment (aware), the first first."""
    dates = [(last - n * ONE_DAY).date() for n in range(days - 1, -1, -1)]
    weights = [BY_MONTH[day.month - 1] * BY_WEEKDAY[day.weekday()] for day in dates]
    times = (_time(rng, day) for day in rng.choices(dates, weights, k=calls))
    yield from sorted(moment for moment in times if moment < last)


def _time(rng: Random, day: date) -> datetime:
    hour = rng.choices(range(24), BY_HOUR)[0]
    return local_time(day, time(hour, rng.randrange(60), rng.randrange(60)))
