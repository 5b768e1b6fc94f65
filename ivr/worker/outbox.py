"""Sends the texts that wait in the outbox: once each, as far as anybody can tell, and until they are of no use.

The attempt is committed before the provider is asked. Whatever happens after that, a text is never simply sent again:
only where the provider certainly did not take it, or where it cannot be found there (`reconcile.py`). What concerns all
texts, such as "too many requests" or a wrong token, holds the sender (`sender_hold.py`) and counts against none.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store import sms_outbox, sms_results
from ivr.store.backoff import backoff
from ivr.store.database import Store
from ivr.store.sms_states import OutboxText
from ivr.telephony.error_codes import text_failure
from ivr.telephony.provider_errors import Indeterminate, ProviderError, Rejected, Retryable
from ivr.telephony.resources import Accepted
from ivr.telephony.rest import Provider
from ivr.tokens import SmsIdTokens
from ivr.worker.clock_check import ClockCheck
from ivr.worker.rate_limit import allowed
from ivr.worker.sender_hold import SenderHold

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(hours=1)

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
        self._hold = SenderHold()

    async def send_due(self) -> int:
        """Send what is due, within the rate limit; return how many. Raises DatabaseUnavailable.

        What is of no use any more is given up, but not by a clock that cannot be believed.
        """
        may_give_up = await self._clock_check.is_plausible()
        now = self._clock()
        async with self._store.begin() as db:
            await sms_outbox.doubt_overdue(db, now)
            await sms_outbox.expire(db, now, self._sender.patience)
            if may_give_up:
                await sms_outbox.give_up(db, now)
            limit = await self._limit(db, now)
            lease = self._lease(limit)
            claimed = await sms_outbox.claim(db, self._store.cipher, now, lease, limit) if limit else []
        # Each is sent, whatever becomes of the others.
        sendings = [self._send_in_turn(place, text, now + lease) for place, text in enumerate(claimed)]
        for failure in await asyncio.gather(*sendings, return_exceptions=True):
            if failure:
                raise failure
        return len(claimed)

    async def _limit(self, db: AsyncConnection, now: datetime) -> int:
        """Return how many texts to claim: while the provider takes none, one at a time, to find out."""
        if self._hold.is_on(now):
            return 0
        may_send = await allowed(db, self._sender.per_second, now)
        return min(may_send, 1) if self._hold.is_probing else may_send

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
        if self._hold.is_on(self._clock()):
            return Retryable(self._hold.reason)
        try:
            taken = await self._provider.send(text.to, text.body, self._sender.number, self._sender.status_url(text.id))
        except ProviderError as failure:
            if isinstance(failure, Retryable) and failure.concerns_all:
                held = self._hold.begin(self._clock(), failure.reason, failure.retry_after)
                log.warning("all texts wait: seconds=%d reason=%r", held.total_seconds(), failure.reason)
            return failure
        self._hold.end()
        return taken

    async def _settle(self, db: AsyncConnection, text: OutboxText, outcome: Outcome, now: datetime) -> None:
        match outcome:
            case Accepted():
                await sms_results.sent(db, text.id, outcome.sid, now)
            case Rejected():
                opted_out = text_failure(outcome.code).opted_out
                await sms_results.failed(db, text.id, outcome.reason, now, opted_out=opted_out)
            case Retryable() if outcome.concerns_all:
                await sms_results.hand_back(db, text.id, now, outcome.reason)
            case Retryable():
                later = now + backoff(text.attempts, FIRST_WAIT, LONGEST_WAIT)
                await sms_results.put_off(db, text.id, later, now, outcome.reason)
            case _:
                await sms_results.unknown(db, text.id, now + self._sender.patience, now, outcome.reason)
