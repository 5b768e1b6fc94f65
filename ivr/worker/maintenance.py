"""Periodic tasks: release reminders, close stale calls, delete at the provider, purge."""

import logging
from collections.abc import Callable
from datetime import datetime

from ivr.helpline.quiet_hours import is_texting_hour
from ivr.store import call_records, provider_resources, reminders
from ivr.store.database import Store
from ivr.store.retention import purge
from ivr.telephony.provider_errors import ProviderError
from ivr.telephony.rest import Provider

log = logging.getLogger(__name__)

REMINDERS_BATCH = 100
DELETIONS_BATCH = 20


class Maintenance:
    """Each task returns how much there was to do, and raises DatabaseUnavailable."""

    def __init__(self, store: Store, provider: Provider, clock: Callable[[], datetime]) -> None:
        self._store, self._provider, self._clock = store, provider, clock

    async def release_reminders(self) -> int:
        """Move due reminders to the outbox, outside quiet hours."""
        now = self._clock()
        if not is_texting_hour(now):
            return 0
        async with self._store.begin() as db:
            return await reminders.release(db, self._store.cipher, now, REMINDERS_BATCH)

    async def close_stale_calls(self) -> int:
        """Close the records of calls without a final status callback."""
        async with self._store.begin() as db:
            return await call_records.close_stale(db, self._clock())

    async def delete_at_the_provider(self) -> int:
        """Delete due resources at the provider; what it will not delete now is retried with back-off."""
        async with self._store.begin() as db:
            due = await provider_resources.due(db, self._clock(), DELETIONS_BATCH)
        for resource in due:
            await self._delete(resource)
        return len(due)

    async def purge(self) -> int:
        """Delete what has been kept for its retention time."""
        async with self._store.begin() as db:
            gone = await purge(db, self._clock())
        await self._store.scrub()
        log.info("purged: %s", " ".join(f"{table}={rows}" for table, rows in gone.items()))
        return 0  # until tomorrow

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
