"""Decides which advisers to ring now, for all callers who wait.

Each leg is written in the transaction that decides it, one transaction at a time, so nobody is rung twice.
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
from ivr.store.advisory_lock import advisory_lock
from ivr.store.cipher import Cipher
from ivr.store.legs import Leg, LegOutcome
from ivr.store.rota import advisers_on_shift


@dataclass(frozen=True, slots=True)
class NewLeg:
    """An adviser to be rung for one hunt, for so many seconds; `leg` is its id."""

    leg: str
    adviser: Adviser
    hunt: str
    topic: str
    deadline: date | None
    seconds: int


async def assign_call(
    db: AsyncConnection, cipher: Cipher, of_setting: tuple[Adviser, ...], now: datetime
) -> tuple[list[NewLeg], list[Leg]]:
    """Return the legs to be rung, and those that ring for nobody any more. Commit before asking the provider."""
    await advisory_lock(db, "hunt")
    waiting = await hunts.ringing(db)
    live, lost = await _still_live(db, now)
    advisers = await advisers_on_shift(db, cipher, of_setting, now) if waiting else ()
    on_call = {leg.blind_index for leg in live}
    round_ = _Round({cipher.blind_index(one.number): one for one in advisers}, on_call, {leg.hunt for leg in live}, now)
    new_legs: list[NewLeg] = []
    for hunt in waiting:
        if hunt.id in lost:
            await hunts.record_status(db, hunt, HuntStatus.stalled, now)
        else:
            new_legs += await round_.assign(db, hunt)
    return new_legs, [leg for leg in live if leg.rings and not leg.wanted]


async def _still_live(db: AsyncConnection, now: datetime) -> tuple[list[Leg], set[str | None]]:
    """End the legs whose time is over; return those that are left, and the hunts that lost one."""
    live = await legs.live(db)
    over = [leg for leg in live if leg.until <= now]
    for leg in over:
        await legs.end(db, leg.id, LegOutcome.lost if leg.is_lost else LegOutcome.unanswered, now)
    return [leg for leg in live if leg.until > now], {leg.hunt for leg in over if leg.is_lost}


@dataclass
class _Round:
    """The state of one round: who is on shift, who is on a call with us, which hunts have a leg."""

    on_shift: dict[bytes, Adviser]
    on_call: set[bytes]
    with_leg: set[str | None]
    now: datetime

    async def assign(self, db: AsyncConnection, hunt: Row[Any]) -> list[NewLeg]:
        blind_indexes, status = next_to_ring(
            self.on_shift,
            await legs.numbers_rung(db, hunt.id),
            self.on_call,
            rings=hunt.id in self.with_leg,
            all_at_once=hunt.all_at_once,
        )
        await hunts.record_status(db, hunt, status, self.now)
        return [await self._add_leg(db, hunt, blind_index) for blind_index in blind_indexes]

    async def _add_leg(self, db: AsyncConnection, hunt: Row[Any], blind_index: bytes) -> NewLeg:
        leg = str(uuid4())
        await legs.add(db, leg, hunt.id, blind_index, self.now)
        self.on_call.add(blind_index)
        return NewLeg(leg, self.on_shift[blind_index], hunt.id, hunt.topic, hunt.deadline, hunt.seconds)
