"""Settles and logs each call that ends, once, a second later: its last events are written then, by any process.

Many at a time: when everybody rings off at once, whoever still asks for something waits for a few transactions.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from ivr.errors import DatabaseUnavailable
from ivr.stop import stopped_within
from ivr.store import call_events
from ivr.store.call_events import SETTLED_AT_ONCE, Events
from ivr.store.call_summary import log_line, summary_of
from ivr.store.database import Store
from ivr.web import metrics

log = logging.getLogger(__name__)

PAUSE = 1.0
"""Seconds between two rounds: longer than any process keeps an event to itself."""
LONGEST = 10_000
"""Calls that wait while the database is down; beyond, the worker settles them and they are not logged."""


class EndedCalls:
    """Calls whose end was stored by this process. Those of one that is killed are settled by the worker."""

    def __init__(self, store: Store, language: Callable[[], str]) -> None:
        """`language` is that in which calls begin."""
        self._store, self._language = store, language
        self._new: list[bytes] = []
        self._due: list[bytes] = []

    def append(self, call: bytes) -> None:
        """Have a call settled in the round after the next one; it is given by the blind index of its CallSid."""
        if len(self._new) + len(self._due) < LONGEST:
            self._new.append(call)

    async def settle(self) -> None:
        """Settle and log what ended before the last round."""
        due, self._due, self._new = self._due, self._new, []
        for place in range(0, len(due), SETTLED_AT_ONCE):
            batch = due[place : place + SETTLED_AT_ONCE]
            try:
                async with self._store.begin() as db:
                    events = await call_events.settle(db, batch)
            except DatabaseUnavailable:
                self._due = [*due[place:], *self._due]
                return
            for call in batch:
                self._log(call, events.get(call, ()))

    async def watch(self, stop: asyncio.Event, writing: Awaitable[None]) -> None:
        """Settle in rounds until `stop` is set, and what is left once the `writing` of call events is over."""
        while not await stopped_within(stop, PAUSE):
            await self.settle()
        await writing
        await self.settle()
        await self.settle()

    def _log(self, call: bytes, events: Events) -> None:
        if events and (summary := summary_of(call, events, self._language())):
            log_line(log, summary)
            metrics.calls_ended.labels(summary.outcome).inc()
