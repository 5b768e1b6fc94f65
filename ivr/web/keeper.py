"""Commits what a call promises, before the caller is told; or says that it cannot be done now."""

import logging
from collections.abc import Callable
from datetime import datetime

from msgspec import structs
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.events import PromiseKept
from ivr.engine.promises import (
    CallBack,
    HuntLook,
    Kept,
    MessageBegin,
    MessageHear,
    Promise,
    ReminderPromise,
    StopReminders,
    TextPromise,
)
from ivr.errors import StoreDown
from ivr.helpline.rota import Adviser
from ivr.store import resources
from ivr.store.alerts import Alerts
from ivr.store.asker import Asker
from ivr.store.caps import Caps
from ivr.store.database import Store
from ivr.store.promises import keep
from ivr.web import metrics
from ivr.web.listening import Listening

log = logging.getLogger(__name__)


class Keeper:
    """The way from a call to the store: one transaction a promise, `down` when the database cannot."""

    def __init__(
        self,
        store: Store,
        caps: Caps,
        prefixes: tuple[str, ...],
        clock: Callable[[], datetime],
        advisers: tuple[Adviser, ...] = (),
        alerts: Alerts | None = None,
        listening: Listening | None = None,
    ) -> None:
        """Numbers that begin otherwise than with one of `prefixes` are not texted, against fraud.

        Without any, there is nothing to send texts with, and none is promised. `advisers` are those of the settings.
        Without `listening` no recording could ever be fetched and heard, and no message is taken.
        """
        self._store, self._caps, self._prefixes, self._clock = store, caps, prefixes, clock
        self._advisers, self._alerts, self._listening = advisers, alerts, listening

    async def keep(self, call: str, at: str, turn: int, promise: Promise, left: float | None = None) -> PromiseKept:
        """What became of a promise; the same call, step, turn and number again have the same outcome.

        `left`: seconds for which the caller can still wait, where that is less than the store's own patience.
        """
        refused = self._refusal(promise)
        key = f"{call}/{at}/{turn}/{_about(promise)}"
        kept = PromiseKept(refused) if refused else await self._kept(call, key, promise, left)
        if not isinstance(promise, HuntLook):  # which promises nothing, and is asked every few seconds
            metrics.promised.labels(kept.how).inc()
        return kept

    def _refusal(self, promise: Promise) -> Kept | None:
        if isinstance(promise, MessageBegin) and not self._listening:
            return Kept.down
        if not isinstance(promise, TextPromise | ReminderPromise) or promise.to.startswith(self._prefixes):
            return None
        return Kept.capped if self._prefixes else Kept.down

    async def _kept(self, call: str, key: str, promise: Promise, left: float | None) -> PromiseKept:
        try:
            async with self._store.begin(left) as db:
                return await self._commit(db, call, key, promise)
        except StoreDown:
            log.error("a promise could not be kept: the database is down")
            return PromiseKept(Kept.down)

    async def _commit(self, db: AsyncConnection, call: str, key: str, promise: Promise) -> PromiseKept:
        cipher, now = self._store.cipher, self._clock()
        asker = Asker(call, key, now, self._caps, self._advisers, self._alerts)
        kept = await keep(db, cipher, asker, promise)
        if isinstance(promise, MessageHear) and kept.how is Kept.kept and self._listening:
            kept = structs.replace(kept, found=self._listening.address(kept.found, now))
        number = _number_kept(promise)
        if kept.how is Kept.kept and number:
            # They asked us to keep their number: what the provider has of this call can then be deleted with it.
            await resources.add(db, "call", call, cipher.mark(number), now)
        return kept


def _number_kept(promise: Promise) -> str | None:
    """The number that we keep if a promise is kept."""
    match promise:
        case TextPromise() | ReminderPromise():
            return promise.to
        case MessageBegin() | CallBack():
            return promise.number
    return None


def _about(promise: Promise) -> str:
    """A caller whose place in the call was lost begins to count turns anew, and may give another number then."""
    match promise:
        case TextPromise() | ReminderPromise():
            return f"{promise.to}/{promise.topic}"
        case StopReminders():
            return promise.number
        case CallBack():
            return f"{promise.number}/{promise.topic}"
    return type(promise).__name__
