"""Finds recordings of which no news reached us: the provider repeats news for seconds only.

Each voicemail without a recording is asked for by its call; and from time to time all recent recordings are compared
with what we know, for a voicemail may be lost with its row, as when a backup was restored.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import InvalidToken
from ivr.store import daily_counts, missing_recordings, voicemails
from ivr.store.database import Store
from ivr.store.missing_recordings import ENOUGH_TRIES, MissingRecording
from ivr.store.staff_alerts import StaffAlerts
from ivr.telephony.provider_errors import ProviderError
from ivr.telephony.resources import FoundRecording
from ivr.telephony.rest import Provider

log = logging.getLogger(__name__)

BATCH = 10
MARGIN = timedelta(seconds=30)
LOOK_BACK = timedelta(days=3)
SETTLED_AFTER = timedelta(minutes=30)
"""A recording that is younger may still get its news, or is about to be deleted."""


class MissingRecordings:
    """Each task returns how much there was to do, and raises DatabaseUnavailable.

    `numbers` are ours (E.164): a recording of a call to one of them is ours, even if we know nothing of the call.
    """

    def __init__(
        self,
        store: Store,
        provider: Provider,
        clock: Callable[[], datetime],
        alerts: StaffAlerts | None = None,
        numbers: Iterable[str] = (),
    ) -> None:
        self._store, self._provider, self._clock, self._alerts = store, provider, clock, alerts
        self._numbers = frozenset(numbers)

    async def ask(self) -> int:
        """Ask the provider for the recordings of voicemails that have none yet."""
        lease = timedelta(seconds=2 * BATCH * self._provider.timeout) + MARGIN
        async with self._store.begin() as db:
            due = await missing_recordings.due(db, self._clock(), BATCH, lease)
        for missing in due:
            await self._ask(missing)
        return len(due)

    async def find_unknown(self) -> int:
        """Compare the recordings of the last days at the provider with what we know, and take those of our callers."""
        now = self._clock()
        try:
            found = await self._provider.recordings(since=now - LOOK_BACK)
        except ProviderError as failure:
            log.warning("recordings at the provider not compared: reason=%r", failure.reason)
            return 0
        old = {one.sid: one for one in found if one.is_complete and one.created < now - SETTLED_AFTER}
        async with self._store.begin() as db:
            unknown = await missing_recordings.unknown(db, old)
        strange = [sid for sid in unknown if not await self._take_unknown(old[sid])]
        if strange:
            log.info("recordings at the provider that are not of our calls: recordings=%d", len(strange))
        return 0  # until the next time

    async def _ask(self, missing: MissingRecording) -> None:
        try:
            call = self._store.cipher.decrypt(missing.sid)
            is_over = not (await self._provider.call_status(call)).is_going_on
            found = await self._provider.recordings(call)
        except (ProviderError, InvalidToken) as error:
            await self._ask_later(missing, str(error))
            return
        async with self._store.begin() as db:
            for recording in found:
                if recording.is_complete:
                    await self._take(db, recording, None)
            if is_over:
                blind_index, now = self._store.cipher.blind_index(call), self._clock()
                await voicemails.call_ended(db, self._store.cipher, blind_index, now, self._alerts)
            if is_over and missing.tries >= ENOUGH_TRIES and not any(one.is_coming for one in found):
                await missing_recordings.nothing_was_said(db, missing)
            else:
                await missing_recordings.ask_later(db, missing, self._clock())

    async def _ask_later(self, missing: MissingRecording, reason: str) -> None:
        now = self._clock()
        async with self._store.begin() as db:
            given_up = await missing_recordings.ask_later(db, missing, now)
            if given_up:
                await voicemails.give_up(db, self._store.cipher, missing.voicemail, now, self._alerts)
        details = missing.voicemail, missing.tries, reason
        if given_up:
            log.error(
                "nobody can tell whether a message was left, it is on the list (ivr messages):"
                " voicemail=%s tries=%d reason=%r",
                *details,
            )
        else:
            log.warning("recording not asked for: voicemail=%s tries=%d reason=%r", *details)

    async def _take_unknown(self, recording: FoundRecording) -> bool:
        """Take a recording, unless nobody can tell that it is of one of our calls."""
        cipher = self._store.cipher
        async with self._store.begin() as db:
            is_ours = await missing_recordings.is_our_call(db, cipher.blind_index(recording.call))
        try:
            there = await self._provider.recordings(recording.call)
            parties = await self._provider.parties(recording.call)
        except ProviderError as failure:
            log.warning("call of a recording not found: recording=%s reason=%r", recording.sid, failure.reason)
            return False
        if recording.sid not in [one.sid for one in there]:  # it was deleted meanwhile, perhaps with its caller
            return True
        if not is_ours and (parties is None or parties.called not in self._numbers):
            return False
        async with self._store.begin() as db:
            return await self._take(db, recording, parties.caller if parties else None)

    async def _take(self, db: AsyncConnection, recording: FoundRecording, caller: str | None) -> bool:
        """Take a recording, as its status callback would have done; return False if nobody is its caller."""
        cipher, now = self._store.cipher, self._clock()
        if await missing_recordings.is_erased(db, recording.call):
            return True
        if not await missing_recordings.unknown(db, [recording.sid]):
            return True
        id = await missing_recordings.voicemail_for(db, cipher, recording.sid, recording.call, caller, now)
        if id is None:
            return False
        if await voicemails.recorded(db, cipher, id, recording.sid, recording.seconds, now, self._alerts):
            await daily_counts.add_one(db, "message found", now)
            log.warning("recording found at the provider, of which no news had come: voicemail=%s", id)
        return True
