"""Finds out what became of texts that the provider may have taken or not.

First we wait for the status callback, whose address has our own id in it (`ivr/tokens.py`). Then we look into the
provider's list, twice. If the text is not there either, it is sent once more, and counted: better one text too many
than one too few. Once more and no oftener.

One that was never tried but should have been long ago is looked for as well: this may be a backup from before.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store import sms_outbox
from ivr.store.advisory_lock import advisory_lock
from ivr.store.database import Store
from ivr.store.sms_outbox import OutboxText
from ivr.store.tables import provider_resources
from ivr.telephony.error_codes import describe_error
from ivr.telephony.provider_errors import ProviderError
from ivr.telephony.rest import Found, Provider
from ivr.worker.clock_check import ClockCheck
from ivr.worker.outbox import SmsSender

log = logging.getLogger(__name__)

LOOKUPS = 2
BATCH = 20
SLACK = timedelta(minutes=10)
"""How far the provider's clock may be from ours; an earlier attempt at the same text may be found by it, too."""
NOBODY_KNOWS = "nobody can tell whether it was sent, though we tried twice"


class Reconciler:
    """Looks for texts at the provider."""

    def __init__(
        self,
        store: Store,
        provider: Provider,
        sender: SmsSender,
        clock: Callable[[], datetime],
        clock_check: ClockCheck | None = None,
    ) -> None:
        self._store, self._provider, self._sender, self._clock = store, provider, sender, clock
        self._clock_check = clock_check or ClockCheck(store, clock, asks_server=False)

    async def look_up(self) -> int:
        """Look for the texts without a status callback; return how many. Raises DatabaseUnavailable."""
        async with self._store.begin() as db:
            lease = timedelta(seconds=BATCH * self._provider.timeout) + self._sender.patience
            pending = await sms_outbox.to_look_for(db, self._store.cipher, self._clock(), BATCH, lease)
        for text in pending:
            await self._look_up(text)
        return len(pending)

    async def _look_up(self, text: OutboxText) -> None:
        try:
            found = await self._provider.find(text.to, text.body, (text.tried or text.due) - SLACK)
        except ProviderError as failure:
            # This was no lookup: a list that cannot be read does not say that the text is not in it.
            log.warning("sms lookup failed: reason=%r", failure.reason)
            return
        async with self._store.begin() as db:
            await self._settle(db, text, found, self._clock())

    async def _settle(self, db: AsyncConnection, text: OutboxText, found: Sequence[Found], now: datetime) -> None:
        if await sms_outbox.has_twin_on_its_way(db, self._store.cipher, text):
            await sms_outbox.unknown(db, text.id, now + self._sender.patience, now)
        elif message := await _first_unknown(db, found):
            await sms_outbox.delivery(db, text.id, message.sid, message.status, _reason(message), now)
        elif await sms_outbox.looked(db, text.id, now + self._sender.patience, now) >= LOOKUPS:
            if not text.attempts:  # it was overdue, and only looked for
                await sms_outbox.put_off(db, text.id, now, now)
            elif text.resent:
                await sms_outbox.failed(db, text.id, NOBODY_KNOWS, now)
            else:
                await sms_outbox.send_again(db, text.id, now)


async def _first_unknown(db: AsyncConnection, found: Sequence[Found]) -> Found | None:
    """Return the first that we do not know already: a caller may have asked for the same words twice."""
    await advisory_lock(db, "found")
    sids = [one.sid for one in found]
    known = set(await db.scalars(select(provider_resources.c.sid).where(provider_resources.c.sid.in_(sids))))
    return next((one for one in found if one.sid not in known), None)


def _reason(message: Found) -> str | None:
    return describe_error(message.error) if message.error else None
