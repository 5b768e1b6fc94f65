"""Answers that are given again for some seconds: whoever asks more often does not load the database."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

FRESH = timedelta(seconds=5)

Answer = TypeVar("Answer")


class BrieflyCached(Generic[Answer]):
    """What `read` returns; those who ask at once wait for one answer, and so do those who ask within FRESH."""

    def __init__(self, read: Callable[[], Awaitable[Answer]], clock: Callable[[], datetime]) -> None:
        self._read, self._clock = read, clock
        self._last: tuple[datetime, Answer] | None = None
        self._reading = asyncio.Lock()

    async def get(self) -> Answer:
        """Return the last answer, or a new one; a clock that was set back makes none last longer."""
        async with self._reading:
            now = self._clock()
            if self._last is None or not timedelta() <= now - self._last[0] < FRESH:
                self._last = now, await self._read()
            return self._last[1]
