"""Sends the texts that were promised: once each, as far as anybody can tell.

The attempt is committed before the provider is asked. Whatever happens after that, a text is never simply sent again:
only where the provider certainly did not take it, or where nobody could be found who knows (`doubt.py`).
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store import opt_outs, reminders, sms_outbox
from ivr.store.database import Store
from ivr.store.sms_outbox import OutboxText
from ivr.telephony.error_codes import SAID_STOP
from ivr.telephony.provider_errors import Indeterminate, ProviderError, Rejected, Retryable
from ivr.telephony.rest import Accepted, Provider
from ivr.worker.rate_limit import allowed
from ivr.worker.sms_sender import SmsSender

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(hours=1)
MOST_ATTEMPTS = 34
"""That is about a day: later than that, nobody who rang us still waits for it."""
GIVEN_UP = "the provider would not take it for a day"

Outcome = Accepted | ProviderError


class Outbox:
    """Takes what is due out of the store and gives it to the provider."""

    def __init__(self, store: Store, provider: Provider, sender: SmsSender, clock: Callable[[], datetime]) -> None:
        self._store, self._provider, self._sender, self._clock = store, provider, sender, clock
        self._hold: tuple[datetime, datetime] | None = None
        """The provider told us, then, to be slower: nothing is sent until then."""

    async def send_due(self) -> int:
        """Send what is due, as much as the number can bear; how many texts that were. Raises StoreDown."""
        now = self._clock()
        async with self._store.begin() as db:
            await sms_outbox.doubt_overdue(db, now)
            await sms_outbox.expire(db, now, self._sender.patience)
            limit = 0 if self._free_at(now) > now else await allowed(db, self._sender.per_second, now)
            lease = self._lease(limit)
            claimed = await sms_outbox.claim(db, self._store.cipher, now, lease, limit) if limit else []
        # Each is seen through to its end, whatever becomes of the others.
        sendings = [self._send_in_turn(place, text, now + lease) for place, text in enumerate(claimed)]
        for failure in await asyncio.gather(*sendings, return_exceptions=True):
            if failure:
                raise failure
        return len(claimed)

    def _lease(self, texts: int) -> timedelta:
        """How long texts stay with whoever claimed them: until the last has its turn and its answer, and patience."""
        return timedelta(seconds=texts / self._sender.per_second + self._provider.timeout) + self._sender.patience

    async def _send_in_turn(self, place: int, text: OutboxText, mine_until: datetime) -> None:
        await asyncio.sleep(place / self._sender.per_second)
        if self._clock() + timedelta(seconds=self._provider.timeout) >= mine_until:
            return  # this machine slept, and somebody else is looking after it
        outcome = await self._send(text)
        now = self._clock()
        if now >= mine_until and isinstance(outcome, Retryable | Indeterminate):
            return  # likewise
        async with self._store.begin() as db:
            await self._settle(db, text, outcome, now)
        told = text.id, text.attempts, type(outcome).__name__, _reason(outcome)
        log.info("text: text=%s attempt=%d outcome=%s reason=%r", *told)

    async def _send(self, text: OutboxText) -> Outcome:
        if self._free_at(now := self._clock()) > now:
            return Retryable("the provider wants us to be slower")
        try:
            return await self._provider.send(text.to, text.body, self._sender.number, self._sender.status_url(text.id))
        except ProviderError as failure:
            if isinstance(failure, Retryable) and failure.retry_after:
                self._hold = now, now + failure.retry_after
            return failure

    def _free_at(self, now: datetime) -> datetime:
        """Now, unless we were told to be slower; a clock that was set back since then holds nobody up."""
        return self._hold[1] if self._hold and self._hold[0] <= now < self._hold[1] else now

    async def _settle(self, db: AsyncConnection, text: OutboxText, outcome: Outcome, now: datetime) -> None:
        match outcome:
            case Accepted():
                await sms_outbox.sent(db, text.id, outcome.sid, now)
            case Rejected():
                if outcome.code == SAID_STOP:
                    await opt_outs.opt_out(db, self._store.cipher.blind_index(text.to), now)
                    await reminders.stop(db, self._store.cipher, text.to)
                await sms_outbox.failed(db, text.id, outcome.reason, now)
            case Retryable() if text.attempts >= MOST_ATTEMPTS:
                await sms_outbox.failed(db, text.id, f"{GIVEN_UP}: {outcome.reason}", now)
            case Retryable():
                await sms_outbox.put_off(db, text.id, max(now + _wait(text.attempts), self._free_at(now)), now)
            case _:
                await sms_outbox.unknown(db, text.id, now + self._sender.patience, now)


def _wait(attempts: int) -> timedelta:
    """Each time twice as long as the last.

    >>> str(_wait(1)), str(_wait(4)), str(_wait(30))
    ('0:00:01', '0:00:08', '1:00:00')
    """
    return min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)


def _reason(outcome: Outcome) -> str | None:
    return outcome.reason if isinstance(outcome, ProviderError) else None
