"""Fetches recordings from the provider, stores them, and only then lets the provider delete them.

Any number of workers may do so: each leases what it fetches, and fetching twice does no harm.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import InvalidToken
from ivr.store import voicemail_audio, voicemails
from ivr.store.database import Store
from ivr.store.staff_alerts import StaffAlerts
from ivr.store.voicemail_audio import PendingRecording
from ivr.telephony.provider_errors import ProviderError
from ivr.telephony.rest import Provider
from ivr.telephony.wav import wav_seconds

log = logging.getLogger(__name__)

BATCH = 5
MARGIN = timedelta(seconds=30)


class Recordings:
    """Each task returns how much there was to do, and raises DatabaseUnavailable."""

    def __init__(
        self, store: Store, provider: Provider, clock: Callable[[], datetime], alerts: StaffAlerts | None = None
    ) -> None:
        self._store, self._provider, self._clock, self._alerts = store, provider, clock, alerts

    async def fetch(self) -> int:
        """Fetch recordings that the provider has finished, or should have by now."""
        lease = timedelta(seconds=BATCH * self._provider.timeout) + MARGIN
        async with self._store.begin() as db:
            due = await voicemail_audio.due(db, self._clock(), BATCH, lease)
        for pending in due:
            await self._fetch(pending)
        return len(due)

    async def send_forgotten(self) -> int:
        """Pass on the voicemails of calls without a final status callback."""
        async with self._store.begin() as db:
            return await voicemails.send_stale(db, self._store.cipher, self._clock(), self._alerts)

    async def _fetch(self, pending: PendingRecording) -> None:
        try:
            sound = await self._provider.recording(pending.recording)
        except ProviderError as failure:
            await self._retry_later(pending, failure.reason)
            return
        async with self._store.begin() as db:
            is_wanted = await voicemail_audio.save(db, self._store.cipher, pending, sound)
        if is_wanted and not await self._is_stored(pending, sound):
            await self._retry_later(pending, "the recording read back is not the one received")

    async def _is_stored(self, pending: PendingRecording, sound: bytes) -> bool:
        """Read the recording back, and mark it as stored if it is the very same."""
        async with self._store.begin() as db:
            same = await self._read_back(db, pending) == sound
            if same:
                now, seconds = self._clock(), wav_seconds(sound)
                await voicemail_audio.verified(db, pending, now)
                await voicemails.measured(db, self._store.cipher, pending.voicemail, seconds, now, self._alerts)
        return same

    async def _read_back(self, db: AsyncConnection, pending: PendingRecording) -> bytes | None:
        try:
            return await voicemail_audio.sound(db, self._store.cipher, pending.voicemail)
        except InvalidToken:  # a worker with another secret has fetched it as well
            return None

    async def _retry_later(self, pending: PendingRecording, reason: str) -> None:
        async with self._store.begin() as db:
            given_up = await voicemail_audio.failed(db, pending, self._clock())
        details = pending.voicemail, pending.tries, reason
        if given_up:
            log.error("recording given up, it is still at the provider: voicemail=%s tries=%d reason=%r", *details)
        else:
            log.warning("recording not fetched: voicemail=%s tries=%d reason=%r", *details)
