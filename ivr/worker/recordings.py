"""Fetches what callers have said from the provider, keeps it, and only then lets the provider forget it.

Any number of workers may do so: what one has taken nobody else is given for a while, and fetching twice does no harm.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from ivr.store import voicemail_audio, voicemails
from ivr.store.database import Store
from ivr.store.staff_alerts import StaffAlerts
from ivr.store.voicemail_audio import PendingRecording
from ivr.telephony.provider_errors import ProviderError
from ivr.telephony.rest import Provider

log = logging.getLogger(__name__)

AT_ONCE = 5
MARGIN = timedelta(seconds=30)


class Recordings:
    """Each returns how much there was to do, and raises StoreDown."""

    def __init__(
        self, store: Store, provider: Provider, clock: Callable[[], datetime], alerts: StaffAlerts | None = None
    ) -> None:
        self._store, self._provider, self._clock, self._alerts = store, provider, clock, alerts

    async def fetch(self) -> int:
        """Fetch those that the provider has finished, or should have by now."""
        lease = timedelta(seconds=AT_ONCE * self._provider.timeout) + MARGIN
        async with self._store.begin() as db:
            due = await voicemail_audio.due(db, self._clock(), AT_ONCE, lease)
        for waiting in due:
            await self._fetch(waiting)
        return len(due)

    async def send_forgotten(self) -> int:
        """Pass on the messages of callers whose call was over without anybody telling us."""
        async with self._store.begin() as db:
            return await voicemails.send_forgotten(db, self._store.cipher, self._clock(), self._alerts)

    async def _fetch(self, waiting: PendingRecording) -> None:
        try:
            sound = await self._provider.recording(waiting.recording)
        except ProviderError as failure:
            await self._put_off(waiting, failure.reason)
            return
        async with self._store.begin() as db:
            wanted = await voicemail_audio.keep(db, self._store.cipher, waiting, sound)
        if wanted and not await self._is_safe(waiting, sound):
            await self._put_off(waiting, "what we kept is not what we were given")

    async def _is_safe(self, waiting: PendingRecording, sound: bytes) -> bool:
        """Whether what is on disk by now is the very same."""
        async with self._store.begin() as db:
            same = await voicemail_audio.sound(db, self._store.cipher, waiting.message) == sound
            if same:
                await voicemail_audio.is_safe(db, waiting, self._clock())
        return same

    async def _put_off(self, waiting: PendingRecording, reason: str) -> None:
        async with self._store.begin() as db:
            given_up = await voicemail_audio.failed(db, waiting, self._clock())
        told = f"message={waiting.message} tries={waiting.tries} reason={reason!r}"
        if given_up:
            log.error("a message is given up: its recording is still at the provider: %s", told)
        else:
            log.warning("a recording could not be fetched: %s", told)
