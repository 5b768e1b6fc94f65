"""Whom to ring at this moment, for all callers who wait.

Whoever decides writes down each leg in the same transaction, one at a time: so two who decide at the same moment
ring nobody twice.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.hunt import HuntStatus, next_to_ring
from ivr.helpline.rota import Adviser
from ivr.store import hunts, legs
from ivr.store.cipher import Cipher
from ivr.store.idempotency import advisory_lock
from ivr.store.legs import Leg, LegOutcome
from ivr.store.rota_snapshot import advisers_on_shift


@dataclass(frozen=True, slots=True)
class Rung:
    """One adviser to be rung for one hunt, for so many seconds; `leg` is our name for it."""

    leg: str
    adviser: Adviser
    hunt: str
    topic: str
    deadline: date | None
    seconds: int


async def assign_call(
    db: AsyncConnection, cipher: Cipher, of_setting: tuple[Adviser, ...], now: datetime
) -> tuple[list[Rung], list[Leg]]:
    """Those to be rung, and the legs that ring for nobody any more. Commit before asking the provider."""
    await advisory_lock(db, "hunt")
    waiting = await hunts.ringing(db)
    live, lost = await _still_live(db, now)
    advisers = await advisers_on_shift(db, cipher, of_setting, now) if waiting else ()
    on_call = {leg.blind_index for leg in live}
    round_ = _Round({cipher.blind_index(one.number): one for one in advisers}, on_call, {leg.hunt for leg in live}, now)
    rung: list[Rung] = []
    for hunt in waiting:
        if hunt.id in lost:
            await hunts.stands(db, hunt, HuntStatus.stalled, now)
        else:
            rung += await round_.look_after(db, hunt)
    return rung, [leg for leg in live if leg.rings and not leg.wanted]


async def _still_live(db: AsyncConnection, now: datetime) -> tuple[list[Leg], set[str | None]]:
    """The legs that are not over, once those are that have had their time; and the hunts that lost one."""
    live = await legs.live(db)
    over = [leg for leg in live if leg.until <= now]
    for leg in over:
        await legs.over(db, leg.id, LegOutcome.lost if leg.is_lost else LegOutcome.unanswered, now)
    return [leg for leg in live if leg.until > now], {leg.hunt for leg in over if leg.is_lost}


@dataclass
class _Round:
    """What is known at this moment: who is on duty, who of them is on a call with us, which hunts ring somebody."""

    on_duty: dict[bytes, Adviser]
    on_call: set[bytes]
    rings: set[str | None]
    now: datetime

    async def look_after(self, db: AsyncConnection, hunt: Row[Any]) -> list[Rung]:
        blind_indexes, standing = next_to_ring(
            self.on_duty,
            await legs.tried(db, hunt.id),
            self.on_call,
            rings=hunt.id in self.rings,
            all_at_once=hunt.all_at_once,
        )
        await hunts.stands(db, hunt, standing, self.now)
        return [await self._rung(db, hunt, blind_index) for blind_index in blind_indexes]

    async def _rung(self, db: AsyncConnection, hunt: Row[Any], blind_index: bytes) -> Rung:
        leg = str(uuid4())
        await legs.add(db, leg, hunt.id, blind_index, self.now)
        self.on_call.add(blind_index)
        return Rung(leg, self.on_duty[blind_index], hunt.id, hunt.topic, hunt.deadline, hunt.seconds)
