"""Decides which advisers to ring now, for all callers who wait.

Each leg is written in the transaction that decides it, one transaction at a time, so nobody is rung twice. The rota and
the opening hours are asked each time: a caller who still waits when we close is not a reason to ring anybody.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.canary import CANARY
from ivr.helpline.hunt import HuntStatus, next_to_ring
from ivr.helpline.opening_hours import OpeningHours
from ivr.helpline.rota import Adviser
from ivr.store import call_pace, hunts, legs, rota_snapshot, unanswered_rings
from ivr.store.advisory_lock import advisory_lock
from ivr.store.cipher import Cipher
from ivr.store.leg_states import Leg, LegOutcome
from ivr.store.rota import advisers_on_shift


@dataclass(frozen=True, slots=True)
class RingingRules:
    """Whom to ring while nobody is on the rota, in which hours (None: always), and how many calls begin in a second.

    Whoever let `unanswered` calls ring in the last hour is passed over. `canary` is the number (E.164) that is rung for
    test calls, and for those alone.
    """

    advisers: tuple[Adviser, ...] = ()
    hours: OpeningHours | None = None
    calls_per_second: float = 1.0
    unanswered: int = 12
    canary: str | None = None


@dataclass(frozen=True, slots=True)
class NewLeg:
    """An adviser to be rung for one hunt, for so many seconds; `leg` is its id."""

    leg: str
    adviser: Adviser
    hunt: str
    topic: str
    deadline: date | None
    seconds: int
    audience: str


class Assignment(NamedTuple):
    """The legs to be rung, and those that ring for nobody any more; the advisers on shift who are passed over."""

    new: list[NewLeg]
    unwanted: list[Leg]
    passed_over: frozenset[str]


async def assign_call(db: AsyncConnection, cipher: Cipher, rules: RingingRules, now: datetime) -> Assignment:
    """Return whom to ring. Commit before asking the provider."""
    await advisory_lock(db, "hunt")
    waiting = await hunts.ringing(db, now)
    live, lost = await _still_live(db, now)
    new, passed_over = await _ring(db, cipher, rules, now, waiting, live, lost) if waiting else ([], frozenset())
    return Assignment(new, [leg for leg in live if leg.rings and not leg.wanted], passed_over)


async def _ring(
    db: AsyncConnection,
    cipher: Cipher,
    rules: RingingRules,
    now: datetime,
    waiting: Iterable[Row[Any]],
    live: Iterable[Leg],
    lost: set[str | None],
) -> tuple[list[NewLeg], frozenset[str]]:
    """Return the legs to be rung for those who wait, and who is passed over; callers for whom nobody was rung first."""
    there = {cipher.blind_index(one.number): one for one in await _may_be_rung(db, cipher, rules, now)}
    unwilling = there.keys() & (await unanswered_rings.passed_over(db, rules.unanswered, now)).keys()
    budget = await call_pace.allowed(db, rules.calls_per_second, now)
    willing = {blind_index: one for blind_index, one in there.items() if blind_index not in unwilling}
    round_ = _Round({leg.blind_index for leg in live}, {leg.hunt for leg in live}, budget, now)
    for_tests = _canary(cipher, rules)
    rung = {hunt.id: await legs.numbers_rung(db, hunt.id) for hunt in waiting}
    new_legs: list[NewLeg] = []
    for hunt in sorted(waiting, key=lambda hunt: bool(rung[hunt.id])):
        if hunt.id in lost:
            await hunts.record_status(db, hunt, HuntStatus.stalled, now)
        else:
            new_legs += await round_.assign(db, hunt, rung[hunt.id], for_tests if hunt.topic == CANARY else willing)
    return new_legs, frozenset(there[blind_index].id for blind_index in unwilling)


def _canary(cipher: Cipher, rules: RingingRules) -> dict[bytes, Adviser]:
    """Return who is rung for a test call: nobody of ours."""
    number = rules.canary
    return {cipher.blind_index(number): Adviser(CANARY, CANARY, number)} if number else {}


async def _may_be_rung(db: AsyncConnection, cipher: Cipher, rules: RingingRules, now: datetime) -> tuple[Adviser, ...]:
    """Return the advisers on shift; nobody while we are closed."""
    hours = (await rota_snapshot.read_closed_times(db, now)).hours(rules.hours)
    if hours and not hours.opening(now).is_open:
        return ()
    return await advisers_on_shift(db, cipher, rules.advisers, now)


async def _still_live(db: AsyncConnection, now: datetime) -> tuple[list[Leg], set[str | None]]:
    """End the legs whose time is over; return those that are left, and the hunts that lost one."""
    live = await legs.live(db)
    over = [leg for leg in live if leg.is_over(now) and not leg.talks]
    for leg in over:
        await legs.end(db, leg.id, LegOutcome.lost if leg.is_lost else LegOutcome.unanswered, now)
    return [leg for leg in live if leg not in over], {leg.hunt for leg in over if leg.is_lost}


@dataclass
class _Round:
    """The state of one round: who is on a call with us, which hunts have a leg, and how many may begin."""

    on_call: set[bytes]
    with_leg: set[str | None]
    budget: int
    now: datetime

    async def assign(
        self, db: AsyncConnection, hunt: Row[Any], rung: set[bytes], willing: Mapping[bytes, Adviser]
    ) -> list[NewLeg]:
        blind_indexes, status = next_to_ring(
            willing, rung, self.on_call, rings=hunt.id in self.with_leg, all_at_once=hunt.all_at_once
        )
        await hunts.record_status(db, hunt, status, self.now)
        return [await self._add_leg(db, hunt, one, willing[one]) for one in blind_indexes[: self.budget]]

    async def _add_leg(self, db: AsyncConnection, hunt: Row[Any], blind_index: bytes, adviser: Adviser) -> NewLeg:
        leg = str(uuid4())
        await legs.add(db, leg, hunt.id, blind_index, self.now)
        self.on_call.add(blind_index)
        self.budget -= 1
        about = hunt.topic, hunt.deadline, hunt.seconds, hunt.audience
        return NewLeg(leg, adviser, hunt.id, *about)
