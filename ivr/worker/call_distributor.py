"""Rings our advisers for callers who wait.

A leg is committed before the provider is asked, with our own name for it in the addresses that the provider is
given: should its answer be lost, its news still finds the leg, and so does whoever takes the call.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import DatabaseUnavailable
from ivr.store import heartbeat, hunts, legs
from ivr.store.database import Store
from ivr.store.hunt_assignment import Rung, assign_call
from ivr.store.legs import LegOutcome
from ivr.telephony.provider_errors import ProviderError, Rejected, Retryable
from ivr.telephony.rest import Accepted, Provider
from ivr.worker.adviser_call import AdviserCaller

log = logging.getLogger(__name__)

A_WHILE = 0.25
"""Seconds to wait for the provider's answers before other callers are looked after; they are not given up."""
HOLD = timedelta(seconds=30)
"""After the provider would not ring at all, new callers are put through without it for so long."""

Answer = Accepted | ProviderError


class CallDistributor:
    """Looks after every hunt. Any number may be at work: they take turns, and whoever dies is not missed."""

    def __init__(
        self,
        store: Store,
        provider: Provider,
        ringer: AdviserCaller,
        clock: Callable[[], datetime],
        a_while: float = A_WHILE,
    ) -> None:
        self._store, self._provider, self._ringer, self._clock = store, provider, ringer, clock
        self._a_while = a_while
        self._asking: dict[str, asyncio.Task[None]] = {}
        """What the provider was asked, by leg, and has not answered yet."""
        self._beaten: datetime | None = None
        self._hold: datetime | None = None

    async def round(self) -> int:
        """Ring whoever is to be rung now, and cease where nobody need be; how many were rung. Raises StoreDown."""
        now = self._clock()
        async with self._store.begin() as db:
            await self._beat(db, now)
            rung, unwanted = await assign_call(db, self._store.cipher, self._ringer.advisers, now)
        for one in rung:
            self._ask(one.leg, self._ring(one))
        for leg in unwanted:
            if leg.sid and leg.id not in self._asking:
                self._ask(leg.id, self._cease(leg.id, leg.sid))
        await self._answers(self._a_while)
        return len(rung)

    async def finish(self) -> None:
        """See through what was begun."""
        while self._asking:
            await self._answers(None)

    async def _beat(self, db: AsyncConnection, now: datetime) -> None:
        """Callers are put into the queue only while somebody rings for them."""
        held = self._hold is not None and now < self._hold
        if not held and (self._beaten is None or now - self._beaten >= heartbeat.EVERY):
            await heartbeat.record_heartbeat(db, heartbeat.HUNTER, now)
            self._beaten = now

    async def _ring(self, one: Rung) -> None:
        ringer = self._ringer
        url = ringer.offer_url(one.topic, one.deadline, one.hunt, one.leg)
        answer: Answer
        try:
            number, status = one.adviser.number, ringer.status_url(one.leg)
            answer = await self._provider.call(number, ringer.number, url, one.seconds, status)
        except ProviderError as failure:
            answer = failure
        reason = answer.reason if isinstance(answer, ProviderError) else None
        outcome = type(answer).__name__
        log.info("ringing: leg=%s hunt=%s outcome=%s reason=%r", one.leg, one.hunt, outcome, reason)
        async with self._store.begin() as db:
            await self._settle(db, one, answer, self._clock())

    async def _settle(self, db: AsyncConnection, one: Rung, answer: Answer, now: datetime) -> None:
        """Where nobody knows, the leg may ring: it is left to the provider's news, or is lost for want of any."""
        match answer:
            case Accepted(sid):
                await legs.placed(db, one.leg, sid)
            case Rejected():
                await legs.over(db, one.leg, LegOutcome.failed, now)
            case Retryable():
                self._hold = now + HOLD
                await heartbeat.clear_heartbeat(db, heartbeat.HUNTER)
                await hunts.stall(db, one.hunt, now)
                await legs.over(db, one.leg, LegOutcome.failed, now)

    async def _cease(self, leg: str, sid: str) -> None:
        """Should it ring on, whoever answers is told that the call is taken, or the caller gone."""
        try:
            await self._provider.cancel(sid)
        except ProviderError as failure:
            log.warning("an adviser's telephone rings on: leg=%s reason=%r", leg, failure.reason)
            if not isinstance(failure, Rejected):
                return
        async with self._store.begin() as db:
            await legs.over(db, leg, LegOutcome.canceled, self._clock())

    def _ask(self, leg: str, asking: Coroutine[Any, Any, None]) -> None:
        self._asking[leg] = asyncio.create_task(asking)

    async def _answers(self, within: float | None) -> None:
        """Take note of what has come of what was asked, waiting so many seconds for it at most."""
        if self._asking:
            await asyncio.wait(self._asking.values(), timeout=within)
        done = [leg for leg, task in self._asking.items() if task.done()]
        for failure in [self._asking.pop(leg).exception() for leg in done]:
            if isinstance(failure, DatabaseUnavailable):
                log.error("what the provider answered could not be kept: the database is down")
            elif failure:
                raise failure
