"""Writes down what happened in calls, behind the caller's back: counted, never waited for."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from itertools import islice

from msgspec import Struct

from ivr.engine.events import DialEnded, Event, QueueEnded, Recorded
from ivr.engine.run import Reply
from ivr.errors import DatabaseUnavailable
from ivr.store import call_records
from ivr.store.call_records import CallEvent, CallOutcome, strongest_outcome
from ivr.store.cipher import Cipher
from ivr.store.database import Store
from ivr.web import metrics

log = logging.getLogger(__name__)

LONGEST = 10_000
"""Lines that wait to be written; beyond, they are dropped and counted, and calls go on."""
BATCH = 500
LAST_TRIES = 10
"""In a row, before what is left at the end is given up."""
PAUSE = 0.25
"""Seconds between batches. A batch costs as much as fifty answers, however few lines it has; a commit for each key
press would cost the caller's answer."""


class PendingEvent(Struct, frozen=True):
    """A line as it is noted while the caller waits: what takes time is done when it is written.

    It holds no key that was pressed and nothing that is remembered of a caller: it may wait for hours for a database.
    """

    call: str
    at: datetime
    step: str
    happened: str
    topic: str
    turn: int
    detail: str
    came_to: tuple[CallOutcome | None, ...]

    def line(self, cipher: Cipher) -> CallEvent:
        """As it is written down."""
        call, came_to = cipher.blind_index(self.call), strongest_outcome(*self.came_to)
        return CallEvent(call, self.at, self.step, self.happened, self.topic, self.turn, self.detail, came_to)


class CallLog:
    """A bounded queue of lines, and the task that writes them in batches."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._waiting: deque[PendingEvent] = deque()
        self._batch = BATCH
        self._stopping = asyncio.Event()
        metrics.queued.set_function(lambda: len(self._waiting))  # asked when somebody looks, not at each key press

    def note(self, call: str, event: Event | None, reply: Reply, *came_to: CallOutcome | None) -> None:
        """One step of a call; no event is the ring that began it."""
        if event is None:
            metrics.calls.inc()
        if len(self._waiting) < LONGEST:
            happened, state = type(event).__name__ if event else "Rang", reply.state
            noted = PendingEvent(
                call, self._clock(), reply.at, happened, state.topic, state.turn, _detail(event), came_to
            )
            self._waiting.append(noted)
        else:
            metrics.dropped.inc()

    async def write(self) -> None:
        """Write batches until told to stop, and then what is left; what the database does not take then is dropped."""
        while not self._stopping.is_set():
            while await self._write_batch() and len(self._waiting) >= self._batch:
                pass
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), PAUSE)
        tries = LAST_TRIES
        while self._waiting and tries:
            tries = LAST_TRIES if await self._write_batch() else tries - 1
        if self._waiting:
            metrics.dropped.inc(len(self._waiting))
            log.error("lines of calls were lost: the database is down: lines=%d", len(self._waiting))

    def stop(self) -> None:
        """Let `write` come to its end."""
        self._stopping.set()

    async def _write_batch(self) -> bool:
        """One batch in one transaction. What cannot be written stays where it is, before all that came later.

        A transaction has only so long: on a machine that has too much to do, smaller ones get through.
        """
        batch = [one.line(self._store.cipher) for one in islice(self._waiting, self._batch)]
        if not batch:
            return True
        try:
            async with self._store.begin() as db:
                await call_records.write(db, batch)
        except DatabaseUnavailable:
            self._batch = max(self._batch // 2, 1)
            return False
        self._batch = min(self._batch * 2, BATCH)
        for _ in batch:
            self._waiting.popleft()
        return True


def _detail(event: Event | None) -> str:
    """How it went and how long it took: who was rung stands in the flow."""
    match event:
        case DialEnded(outcome, seconds):
            return f"{outcome} {seconds} s"
        case QueueEnded(how, waited):
            return f"{how} {waited} s"
        case Recorded(seconds=seconds):
            return f"{seconds} s"
    return ""
