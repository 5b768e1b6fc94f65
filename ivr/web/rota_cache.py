"""The rota in memory: no caller waits for the database to be put through to a person."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from ivr.errors import DatabaseUnavailable
from ivr.helpline.rota import Adviser, RotaSnapshot
from ivr.log import reason
from ivr.stop import stopped_within
from ivr.store import rota_snapshot
from ivr.store.database import Store

log = logging.getLogger(__name__)

REFRESH_SECONDS = 3.0
"""Seconds after which a change of the rota is known to every process."""


class RotaCache:
    """The rota, closures and one-off holidays as last read; while the database is down, they stay as they were.

    Whoever is in the operator's setting is rung when nobody is on the rota, or it was never read.
    """

    def __init__(self, store: Store, setting: tuple[Adviser, ...], clock: Callable[[], datetime]) -> None:
        self._store, self._setting, self._clock = store, setting, clock
        self._is_fresh = True
        self.now = RotaSnapshot(advisers=setting)

    async def refresh(self) -> None:
        """Read them anew; a failure is logged once, and what was known stays."""
        try:
            async with self._store.begin() as db:
                read = await rota_snapshot.read(db, self._store.cipher, self._clock())
        except Exception as error:  # a rota that nobody can read must not take the calls with it
            self._warn_once(f"error={reason(error, DatabaseUnavailable)}")
        else:
            self.now = replace(read, advisers=self._with_numbers(read.advisers)).or_else(self._setting)

    def _with_numbers(self, advisers: tuple[Adviser, ...]) -> tuple[Adviser, ...]:
        """Return the advisers with the numbers last known of those whose number cannot be read any more."""
        if all(adviser.number for adviser in advisers):
            self._is_fresh = True
            return advisers
        self._warn_once("a number cannot be read (`ivr rota` names it): restore its secret to IVR_SECRET_KEY")
        known = {adviser.id: adviser.number for adviser in self.now.advisers}
        return tuple(replace(one, number=one.number or known.get(one.id, "")) for one in advisers)

    def _warn_once(self, why: str) -> None:
        if self._is_fresh:
            log.error("rota not refreshed, the last one stays in use: %s", why)
        self._is_fresh = False

    async def keep_fresh(self, stop: asyncio.Event) -> None:
        """Refresh every few seconds until told to stop."""
        while not await stopped_within(stop, REFRESH_SECONDS):
            await self.refresh()
