"""Commits the effects of a call before the caller hears of them; or says that it cannot be done now."""

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
    StartHunt,
    StartVoicemail,
)
from ivr.engine.events import EffectResult
from ivr.errors import DatabaseUnavailable
from ivr.helpline.canary import CANARY, is_canary
from ivr.helpline.phone_numbers import identity
from ivr.helpline.rota import Adviser
from ivr.helpline.text_destinations import TextDestinations
from ivr.store import provider_resources
from ivr.store.call_summary import call_id_of
from ivr.store.database import Store
from ivr.store.effects import perform
from ivr.store.quotas import Quotas
from ivr.store.request_context import RequestContext
from ivr.store.staff_alerts import StaffAlerts
from ivr.tokens import RecordingLinks
from ivr.web import metrics

log = logging.getLogger(__name__)


NOT_TESTED = RequestCallback | ScheduleReminders | CancelReminders
"""What a test call never asks for: nobody is to ring it back."""


class EffectHandler:
    """Performs effects in the store: one transaction each; its status is `down` when the database is."""

    def __init__(
        self,
        store: Store,
        quotas: Quotas,
        destinations: TextDestinations,
        clock: Callable[[], datetime],
        advisers: tuple[Adviser, ...] = (),
        alerts: StaffAlerts | None = None,
        links: RecordingLinks | None = None,
        canary: str | None = None,
    ) -> None:
        """Numbers that are not among the `destinations` are not texted, against fraud.

        Without a prefix, no texts can be sent, and none is stored. `advisers` are those of the settings. Without
        `links` no recording could ever be fetched and heard, and no voicemail is taken. `canary` is the number that
        test calls come from.
        """
        self._store, self._quotas, self._destinations, self._clock = store, quotas, destinations, clock
        self._advisers, self._alerts, self._links, self._canary = advisers, alerts, links, canary

    async def perform(
        self,
        call: str,
        at: str,
        turn: int,
        effect: Effect,
        left: float | None = None,
        caller: str = "",
        called: str = "",
    ) -> EffectResult:
        """Return the result of an effect; the same call, step, turn and number again have the same result.

        `left`: seconds for which the caller can still wait, where that is less than the store's own patience.
        `caller`: the From that rings, whose quotas are used. `called`: the To that it rings.
        """
        is_test = is_canary(caller, self._canary) or is_canary(called, self._canary)
        if is_test:
            effect = _of_test_call(effect)
        rejected = EffectStatus.down if is_test and self._is_not_tested(effect) else self._rejection(effect)
        asked = call, f"{call}/{at}/{turn}/{_subject(effect)}", caller
        result = EffectResult(rejected) if rejected else await self._result(*asked, effect, left)
        if not is_test and not isinstance(effect, PollHunt):  # which changes nothing, and is polled every few seconds
            metrics.effects.labels(type(effect).__name__, result.status).inc()
        return result

    def call_id(self, call: str) -> str:
        """Return the id by which the log names a call."""
        return call_id_of(self._store.cipher, call)

    def _is_not_tested(self, effect: Effect) -> bool:
        """Return whether no test call asks for it; somebody may ring with its number, so none but that is texted."""
        return isinstance(effect, NOT_TESTED) or (isinstance(effect, SendText) and effect.to != self._canary)

    def _rejection(self, effect: Effect) -> EffectStatus | None:
        if isinstance(effect, StartVoicemail) and not self._links:
            return EffectStatus.down
        if not isinstance(effect, SendText | ScheduleReminders) or self._destinations.include(effect.to):
            return None
        return EffectStatus.capped if self._destinations.prefixes else EffectStatus.down

    async def _result(self, call: str, key: str, caller: str, effect: Effect, left: float | None) -> EffectResult:
        try:
            async with self._store.begin(left) as db:
                return await self._commit(db, call, key, caller, effect)
        except DatabaseUnavailable:
            kind = type(effect).__name__
            log.error("effect not performed, the database is down: call=%s kind=%s", self.call_id(call), kind)
            return EffectResult(EffectStatus.down)

    async def _commit(self, db: AsyncConnection, call: str, key: str, caller: str, effect: Effect) -> EffectResult:
        cipher, now = self._store.cipher, self._clock()
        request_context = RequestContext(call, key, now, self._quotas, self._advisers, self._alerts, caller)
        result = await perform(db, cipher, request_context, effect)
        is_done = result.status is EffectStatus.kept
        if isinstance(effect, PlayVoicemail) and is_done and self._links:
            result = structs.replace(result, value=self._links.address(result.value, now))
        if is_done and (number := _stored_number(effect)):
            # What the provider has of this call can then be deleted together with the number.
            await provider_resources.add(db, "call", call, cipher.blind_index(number), now)
        return result


def _of_test_call(effect: Effect) -> Effect:
    """Return an effect under the topic by which all of a test call is told apart."""
    if isinstance(effect, SendText | StartHunt | StartVoicemail):
        return structs.replace(effect, topic=CANARY)
    return effect


def _stored_number(effect: Effect) -> str | None:
    """Return the number that an effect stores."""
    match effect:
        case SendText() | ScheduleReminders():
            return effect.to
        case RequestCallback():
            return effect.number
        case StartVoicemail():
            return identity(effect.number)
    return None


def _subject(effect: Effect) -> str:
    """Return what tells effects of one turn apart: a caller whose state token was rejected begins to count turns anew,
    and may give another number then.
    """
    match effect:
        case SendText() | ScheduleReminders():
            return f"{effect.to}/{effect.topic}"
        case CancelReminders():
            return effect.number
        case RequestCallback():
            return f"{effect.number}/{effect.topic}"
    return type(effect).__name__
