"""Sends the texts that wait in the outbox: once each, as far as anybody can tell.

The attempt is committed before the provider is asked. Whatever happens after that, a text is never simply sent again:
only where the provider certainly did not take it, or where nobody can tell (`reconcile.py`).
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store import opt_outs, reminders, sms_outbox
from ivr.store.advisory_lock import advisory_lock
from ivr.store.backoff import backoff
from ivr.store.database import Store
from ivr.store.sms_outbox import OutboxText
from ivr.store.tables import sms_outbox as texts_table
from ivr.telephony.error_codes import OPTED_OUT
from ivr.telephony.provider_errors import Indeterminate, ProviderError, Rejected, Retryable
from ivr.telephony.rest import Accepted, Provider
from ivr.tokens import SmsIdTokens
from ivr.worker.clock_check import ClockCheck

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(hours=1)
MOST_ATTEMPTS = 34
"""That is about a day: later than that, nobody who rang us still waits for it."""
GIVEN_UP = "the provider would not take it for a day"
RATE_WINDOW = 5.0
"""Seconds over which the rate limit is counted."""
LARGEST_BATCH = 10
"""Whoever dies leaves no more than these in doubt."""

Outcome = Accepted | ProviderError


@dataclass(frozen=True)
class SmsSender:
    """A number that texts go out from, and its limits.

    `public_url` is where the provider reaches us; the first of `secrets` seals the ids in its status callbacks.
    `per_second` is how many texts all workers together may send in a second. `patience` is how long the status
    callback of a text may take before we ask.
    """

    number: str
    public_url: str
    secrets: Sequence[bytes] = field(repr=False)
    per_second: float = 1.0
    patience: timedelta = timedelta(seconds=60)

    def status_url(self, id: str) -> str:
        """Return the StatusCallback of a text."""
        return f"{self.public_url}/sms/status?t={self._tokens.close(id)}"

    @cached_property
    def _tokens(self) -> SmsIdTokens:
        return SmsIdTokens(self.secrets)


class Outbox:
    """Gives the provider the texts that are due."""

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
        self._hold: tuple[datetime, datetime] | None = None
        """When the provider told us to be slower, and until when nothing is sent."""

    async def send_due(self) -> int:
        """Send what is due, within the rate limit; return how many. Raises DatabaseUnavailable."""
        now = self._clock()
        async with self._store.begin() as db:
            await sms_outbox.doubt_overdue(db, now)
            await sms_outbox.expire(db, now, self._sender.patience)
            limit = 0 if self._free_at(now) > now else await allowed(db, self._sender.per_second, now)
            lease = self._lease(limit)
            claimed = await sms_outbox.claim(db, self._store.cipher, now, lease, limit) if limit else []
        # Each is sent, whatever becomes of the others.
        sendings = [self._send_in_turn(place, text, now + lease) for place, text in enumerate(claimed)]
        for failure in await asyncio.gather(*sendings, return_exceptions=True):
            if failure:
                raise failure
        return len(claimed)

    def _lease(self, texts: int) -> timedelta:
        """Return how long texts stay claimed: until the last has its turn and its answer, and patience."""
        return timedelta(seconds=texts / self._sender.per_second + self._provider.timeout) + self._sender.patience

    async def _send_in_turn(self, place: int, text: OutboxText, leased_until: datetime) -> None:
        await asyncio.sleep(place / self._sender.per_second)
        if self._clock() + timedelta(seconds=self._provider.timeout) >= leased_until:
            return  # this machine slept, and another worker has the text
        outcome = await self._send(text)
        now = self._clock()
        if now >= leased_until and isinstance(outcome, Retryable | Indeterminate):
            return  # likewise
        async with self._store.begin() as db:
            await self._settle(db, text, outcome, now)
        reason = outcome.reason if isinstance(outcome, ProviderError) else None
        name = type(outcome).__name__
        log.info("sms sent: id=%s attempt=%d outcome=%s reason=%r", text.id, text.attempts, name, reason)

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
        """Return now, unless we were told to be slower; a clock that was set back since then holds nobody up."""
        return self._hold[1] if self._hold and self._hold[0] <= now < self._hold[1] else now

    async def _settle(self, db: AsyncConnection, text: OutboxText, outcome: Outcome, now: datetime) -> None:
        match outcome:
            case Accepted():
                await sms_outbox.sent(db, text.id, outcome.sid, now)
            case Rejected():
                if outcome.code == OPTED_OUT:
                    await opt_outs.opt_out(db, self._store.cipher.blind_index(text.to), now)
                    await reminders.cancel(db, self._store.cipher, text.to)
                await sms_outbox.failed(db, text.id, outcome.reason, now)
            case Retryable() if text.attempts >= MOST_ATTEMPTS:
                await sms_outbox.failed(db, text.id, f"{GIVEN_UP}: {outcome.reason}", now)
            case Retryable():
                later = now + backoff(text.attempts, FIRST_WAIT, LONGEST_WAIT)
                await sms_outbox.put_off(db, text.id, max(later, self._free_at(now)), now)
            case _:
                await sms_outbox.unknown(db, text.id, now + self._sender.patience, now)


async def allowed(db: AsyncConnection, per_second: float, now: datetime) -> int:
    """Return how many texts may be claimed in this transaction, counting what all workers claimed lately.

    A number that sends faster than its network allows is taken for a spammer's.
    """
    await advisory_lock(db, "pace")
    seconds = max(RATE_WINDOW, 1 / per_second)
    span = timedelta(seconds=seconds)  # before and after now: clocks are set
    lately = select(func.count()).select_from(texts_table).where(texts_table.c.tried.between(now - span, now + span))
    left = round(seconds * per_second) - (await db.scalar(lately) or 0)
    return max(0, min(left, LARGEST_BATCH))
