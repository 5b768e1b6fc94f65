"""Hunts in a store, and what advisers and callers do in them, each in a transaction of its own."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from ivr.engine.effects import AcceptCall, Effect, EndHunt, LeaveHunt, PollHunt, RecordTalkTime, StartHunt
from ivr.engine.events import EffectResult
from ivr.helpline.rota import of_setting
from ivr.store import effects, heartbeat, hunt_assignment, legs
from ivr.store.database import Store
from ivr.store.hunt_assignment import Rung
from ivr.store.legs import Leg
from ivr.store.request_context import RequestContext
from ivr.store.tables import hunts as hunts_table
from ivr.store.tables import legs as legs_table
from tests.store.made_up import NO_CAPS, NOW

AMY, BEN, CAT = "+447700900001", "+447700900002", "+447700900003"
DEADLINE = date(2026, 12, 14)


@dataclass
class Hunted:
    """A store in which callers are hunted for, with a clock that is wound by hand."""

    store: Store
    numbers: tuple[str, ...] = (AMY, BEN)
    now: datetime = field(default=NOW)

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    async def keeps(self, effect: Effect, call: str = "CA1", turn: int = 1) -> EffectResult:
        async with self.store.begin() as db:
            key = f"{call}/person/ring/{turn}/{type(effect).__name__}"
            request_context = RequestContext(call, key, self.now, NO_CAPS, of_setting(self.numbers))
            return await effects.perform(db, self.store.cipher, request_context, effect)

    async def beats(self) -> None:
        """A hunter is at work."""
        async with self.store.begin() as db:
            await heartbeat.record_heartbeat(db, heartbeat.HUNTER, self.now)

    async def begins(self, call: str = "CA1", *, all_at_once: bool = False, seconds: int = 20) -> str:
        """The name of a hunt that has just begun."""
        await self.beats()
        return (await self.keeps(StartHunt("school", DEADLINE, seconds, all_at_once), call)).value

    async def rings(self) -> list[Rung]:
        """Whom a hunter is to ring now."""
        return (await self.decides())[0]

    async def decides(self) -> tuple[list[Rung], list[Leg]]:
        async with self.store.begin() as db:
            return await hunt_assignment.assign_call(db, self.store.cipher, of_setting(self.numbers), self.now)

    async def rung(self) -> list[str]:
        """The numbers of those who are to be rung now."""
        return [one.adviser.number for one in await self.rings()]

    async def news(self, leg: str, *statuses: str, sid: str = "CA9") -> None:
        for status in statuses:
            async with self.store.begin() as db:
                await legs.news(db, leg, sid, status, self.now)

    async def looks(self, hunt: str) -> str:
        return (await self.keeps(PollHunt(hunt))).value

    async def takes(self, hunt: str, leg: str) -> EffectResult:
        return await self.keeps(AcceptCall(hunt, leg))

    async def leaves(self, hunt: str, way: str = "call_back") -> EffectResult:
        return await self.keeps(LeaveHunt(hunt, way))

    async def ends(self, hunt: str, how: str, queue: str = "") -> str:
        return (await self.keeps(EndHunt(hunt, how, queue))).value

    async def talked(self, leg: str, seconds: int) -> None:
        await self.keeps(RecordTalkTime(leg, seconds))

    async def leg(self, id: str) -> Row[Any]:
        return await self._row(select(legs_table).where(legs_table.c.id == id))

    async def hunt(self, id: str) -> Row[Any]:
        return await self._row(select(hunts_table).where(hunts_table.c.id == id))

    async def states(self) -> list[tuple[str, str | None]]:
        """The legs, as they stand, the first rung first."""
        async with self.store.begin() as db:
            rows = await db.execute(select(legs_table).order_by(legs_table.c.began, legs_table.c.id))
            return [(row.state, row.outcome) for row in rows]

    async def _row(self, query: Any) -> Row[Any]:
        async with self.store.begin() as db:
            return (await db.execute(query)).one()
