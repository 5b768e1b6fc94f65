"""The provider's time, by the Date header of its answers (https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic

import httpx2

GOOD_FOR = 3600.0
"""Seconds for which an answer tells the time: our monotonic clock stands still while the machine sleeps."""


class ServerDate:
    """What the last answer with a Date header said; the monotonic clock counts from there."""

    def __init__(self, monotonic: Callable[[], float] = monotonic) -> None:
        self._monotonic = monotonic
        self._heard: tuple[datetime, float] | None = None

    async def note(self, response: httpx2.Response) -> None:
        """Note the Date header of an answer, if it has one that can be read."""
        try:
            [date, *_] = response.headers.get_list("date")
            self._heard = parsedate_to_datetime(date).astimezone(UTC), self._monotonic()
        except (ValueError, OverflowError):
            return

    def forget(self) -> None:
        """Forget what was heard, to ask anew."""
        self._heard = None

    def now(self) -> datetime | None:
        """Return the time there, to the second; None if nothing was heard for an hour."""
        if self._heard is None:
            return None
        date, at = self._heard
        passed = self._monotonic() - at
        return date + timedelta(seconds=passed) if passed < GOOD_FOR else None
