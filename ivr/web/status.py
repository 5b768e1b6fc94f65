"""What the provider tells of a caller's call once it is over, and of an adviser's all the while."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from starlette.responses import Response
from starlette.types import Scope

from ivr.errors import StoreDown
from ivr.store import hunts, legs, messages, records
from ivr.store.alerts import Alerts
from ivr.store.database import Store
from ivr.store.records import Ended
from ivr.telephony.webhook import GONE, name_in
from ivr.web.query import asked
from ivr.web.signed import Form

log = logging.getLogger(__name__)

DID_NOT_WORK = frozenset({"failed", "busy", "no-answer"})


class Status:
    """Answers `POST /voice/status`: closes a call's record, and passes on what was said in it.

    The number's status callback is to point here, and that of advisers' legs does.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime], alerts: Alerts | None = None) -> None:
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
        except StoreDown:
            log.error("what became of a call could not be written down: the database is down")
        return Response(status_code=204)

    async def _over(self, call: str, status: str) -> None:
        """Close the record of a caller's call. They may have rung off in the queue, or in the middle of a talk."""
        mark, now = self._store.cipher.mark(call), self._clock()
        ended = Ended.failed if status in DID_NOT_WORK else Ended.abandoned
        async with self._store.begin() as db:
            talked = Ended.put_through if await hunts.caller_rang_off(db, mark, now) else None
            left = Ended.message if await messages.over(db, self._store.cipher, mark, now, self._alerts) else None
            await records.close(db, mark, records.most(ended, talked, left) or ended, now)

    async def _leg(self, leg: str, sid: str, status: str) -> None:
        async with self._store.begin() as db:
            await legs.news(db, leg, sid, status, self._clock())
