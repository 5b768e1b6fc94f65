"""Logs call events to the database in batches, in the background: no caller waits for it."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice

from msgspec import Struct

from ivr.engine.durations import duration_of
from ivr.engine.events import DialEnded, Event, QueueEnded, Recorded
from ivr.engine.run import Reply
from ivr.errors import DatabaseUnavailable
from ivr.stop import stopped_within
from ivr.store import call_events
from ivr.store.call_events import CallEvent, CallOutcome, strongest_outcome
from ivr.store.cipher import Cipher
from ivr.store.database import Store
from ivr.web import metrics

log = logging.getLogger(__name__)

LONGEST = 10_000
"""Events that wait to be written; beyond, they are dropped and counted, and calls go on."""
BATCH = 500
LAST_TRIES = 6
"""Failures in a row at shutdown, each of a second, before what is left is given up."""
RANG = "Rang"
"""What happened in the first event of a call."""
PAUSE = 0.25
"""Seconds between batches. A batch costs as much as several answers, however few events it has; a commit for each
key press would cost the caller's answer."""


class PendingEvent(Struct, frozen=True):
    """A call event that waits to be written: what takes time is done then, not while the caller waits.

    It holds no digits and nothing of the call's variables: it may wait for hours for a database.
    """

    call: str
    at: datetime
    version: str
    turn: int
    step: str
    attempt: int
    page: int
    happened: str
    topic: str
    detail: str
    heard_by: datetime | None
    outcomes: tuple[CallOutcome | None, ...]
    language: str = ""

    def to_row(self, cipher: Cipher) -> CallEvent:
        """Return the event as it is stored; the first of a call has the CallSid, in case we must ask how it ended."""
        return CallEvent(
            cipher.blind_index(self.call),
            self.at,
            self.version,
            self.turn,
            self.step,
            self.attempt,
            self.page,
            self.happened,
            self.topic,
            self.detail,
            strongest_outcome(*self.outcomes),
            self.heard_by,
            cipher.encrypt(self.call) if self.happened == RANG else None,
            self.language,
        )


class CallLog:
    """A bounded queue of call events, and the task that writes them in batches."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._queue: deque[PendingEvent] = deque()
        self._batch = BATCH
        self._stopping = asyncio.Event()

    def append(self, call: str, version: str, event: Event | None, reply: Reply, *outcomes: CallOutcome | None) -> None:
        """Queue an event of a call, answered by a version of the content; None is the ring that began it."""
        if event is None:
            metrics.calls.inc()
        if len(self._queue) >= LONGEST:
            metrics.events_dropped.inc()
            return
        state, now, happened = reply.state, self._clock(), type(event).__name__ if event else RANG
        place = state.turn, reply.at, state.attempts, state.page
        heard_by = now + timedelta(seconds=duration_of(reply.turn.before_goodbye())) if reply.informs else None
        self._queue.append(
            PendingEvent(
                call, now, version, *place, happened, state.topic, _detail(event), heard_by, outcomes, state.language
            )
        )

    async def write(self) -> None:
        """Write batches until told to stop, and then what is left; what the database does not take then is dropped."""
        while not self._stopping.is_set():
            while await self._write_batch() and len(self._queue) >= self._batch:
                pass
            await stopped_within(self._stopping, PAUSE)
        tries = LAST_TRIES
        while self._queue and tries:
            tries = LAST_TRIES if await self._write_batch() else tries - 1
        if self._queue:
            metrics.events_dropped.inc(len(self._queue))
            log.error("call events lost: the database is down: events=%d", len(self._queue))

    def stop(self) -> None:
        """Make `write` end, once what waits is written or given up."""
        self._stopping.set()

    async def _write_batch(self) -> bool:
        """Write one batch in one transaction. A batch that fails stays in the queue, before all that came later.

        A transaction has only so long: on an overloaded machine smaller ones get through.
        """
        metrics.events_waiting.set(len(self._queue))  # not at each key press
        batch = list(islice(self._queue, self._batch))
        if not batch:
            return True
        try:
            async with self._store.begin() as db:
                await call_events.append(db, [one.to_row(self._store.cipher) for one in batch])
        except DatabaseUnavailable:
            self._batch = max(self._batch // 2, 1)
            return False
        self._batch = min(self._batch * 2, BATCH)
        for _ in batch:
            self._queue.popleft()
        metrics.events_waiting.set(len(self._queue))
        return True


def _detail(event: Event | None) -> str:
    """Return the status and the seconds; who was rung stands in the flow."""
    match event:
        case DialEnded(status, seconds):
            return f"{status} {_length(seconds)}"
        case QueueEnded(result, waited):
            return f"{result} {_length(waited)}"
        case Recorded(seconds=seconds):
            return _length(seconds)
    return ""


def _length(seconds: int | None) -> str:
    return "? s" if seconds is None else f"{seconds} s"
