"""Commits what a call promises, before the caller is told; or says that it cannot be done now."""

import logging
from collections.abc import Callable
from datetime import datetime

from msgspec import structs
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.effects import (
    CancelReminders,
    Effect,
    EffectStatus,
    PlayVoicemail,
    PollHunt,
    RequestCallback,
    ScheduleReminders,
    SendText,
    StartVoicemail,
)
from ivr.engine.events import EffectResult
from ivr.errors import DatabaseUnavailable
from ivr.helpline.rota import Adviser
from ivr.store import provider_resources
from ivr.store.database import Store
from ivr.store.effects import perform
from ivr.store.quotas import Quotas
from ivr.store.request_context import RequestContext
from ivr.store.staff_alerts import StaffAlerts
from ivr.web import metrics
from ivr.web.recording_links import RecordingLinks

log = logging.getLogger(__name__)


class EffectHandler:
    """The way from a call to the store: one transaction a promise, `down` when the database cannot."""

    def __init__(
        self,
        store: Store,
        quotas: Quotas,
        prefixes: tuple[str, ...],
        clock: Callable[[], datetime],
        advisers: tuple[Adviser, ...] = (),
        alerts: StaffAlerts | None = None,
        listening: RecordingLinks | None = None,
    ) -> None:
        """Numbers that begin otherwise than with one of `prefixes` are not texted, against fraud.

        Without any, there is nothing to send texts with, and none is promised. `advisers` are those of the settings.
        Without `listening` no recording could ever be fetched and heard, and no message is taken.
        """
        self._store, self._quotas, self._prefixes, self._clock = store, quotas, prefixes, clock
        self._advisers, self._alerts, self._listening = advisers, alerts, listening

    async def perform(self, call: str, at: str, turn: int, effect: Effect, left: float | None = None) -> EffectResult:
        """What became of a promise; the same call, step, turn and number again have the same outcome.

        `left`: seconds for which the caller can still wait, where that is less than the store's own patience.
        """
        refused = self._refusal(effect)
        key = f"{call}/{at}/{turn}/{_about(effect)}"
        kept = EffectResult(refused) if refused else await self._kept(call, key, effect, left)
        if not isinstance(effect, PollHunt):  # which promises nothing, and is asked every few seconds
            metrics.promised.labels(kept.status).inc()
        return kept

    def _refusal(self, effect: Effect) -> EffectStatus | None:
        if isinstance(effect, StartVoicemail) and not self._listening:
            return EffectStatus.down
        if not isinstance(effect, SendText | ScheduleReminders) or effect.to.startswith(self._prefixes):
            return None
        return EffectStatus.capped if self._prefixes else EffectStatus.down

    async def _kept(self, call: str, key: str, effect: Effect, left: float | None) -> EffectResult:
        try:
            async with self._store.begin(left) as db:
                return await self._commit(db, call, key, effect)
        except DatabaseUnavailable:
            log.error("a promise could not be kept: the database is down")
            return EffectResult(EffectStatus.down)

    async def _commit(self, db: AsyncConnection, call: str, key: str, effect: Effect) -> EffectResult:
        cipher, now = self._store.cipher, self._clock()
        request_context = RequestContext(call, key, now, self._quotas, self._advisers, self._alerts)
        kept = await perform(db, cipher, request_context, effect)
        if isinstance(effect, PlayVoicemail) and kept.status is EffectStatus.kept and self._listening:
            kept = structs.replace(kept, value=self._listening.address(kept.value, now))
        number = _number_kept(effect)
        if kept.status is EffectStatus.kept and number:
            # They asked us to keep their number: what the provider has of this call can then be deleted with it.
            await provider_resources.add(db, "call", call, cipher.blind_index(number), now)
        return kept


def _number_kept(effect: Effect) -> str | None:
    """The number that we keep if a promise is kept."""
    match effect:
        case SendText() | ScheduleReminders():
            return effect.to
        case StartVoicemail() | RequestCallback():
            return effect.number
    return None


def _about(effect: Effect) -> str:
    """A caller whose place in the call was lost begins to count turns anew, and may give another number then."""
    match effect:
        case SendText() | ScheduleReminders():
            return f"{effect.to}/{effect.topic}"
        case CancelReminders():
            return effect.number
        case RequestCallback():
            return f"{effect.number}/{effect.topic}"
    return type(effect).__name__
