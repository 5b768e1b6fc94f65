"""Test calls (`ivr canary`): what is written down of them, and how their second number answers as an adviser would."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from starlette.responses import Response
from starlette.types import Scope

from ivr.engine.run import Reply
from ivr.errors import DatabaseUnavailable
from ivr.helpline.call_variables import announced_last_day
from ivr.helpline.canary import is_canary
from ivr.stop import stopped_within
from ivr.store import canary_events
from ivr.store.call_events import CallOutcome
from ivr.store.canary_events import ENDED, CanaryEvent
from ivr.store.database import Store
from ivr.web.signature_check import Form

log = logging.getLogger(__name__)

PAUSE = 0.25
"""Seconds between two writings."""
LONGEST = 1_000
"""Events that wait while the database is down; a test call has a hundred."""


class CanaryLog:
    """Writes down the steps that test calls come to, in the place of call events, which are counted."""

    def __init__(self, store: Store, number: str | None, clock: Callable[[], datetime]) -> None:
        """`number` is the one that test calls come from; None if there are none."""
        self._store, self._number, self._clock = store, number, clock
        self._events: list[CanaryEvent] = []

    def is_of(self, form: Form) -> bool:
        """Return whether a webhook is of a test call."""
        return is_canary(form.get("From", ""), self._number)

    def append(self, reply: Reply, *outcomes: CallOutcome | None) -> None:
        """Note an answer that a test call was given, and what it has come to."""
        last_day, put_through = announced_last_day(reply.state.variables), CallOutcome.put_through in outcomes
        self._add(CanaryEvent(self._clock(), (*reply.path, reply.at), last_day, put_through))

    def end(self) -> None:
        """Note that a test call is over."""
        self._add(CanaryEvent(self._clock(), (ENDED,)))

    async def write(self) -> None:
        """Write what waits; it waits on while the database is down."""
        events = list(self._events)
        if not events:
            return
        try:
            async with self._store.begin() as db:
                await canary_events.append(db, events)
        except DatabaseUnavailable:
            log.warning("what a test call came to is not written down yet: the database is down")
        else:
            del self._events[: len(events)]

    async def watch(self, stop: asyncio.Event) -> None:
        """Write until `stop` is set, and then what is left."""
        while not await stopped_within(stop, PAUSE):
            await self.write()
        await self.write()

    def _add(self, event: CanaryEvent) -> None:
        if len(self._events) < LONGEST:
            self._events.append(event)


class CanaryAdviser:
    """Answers `POST /voice/canary`: the second number is rung in the place of an adviser, and takes the call."""

    def __init__(self, document: Callable[[], bytes]) -> None:
        self._document = document

    async def answer(self, scope: Scope, form: Form) -> Response:
        """Return the document that listens to the whisper and presses the key that accepts."""
        return Response(self._document(), media_type="text/xml")
