"""What staff have set, in memory: no caller waits for the database to hear of it or to be put through to a person."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from ivr.errors import DatabaseUnavailable
from ivr.helpline.emergency import EmergencyMessage
from ivr.helpline.phone_numbers import identity
from ivr.helpline.rota import Adviser, RotaSnapshot
from ivr.log import reason
from ivr.stop import stopped_within
from ivr.store import blocks, emergency_messages, rota_snapshot
from ivr.store.database import Store

log = logging.getLogger(__name__)

REFRESH_SECONDS = 3.0
"""Seconds after which what staff change is known to every process."""


class StaffCache:
    """The rota, closures, one-off holidays, the emergency message and who is blocked, as last read.

    While the database is down they stay as they were; the message and the blocks end by themselves.

    Whoever is in the operator's setting is rung when nobody is on the rota, or it was never read.
    """

    def __init__(self, store: Store, setting: tuple[Adviser, ...], clock: Callable[[], datetime]) -> None:
        self._store, self._setting, self._clock = store, setting, clock
        self._is_fresh = True
        self.rota = RotaSnapshot(advisers=setting)
        self.emergency: EmergencyMessage | None = None
        self._blocks: Mapping[bytes, datetime] = {}

    async def refresh(self) -> None:
        """Read them anew; a failure is logged once, and what was known stays."""
        try:
            async with self._store.begin() as db:
                snapshot = await rota_snapshot.read(db, self._store.cipher, self._clock())
                emergency = await emergency_messages.read(db, self._clock())
                blocked = await blocks.ends(db, self._clock())
        except Exception as error:  # a rota that nobody can read must not take the calls with it
            self._warn_once(f"error={reason(error, DatabaseUnavailable)}")
        else:
            self.rota = replace(snapshot, advisers=self._with_numbers(snapshot.advisers)).or_else(self._setting)
            self.emergency = emergency
            self._blocks = blocked

    def block_of(self, number: str) -> datetime | None:
        """Return until when a number, as the provider gives it, is blocked; it may be over."""
        if not self._blocks or not (known := identity(number)):
            return None
        return max(filter(None, map(self._blocks.get, self._store.cipher.blind_indexes(known))), default=None)

    def _with_numbers(self, advisers: tuple[Adviser, ...]) -> tuple[Adviser, ...]:
        """Return the advisers with the numbers last known of those whose number cannot be read any more."""
        if all(adviser.number for adviser in advisers):
            self._is_fresh = True
            return advisers
        self._warn_once("a number cannot be read (`ivr rota` names it): restore its secret to IVR_SECRET_KEY")
        known = {adviser.id: adviser.number for adviser in self.rota.advisers}
        return tuple(replace(one, number=one.number or known.get(one.id, "")) for one in advisers)

    def _warn_once(self, why: str) -> None:
        if self._is_fresh:
            log.error("rota not refreshed, the last one stays in use: %s", why)
        self._is_fresh = False

    async def keep_fresh(self, stop: asyncio.Event) -> None:
        """Refresh every few seconds until told to stop."""
        while not await stopped_within(stop, REFRESH_SECONDS):
            await self.refresh()
