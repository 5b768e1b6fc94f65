"""Periodic tasks: release reminders, close stale calls, delete at the provider, purge.

What goes by the date is left for later while the clock of this machine is implausible.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from ivr.errors import InvalidToken
from ivr.helpline.quiet_hours import is_texting_hour
from ivr.store import call_events, call_summary, provider_resources, reminders
from ivr.store.call_events import SilentCall
from ivr.store.database import Store
from ivr.store.retention import purge
from ivr.telephony.provider_errors import ProviderError
from ivr.telephony.rest import Provider
from ivr.worker.clock_check import ClockCheck

log = logging.getLogger(__name__)

SILENCE = timedelta(minutes=10)
"""After so long without an event, the provider is asked whether a call goes on: it may be a long talk."""
A_CALL_AT_MOST = timedelta(hours=6)
"""After so long it is over, if the provider cannot tell."""
REMINDERS_BATCH = 100
DELETIONS_BATCH = 20


class Maintenance:
    """Each task returns how much there was to do, and raises DatabaseUnavailable."""

    def __init__(
        self,
        store: Store,
        provider: Provider,
        clock: Callable[[], datetime],
        clock_check: ClockCheck | None = None,
    ) -> None:
        self._store, self._provider, self._clock = store, provider, clock
        self._clock_check = clock_check or ClockCheck(store, clock, asks_server=False)

    async def release_reminders(self) -> int:
        """Move due reminders to the outbox, outside quiet hours."""
        now = self._clock()
        if not is_texting_hour(now) or not await self._clock_check.is_plausible():
            return 0
        async with self._store.begin() as db:
            return await reminders.release(db, self._store.cipher, now, REMINDERS_BATCH)

    async def settle_calls(self) -> int:
        """Settle the calls that ended lately, as far as more has become known of them."""
        async with self._store.begin() as db:
            return await call_events.settle_recent(db, self._clock())

    async def end_silent_calls(self) -> int:
        """Ask the provider for the calls of which nothing was heard, and note the end of those that are over."""
        if not await self._clock_check.is_plausible():
            return 0
        now = self._clock()
        async with self._store.begin() as db:
            found = await call_events.silent(db, now, SILENCE)
        for call in found:
            ended = await self._ended(call, now)
            if ended:
                async with self._store.begin() as db:
                    is_new = await call_events.end(db, call.call, None, ended)
                    events = (await call_events.settle(db, [call.call]))[call.call]
                if is_new and (summary := call_summary.summary_of(call.call, events)):
                    call_summary.log_line(log, summary)
        return 0  # those that go on are asked for again later

    async def _ended(self, call: SilentCall, now: datetime) -> datetime | None:
        """Return when a call ended; None for one that goes on, or may."""
        try:
            status = await self._provider.call_status(self._store.cipher.decrypt(call.sid)) if call.sid else None
        except (ProviderError, InvalidToken) as error:
            log.warning("the provider did not tell how a call ended: reason=%r", str(error))
            status = None
        if status is None:
            return call.last if now - call.last > A_CALL_AT_MOST else None
        return None if status.is_going_on else status.ended or call.last

    async def delete_at_the_provider(self) -> int:
        """Delete due resources at the provider; what it will not delete now is retried with back-off."""
        if not await self._clock_check.is_plausible():
            return 0
        async with self._store.begin() as db:
            due = await provider_resources.due(db, self._clock(), DELETIONS_BATCH)
        for resource in due:
            await self._delete(resource)
        return len(due)

    async def purge(self) -> int:
        """Mark what has been kept for its retention time, and delete for good what was marked two days ago."""
        if not await self._clock_check.is_plausible():
            return 0
        async with self._store.begin() as db:
            gone = await purge(db, self._clock())
        await self._store.scrub()
        log.info("purged: rows=%d tables=%r", sum(gone.values()), {table: rows for table, rows in gone.items() if rows})
        return 0  # until the next round

    async def _delete(self, resource: provider_resources.ProviderResource) -> None:
        failure = None
        try:
            await self._provider.delete(resource.kind, resource.sid)
        except ProviderError as error:
            failure = error
            log.warning("deletion at the provider failed: kind=%s reason=%r", resource.kind, error.reason)
        async with self._store.begin() as db:
            if failure:
                await provider_resources.failed(db, resource, self._clock())
            else:
                await provider_resources.deleted(db, resource.sid)
