"""What the provider tells of a caller's call once it is over, and of an adviser's all the while."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from starlette.responses import Response
from starlette.types import Scope

from ivr.errors import DatabaseUnavailable
from ivr.store import call_records, hunts, legs, voicemails
from ivr.store.call_records import CallOutcome
from ivr.store.database import Store
from ivr.store.staff_alerts import StaffAlerts
from ivr.telephony.webhook import GONE, name_in
from ivr.web.query import asked
from ivr.web.signature_check import Form

log = logging.getLogger(__name__)

DID_NOT_WORK = frozenset({"failed", "busy", "no-answer"})


class CallStatus:
    """Answers `POST /voice/status`: closes a call's record, and passes on what was said in it.

    The number's status callback is to point here, and that of advisers' legs does.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime], alerts: StaffAlerts | None = None) -> None:
        self._store, self._clock, self._alerts = store, clock, alerts
        self._turn = asyncio.Lock()

    async def answer(self, scope: Scope, form: Form) -> Response:
        """An empty answer; what cannot be written down now is found out by the worker later.

        One at a time: nobody hears this answer, so it waits its turn, and those who are promised something do not
        stand behind everybody who has just rung off.
        """
        call, status = name_in(form.get("CallSid", "")), form.get("CallStatus", "")
        leg = name_in(asked(scope, "leg"))
        try:
            async with self._turn:
                if leg:
                    await self._leg(leg, call, status)
                elif call and status in GONE:
                    await self._over(call, status)
        except DatabaseUnavailable:
            log.error("what became of a call could not be written down: the database is down")
        return Response(status_code=204)

    async def _over(self, call: str, status: str) -> None:
        """Close the record of a caller's call. They may have rung off in the queue, or in the middle of a talk."""
        blind_index, now = self._store.cipher.blind_index(call), self._clock()
        ended = CallOutcome.failed if status in DID_NOT_WORK else CallOutcome.abandoned
        async with self._store.begin() as db:
            talked = CallOutcome.put_through if await hunts.caller_rang_off(db, blind_index, now) else None
            left = (
                CallOutcome.message
                if await voicemails.over(db, self._store.cipher, blind_index, now, self._alerts)
                else None
            )
            await call_records.close(db, blind_index, call_records.strongest_outcome(ended, talked, left) or ended, now)

    async def _leg(self, leg: str, sid: str, status: str) -> None:
        async with self._store.begin() as db:
            await legs.news(db, leg, sid, status, self._clock())
