"""Status callbacks: of a caller's call once it is over, and of an adviser's leg all the while."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from starlette.responses import Response
from starlette.types import Scope

from ivr.errors import DatabaseUnavailable
from ivr.store import call_events, hunts, legs, voicemails
from ivr.store.call_events import CallOutcome, strongest_outcome
from ivr.store.database import Store
from ivr.store.staff_alerts import StaffAlerts
from ivr.telephony.webhook import ENDED, id_in
from ivr.web import metrics
from ivr.web.canary import CanaryLog
from ivr.web.ended_calls import EndedCalls
from ivr.web.signature_check import Form, query_value

log = logging.getLogger(__name__)

FAILED = frozenset({"failed", "busy", "no-answer"})
LONGEST_QUEUE = 5.0
"""Seconds that a status callback waits for those before it: the provider gives up after fifteen."""


class CallStatus:
    """Answers `POST /voice/status`: notes the end of a call, and passes on its voicemail.

    The number's status callback is to point here, and that of advisers' legs does.
    """

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        alerts: StaffAlerts | None = None,
        ended: EndedCalls | None = None,
        canary: CanaryLog | None = None,
    ) -> None:
        """`ended` is told of each call whose end is stored, `canary` of that of a test call."""
        self._store, self._clock, self._alerts, self._ended, self._canary = store, clock, alerts, ended, canary
        self._lock = asyncio.Lock()

    async def answer(self, scope: Scope, form: Form) -> Response:
        """Store the status, or ask for it again (503); the provider's retries end, and then the worker finds it out.

        One at a time: nobody hears this answer, and effects that callers wait for are not to queue behind the
        status callbacks of everybody who has just rung off.
        """
        call, status = id_in(form.get("CallSid", "")), form.get("CallStatus", "")
        leg = id_in(query_value(scope, "leg"))
        try:
            async with self._one_at_a_time():
                if leg:
                    await self._store_leg(leg, call, status)
                elif call and status in ENDED and self._canary and self._canary.is_of(form):
                    await self._close_test(call, self._canary)
                elif call and status in ENDED:
                    await self._close(call, status)
        except DatabaseUnavailable:
            metrics.errors.labels(metrics.NOT_STORED).inc()
            log.error("call status not stored: the database is down")
            return Response("try again", 503)
        return Response(status_code=204)

    @asynccontextmanager
    async def _one_at_a_time(self) -> AsyncIterator[None]:
        try:
            await asyncio.wait_for(self._lock.acquire(), LONGEST_QUEUE)
        except TimeoutError:
            raise DatabaseUnavailable("too many status callbacks wait for the database") from None
        try:
            yield
        finally:
            self._lock.release()

    async def _close(self, call: str, status: str) -> None:
        """Note the end of a caller's call. They may have rung off in the queue, or in the middle of a talk."""
        now = self._clock()
        failed = CallOutcome.failed if status in FAILED else None
        async with self._store.begin() as db:
            blind_index = self._store.cipher.blind_index(call)
            talked = CallOutcome.put_through if await hunts.caller_hung_up(db, blind_index, now) else None
            left = (
                CallOutcome.message
                if await voicemails.call_ended(db, self._store.cipher, blind_index, now, self._alerts)
                else None
            )
            is_new = await call_events.end(db, blind_index, strongest_outcome(failed, talked, left), now, status)
        if is_new and self._ended:
            self._ended.append(blind_index)

    async def _close_test(self, call: str, canary: CanaryLog) -> None:
        """Note the end of a test call: it counts nowhere, and ends whatever rings for it."""
        async with self._store.begin() as db:
            await hunts.caller_hung_up(db, self._store.cipher.blind_index(call), self._clock())
        canary.end()

    async def _store_leg(self, leg: str, sid: str, status: str) -> None:
        async with self._store.begin() as db:
            await legs.record_status(db, leg, sid, status, self._clock())
