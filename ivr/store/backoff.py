"""How long to wait before something that failed is tried again."""

from datetime import timedelta

MOST_DOUBLINGS = 20
"""More would overflow what databases and `timedelta` hold."""


def backoff(failures: int, first: timedelta, longest: timedelta) -> timedelta:
    """Return the wait after so many failures in a row: each twice as long as the one before.

    >>> [str(backoff(failures, timedelta(seconds=10), timedelta(hours=1))) for failures in (1, 4, 80)]
    ['0:00:10', '0:01:20', '1:00:00']
    """
    return min(first * (1 << min(failures - 1, MOST_DOUBLINGS)), longest)
