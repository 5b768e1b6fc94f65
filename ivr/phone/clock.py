"""The time of day in a call that takes no time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SOME_DAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


@dataclass
class Clock:
    """Tells the time `seconds` after a call began, where it began: right too on nights on which the clocks change.

    >>> clock = Clock(SOME_DAY)
    >>> clock.seconds += 90
    >>> clock().isoformat()
    '2026-11-23T10:01:30+00:00'
    """

    begun: datetime = SOME_DAY
    seconds: float = 0.0

    def __call__(self) -> datetime:
        """The time now."""
        return (self.begun.astimezone(UTC) + timedelta(seconds=self.seconds)).astimezone(self.begun.tzinfo)
