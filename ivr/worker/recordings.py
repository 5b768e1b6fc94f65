"""Fetches what callers have said from the provider, keeps it, and only then lets the provider forget it.

Any number of workers may do so: what one has taken nobody else is given for a while, and fetching twice does no harm.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from ivr.store import messages, recordings
from ivr.store.alerts import Alerts
from ivr.store.database import Store
from ivr.store.recordings import Waiting
from ivr.telephony.outcome import ProviderFailed
from ivr.telephony.rest import Provider

log = logging.getLogger(__name__)

AT_ONCE = 5
MARGIN = timedelta(seconds=30)


class Recordings:
    """Each returns how much there was to do, and raises StoreDown."""

    def __init__(
        self, store: Store, provider: Provider, clock: Callable[[], datetime], alerts: Alerts | None = None
    ) -> None:
        self._store, self._provider, self._clock, self._alerts = store, provider, clock, alerts

    async def fetch(self) -> int:
        """Fetch those that the provider has finished, or should have by now."""
        lease = timedelta(seconds=AT_ONCE * self._provider.timeout) + MARGIN
        async with self._store.begin() as db:
            due = await recordings.due(db, self._clock(), AT_ONCE, lease)
        for waiting in due:
            await self._fetch(waiting)
        return len(due)

    async def send_forgotten(self) -> int:
        """Pass on the messages of callers whose call was over without anybody telling us."""
        async with self._store.begin() as db:
            return await messages.send_forgotten(db, self._store.cipher, self._clock(), self._alerts)

    async def _fetch(self, waiting: Waiting) -> None:
        try:
            sound = await self._provider.recording(waiting.recording)
        except ProviderFailed as failure:
            await self._put_off(waiting, failure.reason)
            return
        async with self._store.begin() as db:
            wanted = await recordings.keep(db, self._store.cipher, waiting, sound)
        if wanted and not await self._is_safe(waiting, sound):
            await self._put_off(waiting, "what we kept is not what we were given")

    async def _is_safe(self, waiting: Waiting, sound: bytes) -> bool:
        """Whether what is on disk by now is the very same."""
        async with self._store.begin() as db:
            same = await recordings.sound(db, self._store.cipher, waiting.message) == sound
            if same:
                await recordings.is_safe(db, waiting, self._clock())
        return same

    async def _put_off(self, waiting: Waiting, reason: str) -> None:
        async with self._store.begin() as db:
            given_up = await recordings.failed(db, waiting, self._clock())
        told = f"message={waiting.message} tries={waiting.tries} reason={reason!r}"
        if given_up:
            log.error("a message is given up: its recording is still at the provider: %s", told)
        else:
            log.warning("a recording could not be fetched: %s", told)
