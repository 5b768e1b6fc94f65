"""Commits what a call promises, before the caller is told; or says that it cannot be done now."""

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.promises import Kept, Promise, StopReminders
from ivr.errors import StoreDown
from ivr.store import resources
from ivr.store.caps import Caps
from ivr.store.database import Store
from ivr.store.promises import keep
from ivr.web import metrics

log = structlog.get_logger()


class Keeper:
    """The way from a call to the store: one transaction a promise, `down` when the database cannot."""

    def __init__(self, store: Store, caps: Caps, prefixes: tuple[str, ...], clock: Callable[[], datetime]) -> None:
        """Numbers that begin otherwise than with one of `prefixes` are not texted, against fraud.

        Without any, there is nothing to send texts with, and none is promised.
        """
        self._store, self._caps, self._prefixes, self._clock = store, caps, prefixes, clock

    async def keep(self, call: str, at: str, turn: int, promise: Promise) -> Kept:
        """What became of a promise; the same call, step, turn and number again have the same outcome."""
        kept = self._refusal(promise) or await self._kept(call, f"{call}/{at}/{turn}/{_about(promise)}", promise)
        metrics.promised.labels(kept).inc()
        return kept

    def _refusal(self, promise: Promise) -> Kept | None:
        if isinstance(promise, StopReminders) or promise.to.startswith(self._prefixes):
            return None
        return Kept.capped if self._prefixes else Kept.down

    async def _kept(self, call: str, key: str, promise: Promise) -> Kept:
        try:
            async with self._store.begin() as db:
                return await self._commit(db, call, key, promise)
        except StoreDown:
            log.error("a promise could not be kept: the database is down")
            return Kept.down

    async def _commit(self, db: AsyncConnection, call: str, key: str, promise: Promise) -> Kept:
        cipher, now = self._store.cipher, self._clock()
        kept = await keep(db, cipher, key, promise, now, self._caps)
        if kept is Kept.kept and not isinstance(promise, StopReminders):
            # They asked us to keep their number: what the provider has of this call can then be deleted with it.
            await resources.add(db, "call", call, cipher.mark(promise.to), now)
        return kept


def _about(promise: Promise) -> str:
    """A caller whose place in the call was lost begins to count turns anew, and may give another number then."""
    return promise.number if isinstance(promise, StopReminders) else f"{promise.to}/{promise.topic}"
