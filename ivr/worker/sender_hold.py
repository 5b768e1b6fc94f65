"""Holds all texts back while the provider takes none, whosever they are."""

from datetime import datetime, timedelta

from ivr.store.backoff import backoff

FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=5)


class SenderHold:
    """Until when nothing is sent: as long as the provider asks for, or twice as long after each failure in a row.

    While it has not taken a text again, one at a time is tried (`is_probing`), so that the others wait where they are.
    """

    def __init__(self) -> None:
        self._span: tuple[datetime, datetime] | None = None
        """When it began, and when it ends; a clock that was set back since then holds nobody up."""
        self._failures = 0
        self.reason = ""
        """Why, at last."""

    @property
    def is_probing(self) -> bool:
        """Whether the provider took no text since it last refused all."""
        return self._failures > 0

    def is_on(self, now: datetime) -> bool:
        """Return whether nothing is to be sent now."""
        return self._span is not None and self._span[0] <= now < self._span[1]

    def begin(self, now: datetime, reason: str, wait: timedelta | None = None) -> timedelta:
        """Hold for as long as the provider asks for, or a back-off; return how long. Those of one moment are one."""
        self.reason = reason
        if not self.is_on(now):
            self._failures += 1
            self._span = now, now
        began, until = self._span or (now, now)
        self._span = began, max(until, now + (wait or backoff(self._failures, FIRST_WAIT, LONGEST_WAIT)))
        return self._span[1] - now

    def end(self) -> None:
        """Hold nothing back any more: the provider took a text."""
        self._span, self._failures = None, 0
