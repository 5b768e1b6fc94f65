"""Logs and counts each call that ends, once, a second later: its last events are written then, by any process."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from ivr.errors import DatabaseUnavailable
from ivr.stop import stopped_within
from ivr.store import call_summary
from ivr.store.database import Store
from ivr.web import metrics

log = logging.getLogger(__name__)

PAUSE = 1.0
"""Seconds between two rounds: longer than any process keeps an event to itself."""
LONGEST = 1_000
"""Calls that wait while the database is down; beyond, they are not logged."""


class EndedCalls:
    """Calls whose end was stored by this process, for which a line is to be logged."""

    def __init__(self, store: Store, language: Callable[[], str]) -> None:
        """`language` is that in which calls begin."""
        self._store, self._language = store, language
        self._new: list[bytes] = []
        self._due: list[bytes] = []

    def append(self, call: bytes) -> None:
        """Have a call logged in the round after the next one; it is given by the blind index of its CallSid."""
        if len(self._new) + len(self._due) < LONGEST:
            self._new.append(call)

    async def log(self) -> None:
        """Log what ended before the last round."""
        due, self._due, self._new = self._due, self._new, []
        for place, call in enumerate(due):
            try:
                async with self._store.read() as db:
                    summary = await call_summary.read(db, call, self._language())
            except DatabaseUnavailable:
                self._due = [*due[place:], *self._due]
                return
            if summary:
                call_summary.log_line(log, summary)
                metrics.calls_ended.labels(summary.outcome).inc()

    async def watch(self, stop: asyncio.Event, writing: Awaitable[None]) -> None:
        """Log in rounds until `stop` is set, and what is left once the `writing` of call events is over."""
        while not await stopped_within(stop, PAUSE):
            await self.log()
        await writing
        await self.log()
        await self.log()
