"""What the provider tells of a call once it is over."""

from collections.abc import Callable
from datetime import datetime

import structlog
from starlette.responses import Response
from starlette.types import Scope

from ivr.errors import StoreDown
from ivr.store import records
from ivr.store.database import Store
from ivr.store.records import Ended
from ivr.telephony.webhook import GONE
from ivr.web.signed import Form

log = structlog.get_logger()

DID_NOT_WORK = frozenset({"failed", "busy", "no-answer"})


class Status:
    """Answers `POST /voice/status`: closes the call's record. The number's status callback is to point here."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock

    async def answer(self, scope: Scope, form: Form) -> Response:
        """An empty answer; a record that cannot be closed now is closed by the worker later."""
        call, status = form.get("CallSid", ""), form.get("CallStatus", "")
        if call and status in GONE:
            ended = Ended.failed if status in DID_NOT_WORK else Ended.abandoned
            try:
                async with self._store.begin() as db:
                    await records.close(db, self._store.cipher.mark(call), ended, self._clock())
            except StoreDown:
                log.error("a record could not be closed: the database is down")
        return Response(status_code=204)
