"""Asks the provider for calls to advisers of which nothing was heard for a while: one lost message engages nobody."""

import logging
from collections.abc import Callable
from datetime import datetime

from ivr.store import hunts, legs
from ivr.store.database import Store
from ivr.store.leg_states import LONGEST_TALK, Leg
from ivr.telephony.provider_errors import ProviderError
from ivr.telephony.resources import CallStatus
from ivr.telephony.rest import Provider
from ivr.worker.clock_check import ClockCheck

log = logging.getLogger(__name__)


class LegStatus:
    """Ends the legs, and the hunts they took, that are over at the provider; what it cannot tell is asked again.

    What lasts longer than any talk is over as well, unless the clock cannot be believed.
    """

    def __init__(self, store: Store, provider: Provider, clock: Callable[[], datetime], check: ClockCheck) -> None:
        self._store, self._provider, self._clock, self._check = store, provider, clock, check

    async def ask(self) -> int:
        """Ask for every leg without news. Raises DatabaseUnavailable."""
        is_plausible, now = await self._check.is_plausible(), self._clock()
        async with self._store.begin() as db:
            if is_plausible:
                await legs.end_longest(db, now)
                await hunts.end_taken(db, now - LONGEST_TALK)
            silent = await legs.to_ask_about(db, now)
        for leg in silent:
            await self._ask(leg)
        return 0  # those that go on are asked for again later

    async def _ask(self, leg: Leg) -> None:
        try:
            status = await self._provider.call_status(leg.sid or "")
        except ProviderError as failure:
            log.warning("the provider did not tell whether a leg goes on: leg=%s reason=%r", leg.id, failure.reason)
            return
        await self._store_status(leg, status)

    async def _store_status(self, leg: Leg, status: CallStatus) -> None:
        now = self._clock()
        async with self._store.begin() as db:
            await legs.record_status(db, leg.id, leg.sid or "", status.status, min(status.ended or now, now))
            if not status.is_going_on and leg.hunt:
                await hunts.end_taken(db, now, leg.hunt)
        if not status.is_going_on:
            log.warning("leg ended, its end was not told: leg=%s status=%r", leg.id, status.status)
