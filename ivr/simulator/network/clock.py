"""The simulated clock: the time of day in a call that takes no real time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

DEFAULT_START = datetime(2026, 11, 23, 10, tzinfo=UTC)


@dataclass
class Clock:
    """Returns the time `seconds` after `start`, in the time zone of `start` and right across clock changes.

    >>> clock = Clock(DEFAULT_START)
    >>> clock.seconds += 90
    >>> clock().isoformat()
    '2026-11-23T10:01:30+00:00'
    """

    start: datetime = DEFAULT_START
    seconds: float = 0.0

    def __call__(self) -> datetime:
        """Return the current time."""
        return (self.start.astimezone(UTC) + timedelta(seconds=self.seconds)).astimezone(self.start.tzinfo)
