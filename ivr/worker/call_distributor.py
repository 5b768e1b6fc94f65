"""Rings advisers for callers who wait in the queue.

A leg is committed before the provider is asked to ring it, with our own id for it in the addresses that the provider
is given: should its answer be lost, the status callback still finds the leg, and so does whoever takes the call.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import DatabaseUnavailable
from ivr.helpline.whisper import ANY_CALL, HUNT, LEG, adviser_call_state
from ivr.store import heartbeat, hunts, legs
from ivr.store.database import Store
from ivr.store.hunt_assignment import NewLeg, RingingRules, assign_call
from ivr.store.leg_states import LegOutcome
from ivr.telephony.provider_errors import ProviderError, Rejected, Retryable
from ivr.telephony.resources import Accepted
from ivr.telephony.rest import Provider
from ivr.tokens import CallStateTokens

log = logging.getLogger(__name__)

ANSWER_WAIT = 0.25
"""Seconds to wait for the provider's answers before other callers are looked after; they are not given up."""
HOLD = timedelta(seconds=30)
"""After the provider would not ring at all, new callers are put through without the queue for so long."""

Answer = Accepted | ProviderError


@dataclass(frozen=True)
class AdviserCaller:
    """The number that advisers see when we ring them, and the addresses of their legs.

    `offer` is the step that an adviser hears. `secrets` seal its call state, for the day that it is by the `clock`.
    """

    number: str
    public_url: str
    secrets: Sequence[bytes] = field(repr=False)
    offer: Callable[[], str]
    clock: Callable[[], datetime] | None = None

    def offer_url(self, one: NewLeg) -> str:
        """Return the Url of a leg, at which the adviser hears what the call is about."""
        state = adviser_call_state(one.topic, one.deadline, one.audience, **{HUNT: one.hunt, LEG: one.leg})
        offer = self.offer()
        sealed = self._tokens.close(state, ANY_CALL, offer)
        return f"{self.public_url}/voice/{offer}?{urlencode({'m': sealed})}"

    def status_url(self, leg: str) -> str:
        """Return the StatusCallback of a leg."""
        return f"{self.public_url}/voice/status?{urlencode({'leg': leg})}"

    @cached_property
    def _tokens(self) -> CallStateTokens:
        return CallStateTokens(*self.secrets, clock=self.clock)


class CallDistributor:
    """Rings advisers for every hunt. Any number may run at once: they take turns, and none is missed that dies."""

    def __init__(
        self,
        store: Store,
        provider: Provider,
        caller: AdviserCaller,
        rules: Callable[[], RingingRules],
        clock: Callable[[], datetime],
        answer_wait: float = ANSWER_WAIT,
    ) -> None:
        self._store, self._provider, self._caller, self._clock = store, provider, caller, clock
        self._rules, self._answer_wait = rules, answer_wait
        self._requests: dict[str, asyncio.Task[None]] = {}
        """What the provider was asked, by leg, and has not answered yet."""
        self._last_heartbeat: datetime | None = None
        self._hold: datetime | None = None
        self._passed_over: frozenset[str] = frozenset()

    async def distribute(self) -> int:
        """Ring whoever is to be rung now, cancel legs that nobody needs; return how many were rung.

        Raises DatabaseUnavailable.
        """
        now = self._clock()
        async with self._store.begin() as db:
            await self._record_heartbeat(db, now)
            rung, unwanted, passed_over = await assign_call(db, self._store.cipher, self._rules(), now)
        self._tell(passed_over)
        for one in rung:
            self._start(one.leg, self._ring(one))
        for leg in unwanted:
            if leg.sid and leg.id not in self._requests:
                self._start(leg.id, self._cancel(leg.id, leg.sid))
        await self._collect(self._answer_wait)
        return len(rung)

    async def finish(self) -> None:
        """Wait for every request that was begun."""
        while self._requests:
            await self._collect(None)

    async def _record_heartbeat(self, db: AsyncConnection, now: datetime) -> None:
        """Record the heartbeat: callers are put into the queue only while somebody rings for them."""
        held = self._hold is not None and now < self._hold
        last = self._last_heartbeat
        if not held and (last is None or abs(now - last) >= heartbeat.EVERY):  # a clock may be set back
            await heartbeat.record_heartbeat(db, heartbeat.CALL_DISTRIBUTOR, now)
            self._last_heartbeat = now

    def _tell(self, passed_over: frozenset[str]) -> None:
        """Log once that an adviser is passed over, by the name that the rota has for them inside."""
        for adviser in passed_over - self._passed_over:
            log.warning("adviser passed over, too many rings unanswered (`ivr rota` shows who): adviser=%s", adviser)
        self._passed_over = passed_over

    async def _ring(self, one: NewLeg) -> None:
        number, from_ = one.adviser.number, self._caller.number
        url = self._caller.offer_url(one)
        answer: Answer
        try:
            answer = await self._provider.call(number, from_, url, one.seconds, self._caller.status_url(one.leg))
        except ProviderError as failure:
            answer = failure
        reason = answer.reason if isinstance(answer, ProviderError) else None
        outcome = type(answer).__name__
        log.info("adviser called: leg=%s hunt=%s outcome=%s reason=%r", one.leg, one.hunt, outcome, reason)
        async with self._store.begin() as db:
            await self._settle(db, one, answer, self._clock())

    async def _settle(self, db: AsyncConnection, one: NewLeg, answer: Answer, now: datetime) -> None:
        """Store the answer. An indeterminate leg may ring: it is left to its status callback, or a timeout."""
        match answer:
            case Accepted(sid):
                await legs.set_sid(db, one.leg, sid)
            case Rejected():
                await legs.end(db, one.leg, LegOutcome.failed, now)
            case Retryable():
                self._hold = now + HOLD
                await heartbeat.clear_heartbeat(db, heartbeat.CALL_DISTRIBUTOR)
                await hunts.stall(db, one.hunt, now)
                await legs.end(db, one.leg, LegOutcome.failed, now)

    async def _cancel(self, leg: str, sid: str) -> None:
        """Cancel a leg. Should it ring on, whoever answers hears that the call is taken, or the caller gone."""
        try:
            await self._provider.cancel(sid)
        except ProviderError as failure:
            log.warning("leg not canceled: leg=%s reason=%r", leg, failure.reason)
            if not isinstance(failure, Rejected):
                return
        async with self._store.begin() as db:
            await legs.end(db, leg, LegOutcome.canceled, self._clock())

    def _start(self, leg: str, request: Coroutine[Any, Any, None]) -> None:
        self._requests[leg] = asyncio.create_task(request)

    async def _collect(self, timeout: float | None) -> None:
        """Collect the requests that have ended, waiting `timeout` seconds at most."""
        if self._requests:
            await asyncio.wait(self._requests.values(), timeout=timeout)
        done = [leg for leg, task in self._requests.items() if task.done()]
        for failure in [self._requests.pop(leg).exception() for leg in done]:
            if isinstance(failure, DatabaseUnavailable):
                log.error("the provider's answer was not stored: the database is down")
            elif failure:
                raise failure
