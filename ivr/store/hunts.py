"""Ringing our advisers for a caller who waits: what is known of each hunt, and who wins it.

    ringing ─ take ─► taken ─► over
       └── leave, end, the caller rings off ──► over

While it rings, `way` says how it stands (`nobody`, `busy`, `stalled`); once it is over, how it ended.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.effects import (
    AcceptCall,
    EffectStatus,
    EndHunt,
    HuntEffect,
    LeaveHunt,
    PollHunt,
    RecordTalkTime,
    StartHunt,
)
from ivr.engine.events import EffectResult, QueueResult
from ivr.helpline.hunt import GONE, TAKEN, HuntStatus
from ivr.store import heartbeat, legs, provider_resources
from ivr.store.cipher import Cipher
from ivr.store.idempotency import insert_new
from ivr.store.legs import LegOutcome
from ivr.store.request_context import RequestContext
from ivr.store.rota_snapshot import advisers_on_shift
from ivr.store.tables import hunts
from ivr.store.tables import legs as legs_table


class HuntState(StrEnum):
    """`taken`: an adviser has it."""

    ringing = "ringing"
    taken = "taken"
    over = "over"


LOOKED_EVERY = timedelta(seconds=2)
STALLED_AFTER = timedelta(seconds=8)
"""Nobody has rung for it, or looked whom to ring, for so long."""
CONNECTED_WITHIN = timedelta(seconds=8)
"""Longer than the provider tries to fetch a caller from the queue."""


async def perform(
    db: AsyncConnection, cipher: Cipher, request_context: RequestContext, effect: HuntEffect
) -> EffectResult:
    """Undertake what a step promises, or say how it stands."""
    now = request_context.now
    match effect:
        case StartHunt():
            return await _begin(db, cipher, request_context, effect)
        case PollHunt(hunt):
            return EffectResult(EffectStatus.kept, await _look(db, hunt, now))
        case LeaveHunt(hunt, way):
            left = await _leave(db, hunt, way, now)
            return EffectResult(EffectStatus.kept) if left else EffectResult(EffectStatus.nothing, TAKEN)
        case EndHunt(hunt, how, queue):
            if queue:
                await provider_resources.add(db, "queue", queue, None, now, due=now)
            return EffectResult(EffectStatus.kept, await _end(db, hunt, how, now))
        case AcceptCall(hunt, leg):
            return await _take(db, hunt, leg, now)
        case RecordTalkTime(leg, seconds):
            await legs.talked(db, leg, seconds, now)
            return EffectResult(EffectStatus.kept)


async def _begin(db: AsyncConnection, cipher: Cipher, request_context: RequestContext, hunt: StartHunt) -> EffectResult:
    """Nothing is promised that nobody would do: without a hunter at work there is no hunt."""
    name = request_context.name(cipher)
    if await _read(db, name) is None:
        if not await heartbeat.is_alive(db, heartbeat.HUNTER, request_context.now):
            return EffectResult(EffectStatus.down)
        if not await advisers_on_shift(db, cipher, request_context.advisers, request_context.now):
            return EffectResult(EffectStatus.nothing)
        await insert_new(
            db, hunts, id=name, call=cipher.blind_index(request_context.call), **_row(hunt, request_context.now)
        )
    return EffectResult(EffectStatus.kept, name)


def _row(hunt: StartHunt, now: datetime) -> dict[str, Any]:
    how = {"topic": hunt.topic, "deadline": hunt.deadline, "seconds": hunt.seconds, "all_at_once": hunt.all_at_once}
    return how | {"state": HuntState.ringing, "began": now, "changed": now}


async def _look(db: AsyncConnection, hunt: str, now: datetime) -> HuntStatus:
    row = await _read(db, hunt)
    if row is None:
        return HuntStatus.stalled
    if row.state == HuntState.over:
        return HuntStatus.left
    if row.state == HuntState.taken:
        return HuntStatus.ringing if await _was_not_connected(db, row, now) else HuntStatus.taken
    if now - max(row.looked or row.began, row.changed) > STALLED_AFTER:
        return HuntStatus.stalled
    return HuntStatus(row.way or HuntStatus.ringing)


async def _was_not_connected(db: AsyncConnection, hunt: Row[Any], now: datetime) -> bool:
    """An adviser took the caller, who still waits: they have rung off in between. So others are rung."""
    lapsed = (hunts.c.id == hunt.id) & (hunts.c.state == HuntState.taken) & (hunts.c.changed < now - CONNECTED_WITHIN)
    again = update(hunts).where(lapsed).values(state=HuntState.ringing, way=None, changed=now)
    if not (await db.execute(again)).rowcount:
        return False
    took = select(legs_table.c.id).where(legs_table.c.hunt == hunt.id, legs_table.c.state == legs.LegState.talking)
    for leg in (await db.scalars(took)).all():
        await legs.over(db, leg, LegOutcome.failed, now)
    return True


async def _leave(db: AsyncConnection, hunt: str, way: str, now: datetime) -> bool:
    """Whether the caller is to leave; not if an adviser has just taken them."""
    rings = (hunts.c.id == hunt) & (hunts.c.state == HuntState.ringing)
    await db.execute(update(hunts).where(rings).values(state=HuntState.over, way=way, changed=now))
    row = await _read(db, hunt)
    return row is None or row.state == HuntState.over


async def _end(db: AsyncConnection, hunt: str, how: str, now: datetime) -> str:
    """The way the caller went; those who left chose it before. That they have talked is news at any time."""
    row = await _read(db, hunt, hold=True)
    if row is None:
        return how
    way = (row.way or how) if how == QueueResult.left else how
    if row.state != HuntState.over or how == QueueResult.talked:
        await db.execute(update(hunts).where(hunts.c.id == hunt).values(state=HuntState.over, way=way, changed=now))
    return str(way)


async def _take(db: AsyncConnection, hunt: str, leg: str, now: datetime) -> EffectResult:
    """The first wins: whoever comes at the same moment waits here for the row, and then finds it taken."""
    rings = (hunts.c.id == hunt) & (hunts.c.state == HuntState.ringing)
    taken = update(hunts).where(rings).values(state=HuntState.taken, way=None, changed=now)
    if (await db.execute(taken)).rowcount:
        await legs.talking(db, leg, now)
        return EffectResult(EffectStatus.kept, hunt)
    row = await _read(db, hunt)
    if row is None or (row.state == HuntState.over and row.way != QueueResult.talked):
        return EffectResult(EffectStatus.nothing, GONE)
    if row.state == HuntState.taken and await legs.is_talking(db, leg):
        return EffectResult(EffectStatus.kept, hunt)  # the same webhook again
    return EffectResult(EffectStatus.nothing, TAKEN)


async def caller_rang_off(db: AsyncConnection, call: bytes, now: datetime) -> bool:
    """End all hunts of a call that is over; whether an adviser had taken the caller in any of them."""
    rows = (await db.execute(select(hunts).where(hunts.c.call == call).order_by(hunts.c.id).with_for_update())).all()
    for row in rows:
        if row.state != HuntState.over:
            way = QueueResult.talked if row.state == HuntState.taken else QueueResult.gone
            await db.execute(
                update(hunts).where(hunts.c.id == row.id).values(state=HuntState.over, way=way, changed=now)
            )
    return any(row.state == HuntState.taken or row.way == QueueResult.talked for row in rows)


async def ringing(db: AsyncConnection) -> Sequence[Row[Any]]:
    """The hunts in which somebody is to be rung, the oldest first, held until the transaction ends."""
    goes_on = or_(hunts.c.way.is_(None), hunts.c.way != HuntStatus.stalled)
    rings = select(hunts).where(hunts.c.state == HuntState.ringing, goes_on)
    return (await db.execute(rings.order_by(hunts.c.began, hunts.c.id).with_for_update(skip_locked=True))).all()


async def stands(db: AsyncConnection, hunt: Row[Any], standing: HuntStatus, now: datetime) -> None:
    """Somebody has looked whom to ring for it, and this is how it stands; written down every two seconds or so."""
    way = None if standing is HuntStatus.ringing else standing
    if way != hunt.way or now - (hunt.looked or hunt.began) >= LOOKED_EVERY:
        await db.execute(update(hunts).where(hunts.c.id == hunt.id).values(way=way, looked=now))


async def stall(db: AsyncConnection, hunt: str, now: datetime) -> None:
    """The provider does not ring for it: the caller is not to wait for that."""
    rings = (hunts.c.id == hunt) & (hunts.c.state == HuntState.ringing)
    await db.execute(update(hunts).where(rings).values(way=HuntStatus.stalled, changed=now))


async def _read(db: AsyncConnection, hunt: str, *, hold: bool = False) -> Row[Any] | None:
    query = select(hunts).where(hunts.c.id == hunt)
    return (await db.execute(query.with_for_update() if hold else query)).one_or_none()
