"""Finds out what became of texts that the provider may have taken or not.

First we wait for the status callback, whose address has our own id in it (`ivr/tokens.py`). Then we look into the
provider's list, twice. What is not there either was not taken: it is sent again, sooner at first and later each time,
until it is of no use any more, and counted.

One that was never tried but should have been long ago is looked for as well: this may be a backup from before.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store import sms_outbox, sms_results
from ivr.store.advisory_lock import advisory_lock
from ivr.store.backoff import backoff
from ivr.store.database import Store
from ivr.store.sms_states import OutboxText
from ivr.store.tables import provider_resources
from ivr.telephony.error_codes import text_failure
from ivr.telephony.provider_errors import ProviderError
from ivr.telephony.resources import Found
from ivr.telephony.rest import Provider
from ivr.worker.outbox import SmsSender

log = logging.getLogger(__name__)

LOOKUPS = 2
BATCH = 20
SLACK = timedelta(minutes=10)
"""How far the provider's clock may be from ours."""
FIRST_WAIT = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=1)
"""Before a text that was not taken is sent a third time, and at most: a list that were wrong would cost few texts."""


class Reconciler:
    """Looks for texts at the provider."""

    def __init__(self, store: Store, provider: Provider, sender: SmsSender, clock: Callable[[], datetime]) -> None:
        self._store, self._provider, self._sender, self._clock = store, provider, sender, clock

    async def look_up(self) -> int:
        """Look for the texts without a status callback; return how many. Raises DatabaseUnavailable."""
        async with self._store.begin() as db:
            lease = timedelta(seconds=BATCH * self._provider.timeout) + self._sender.patience
            pending = await sms_outbox.to_look_for(db, self._store.cipher, self._clock(), BATCH, lease)
        for text in pending:
            if not await self._look_up(text):
                break  # the others have been put off as well: a provider that does not answer is not pressed
        return len(pending)

    async def _look_up(self, text: OutboxText) -> bool:
        """Look for a text and settle it; return False if the list cannot be read, which does not say that it is not
        in it.
        """
        try:
            found = await self._provider.find(text.to, text.body, text.promised - SLACK)
        except ProviderError as failure:
            log.warning("sms lookup failed: reason=%r", failure.reason)
            return False
        async with self._store.begin() as db:
            await self._settle(db, text, found, self._clock())
        return True

    async def _settle(self, db: AsyncConnection, text: OutboxText, found: Sequence[Found], now: datetime) -> None:
        if await sms_outbox.has_twin_on_its_way(db, self._store.cipher, text):
            await sms_results.unknown(db, text.id, now + self._sender.patience, now)
        elif message := await _first_unknown(db, found):
            await self._settle_found(db, text, message, now)
        else:
            looks = await sms_results.looked(db, text.id, now + self._sender.patience, now)
            await self._settle_absent(db, text, looks, now)

    async def _settle_absent(self, db: AsyncConnection, text: OutboxText, looks: int, now: datetime) -> None:
        """Have a text sent that is not in the list; if it was sent again in vain, after a wait and a last look."""
        if looks < LOOKUPS:
            return
        if not text.attempts:  # it was overdue, and only looked for
            await sms_results.put_off(db, text.id, now, now)
        elif text.resent and looks == LOOKUPS:
            await sms_results.unknown(db, text.id, now + backoff(text.resent, FIRST_WAIT, LONGEST_WAIT), now)
        else:
            await sms_results.send_again(db, text.id, now)

    async def _settle_found(self, db: AsyncConnection, text: OutboxText, message: Found, now: datetime) -> None:
        failure = text_failure(message.error)
        means = {"opted_out": failure.opted_out, "is_passing": failure.is_passing}
        reason = failure.reason if message.error else None
        await sms_results.delivery(db, text.id, message.sid, message.status, reason, now, **means)


async def _first_unknown(db: AsyncConnection, found: Sequence[Found]) -> Found | None:
    """Return the first that we do not know already: a caller may have asked for the same words twice."""
    await advisory_lock(db, "found")
    sids = [one.sid for one in found]
    known = set(await db.scalars(select(provider_resources.c.sid).where(provider_resources.c.sid.in_(sids))))
    return next((one for one in found if one.sid not in known), None)
