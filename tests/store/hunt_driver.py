"""Drives hunts as callers, advisers and workers do, each step in a transaction of its own."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from ivr.engine.effects import AcceptCall, Effect, EndHunt, LeaveHunt, PollHunt, RecordTalkTime, StartHunt
from ivr.engine.events import EffectResult
from ivr.helpline.opening_hours import OpeningHours
from ivr.helpline.rota import of_setting
from ivr.store import effects, heartbeat, hunt_assignment, legs
from ivr.store.database import Store
from ivr.store.hunt_assignment import Assignment, NewLeg, RingingRules
from ivr.store.leg_states import Leg
from ivr.store.request_context import RequestContext
from ivr.store.tables import hunts as hunts_table
from ivr.store.tables import legs as legs_table
from tests.store.fixtures import NO_QUOTAS, NOW

AMY, BEN, CAT = "+447700900001", "+447700900002", "+447700900003"
DEADLINE = date(2026, 12, 14)


@dataclass
class HuntDriver:
    """A store with hunts, and a clock that is set by hand."""

    store: Store
    numbers: tuple[str, ...] = (AMY, BEN)
    now: datetime = field(default=NOW)
    hours: OpeningHours | None = None
    calls_per_second: float = 1000.0
    caller: str = ""

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    async def perform(self, effect: Effect, call: str = "CA1", turn: int = 1) -> EffectResult:
        async with self.store.begin() as db:
            key = f"{call}/person/ring/{turn}/{type(effect).__name__}"
            advisers = of_setting(self.numbers)
            context = RequestContext(call, key, self.now, NO_QUOTAS, advisers, caller=self.caller)
            return await effects.perform(db, self.store.cipher, context, effect)

    async def record_heartbeat(self) -> None:
        """Record that a worker rings advisers."""
        async with self.store.begin() as db:
            await heartbeat.record_heartbeat(db, heartbeat.CALL_DISTRIBUTOR, self.now)

    async def start(self, call: str = "CA1", *, all_at_once: bool = False, seconds: int = 20) -> str:
        """Start a hunt; return its id."""
        await self.record_heartbeat()
        return (await self.perform(StartHunt("school", DEADLINE, seconds, all_at_once), call)).value

    async def assign(self) -> list[NewLeg]:
        """Return the legs to be rung now."""
        return (await self.assign_calls())[0]

    def rules(self) -> RingingRules:
        return RingingRules(of_setting(self.numbers), self.hours, self.calls_per_second)

    async def assign_calls(self) -> tuple[list[NewLeg], list[Leg]]:
        """Return the legs to be rung now, and those that nobody needs any more."""
        return (await self.assignment())[:2]

    async def assignment(self) -> Assignment:
        async with self.store.begin() as db:
            return await hunt_assignment.assign_call(db, self.store.cipher, self.rules(), self.now)

    async def numbers_rung(self) -> list[str]:
        """Return the numbers to be rung now."""
        return [one.adviser.number for one in await self.assign()]

    async def call_status(self, leg: str, *statuses: str, sid: str = "CA9") -> None:
        for status in statuses:
            async with self.store.begin() as db:
                await legs.record_status(db, leg, sid, status, self.now)

    async def poll(self, hunt: str) -> str:
        return (await self.perform(PollHunt(hunt))).value

    async def accept(self, hunt: str, leg: str) -> EffectResult:
        return await self.perform(AcceptCall(hunt, leg))

    async def leave(self, hunt: str, way: str = "call_back") -> EffectResult:
        return await self.perform(LeaveHunt(hunt, way))

    async def end(self, hunt: str, how: str, queue: str = "") -> str:
        return (await self.perform(EndHunt(hunt, how, queue))).value

    async def record_talk_time(self, leg: str, seconds: int) -> None:
        await self.perform(RecordTalkTime(leg, seconds))

    async def leg(self, id: str) -> Row[Any]:
        return await self._row(select(legs_table).where(legs_table.c.id == id))

    async def hunt(self, id: str) -> Row[Any]:
        return await self._row(select(hunts_table).where(hunts_table.c.id == id))

    async def states(self) -> list[tuple[str, str | None]]:
        """Return state and outcome of the legs, in the order in which they were rung."""
        async with self.store.begin() as db:
            rows = await db.execute(select(legs_table).order_by(legs_table.c.began, legs_table.c.id))
            return [(row.state, row.outcome) for row in rows]

    async def _row(self, query: Any) -> Row[Any]:
        async with self.store.begin() as db:
            return (await db.execute(query)).one()
