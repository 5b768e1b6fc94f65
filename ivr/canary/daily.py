"""Makes the test call once a day, while we are open and somebody is there to mend what it finds."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, time

from ivr.helpline.canary import ProbeResult
from ivr.helpline.timezone import LONDON

AT = time(10)
"""In London: from then on, as soon as we are open."""


def due_since(now: datetime) -> datetime | None:
    """Return since when the test call of today (aware) is due; None before its hour.

    >>> morning = datetime(2026, 12, 1, 9, 59, tzinfo=LONDON)
    >>> due_since(morning), str(due_since(morning.replace(hour=11)))
    (None, '2026-12-01 10:00:00+00:00')
    """
    here = now.astimezone(LONDON)
    since = datetime.combine(here.date(), AT, LONDON)
    return since if here >= since else None


class DailyCanary:
    """Any number of workers may run it: the first to see that it is due makes the call."""

    def __init__(
        self,
        run: Callable[[datetime], Awaitable[Sequence[ProbeResult] | None]],
        is_open: Callable[[], Awaitable[bool]],
        clock: Callable[[], datetime],
    ) -> None:
        """`run` makes the test call unless one was begun since a moment; `is_open` asks whether we are."""
        self._run, self._is_open, self._clock = run, is_open, clock

    async def call_if_due(self) -> int:
        """Make the test call of today if it is due and was not made yet. Raises DatabaseUnavailable."""
        since = due_since(self._clock())
        if since and await self._is_open():
            await self._run(since)
        return 0
