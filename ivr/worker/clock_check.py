"""Checks the clock of this machine before anything is destroyed by it.

What deletes, expires, gives up or sends by the date asks `is_plausible` first, and waits if it is not. Calls go on.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from ivr.helpline.plausible_clock import TOLERANCE, ClockEvidence, clock_doubts
from ivr.store import last_seen
from ivr.store.database import Store
from ivr.telephony.rest import Provider

log = logging.getLogger(__name__)

EVERY = 60.0
"""Seconds between checks, unless the clock was set meanwhile."""
REMIND = 3600.0
"""Seconds between the log lines of one clock that stays wrong."""

IMPLAUSIBLE = (
    "clock implausible, so nothing is deleted, expired or given up, and no reminder is sent (set this machine's clock,"
    " or, if it is right, run `ivr clock --accept`): machine=%s doubts=%r"
)


class ClockCheck:
    """Compares the machine's clock with the provider's, the database server's, and what the database last saw.

    Without a provider, or while it cannot be reached, the others are asked alone. `asks_server` is False for a clock
    that is not that of the machine, such as one of development.
    """

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        provider: Provider | None = None,
        *,
        asks_server: bool = True,
        monotonic: Callable[[], float] = monotonic,
    ) -> None:
        self._store, self._clock, self._provider, self._asks_server = store, clock, provider, asks_server
        self._monotonic = monotonic
        self._one_at_a_time = asyncio.Lock()
        self._checked: tuple[datetime, float] | None = None
        self._logged: float | None = None
        self.doubts: tuple[str, ...] = ()
        """What speaks against the clock, by the last check."""

    async def is_plausible(self) -> bool:
        """Return whether the machine's clock can be believed; if not, delete nothing, expire nothing, give up nothing.

        It costs nothing to ask often: the clock is checked once a minute, and at once when it was set. Raises
        DatabaseUnavailable.
        """
        async with self._one_at_a_time:
            if self._is_due():
                before = self.doubts
                evidence = await self.check()
                self._log(evidence.machine, before)
        return not self.doubts

    async def check(self) -> ClockEvidence:
        """Check it now, record the result in the database, and return the evidence. Raises DatabaseUnavailable."""
        provider = await self._provider_time()
        async with self._store.begin() as db:
            now = self._clock()
            server = await last_seen.server_time(db) if self._asks_server else None
            evidence = ClockEvidence(now, provider, server, await last_seen.read(db))
            doubts = clock_doubts(evidence)
            if doubts:
                await last_seen.record_doubt(db, now, evidence.last_seen)
            else:
                await last_seen.record(db, now)
        self.doubts, self._checked = doubts, (now, self._monotonic())
        return evidence

    def _is_due(self) -> bool:
        if self._checked is None:
            return True
        at, counted = self._checked
        passed = self._monotonic() - counted
        was_set = abs(self._clock() - at - timedelta(seconds=passed)) > TOLERANCE
        return was_set or passed >= EVERY

    async def _provider_time(self) -> datetime | None:
        """Return the provider's time; it is asked only when what it said last is old, or not what our clock says."""
        if self._provider is None:
            return None
        heard = self._provider.date.now()
        if heard is not None and abs(heard - self._clock()) <= TOLERANCE:
            return heard
        return await self._provider.ask_date()

    def _log(self, now: datetime, before: tuple[str, ...]) -> None:
        """Log a clock that cannot be believed, once an hour, and one that can be again."""
        machine, counted = now.isoformat(timespec="seconds"), self._monotonic()
        if self.doubts and (self._logged is None or counted - self._logged >= REMIND):
            log.error(IMPLAUSIBLE, machine, " and ".join(self.doubts))
            self._logged = counted
        elif before and not self.doubts:
            log.info("clock plausible again: machine=%s", machine)
            self._logged = None
