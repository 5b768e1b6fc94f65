"""Hunts: ringing our advisers for a caller who waits in the queue; the first to accept takes the call.

    ringing ─ accept ─► taken ─► over
       └── leave, end, the caller hangs up or is not heard of any more ──► over

News of a caller's end may be lost. So whoever waits is heard of every ten seconds or so, and a hunt without that ends
by itself; should they be there after all, it goes on when they are next heard of.

While it rings, `way` is its status (`nobody`, `busy`, `stalled`); once it is over, how it ended.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update
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
from ivr.helpline.hunt import GONE, TAKEN, HuntState, HuntStatus
from ivr.helpline.phone_numbers import identity
from ivr.store import heartbeat, hunt_presence, legs, provider_resources
from ivr.store.cipher import Cipher
from ivr.store.idempotency import insert_new
from ivr.store.leg_states import LegOutcome, LegState
from ivr.store.request_context import RequestContext
from ivr.store.rota import advisers_on_shift
from ivr.store.tables import hunts
from ivr.store.tables import legs as legs_table

log = logging.getLogger(__name__)

LOOKED_EVERY = timedelta(seconds=2)
STALLED_AFTER = timedelta(seconds=8)
"""No worker has looked whom to ring for so long."""
CONNECTED_WITHIN = timedelta(seconds=8)
"""Longer than the provider tries to fetch a caller from the queue."""


async def perform(db: AsyncConnection, cipher: Cipher, context: RequestContext, effect: HuntEffect) -> EffectResult:
    """Perform an effect, or return the status of the hunt."""
    now = context.now
    match effect:
        case StartHunt():
            return await _start(db, cipher, context, effect)
        case PollHunt(hunt):
            return EffectResult(EffectStatus.kept, await _poll(db, hunt, now))
        case LeaveHunt(hunt, way):
            left = await _leave(db, hunt, way, now)
            return EffectResult(EffectStatus.kept) if left else EffectResult(EffectStatus.nothing, TAKEN)
        case EndHunt(hunt, how, queue):
            if queue:
                await provider_resources.add(db, "queue", queue, None, now, due=now)
            return EffectResult(EffectStatus.kept, await _end(db, hunt, how, now))
        case AcceptCall(hunt, leg):
            await legs.set_sid(db, leg, context.call)  # the adviser's call, should nobody have told us of it
            return await _accept(db, hunt, leg, now)
        case RecordTalkTime(leg, seconds):
            if seconds is not None:
                await legs.record_talk_time(db, leg, seconds, now)
            return EffectResult(EffectStatus.kept)


async def _start(db: AsyncConnection, cipher: Cipher, context: RequestContext, hunt: StartHunt) -> EffectResult:
    """Start a hunt, unless no worker runs that would ring advisers, or nobody is on shift."""
    name = context.name(cipher)
    if await _read(db, name) is None:
        if not await heartbeat.is_alive(db, heartbeat.CALL_DISTRIBUTOR, context.now):
            return EffectResult(EffectStatus.down)
        if not await advisers_on_shift(db, cipher, context.advisers, context.now):
            return EffectResult(EffectStatus.nothing)
        caller = cipher.encrypt_number(number) if (number := identity(context.caller)) else {}
        call = cipher.blind_index(context.call)
        await insert_new(db, hunts, id=name, call=call, **caller, **_row(hunt, context.now))
    return EffectResult(EffectStatus.kept, name)


def _row(hunt: StartHunt, now: datetime) -> dict[str, Any]:
    fields = {"topic": hunt.topic, "deadline": hunt.deadline, "seconds": hunt.seconds, "all_at_once": hunt.all_at_once}
    fields |= {"audience": hunt.audience}
    return fields | {"state": HuntState.ringing, "began": now, "changed": now}


async def _poll(db: AsyncConnection, hunt: str, now: datetime) -> HuntStatus:
    row = await _read(db, hunt)
    if row is None:
        return HuntStatus.stalled
    if row.state == HuntState.over:
        return HuntStatus.ringing if await hunt_presence.goes_on(db, row, now) else HuntStatus.left
    await hunt_presence.record_heard(db, row, now)
    if row.state == HuntState.taken:
        return HuntStatus.ringing if await _was_not_connected(db, row, now) else HuntStatus.taken
    if now - max(row.looked or row.began, row.changed) > STALLED_AFTER:
        return HuntStatus.stalled
    return HuntStatus(row.way or HuntStatus.ringing)


async def _was_not_connected(db: AsyncConnection, hunt: Row[Any], now: datetime) -> bool:
    """Ring again if an adviser took the caller, who still waits: the adviser has hung up in between."""
    lapsed = (hunts.c.id == hunt.id) & (hunts.c.state == HuntState.taken) & (hunts.c.changed < now - CONNECTED_WITHIN)
    again = update(hunts).where(lapsed).values(state=HuntState.ringing, way=None, changed=now)
    if not (await db.execute(again)).rowcount:
        return False
    took = select(legs_table.c.id).where(legs_table.c.hunt == hunt.id, legs_table.c.state == LegState.talking)
    for leg in (await db.scalars(took)).all():
        await legs.end(db, leg, LegOutcome.failed, now)
    await legs.withdraw(db, hunt.id)
    return True


async def _leave(db: AsyncConnection, hunt: str, way: str, now: datetime) -> bool:
    """Return whether the caller leaves the queue: not if an adviser has just taken them."""
    rings = (hunts.c.id == hunt) & (hunts.c.state == HuntState.ringing)
    await db.execute(update(hunts).where(rings).values(state=HuntState.over, way=way, changed=now))
    row = await _read(db, hunt)
    return row is None or row.state == HuntState.over


async def _end(db: AsyncConnection, hunt: str, how: str, now: datetime) -> str:
    """Return how the hunt ended: as chosen before by those who left. `talked` overrides what was recorded before."""
    row = await _read(db, hunt, lock=True)
    if row is None:
        return how
    way = (row.way or how) if how == QueueResult.left else how
    if row.state != HuntState.over or how == QueueResult.talked:
        await db.execute(update(hunts).where(hunts.c.id == hunt).values(state=HuntState.over, way=way, changed=now))
    return str(way)


async def _accept(db: AsyncConnection, hunt: str, leg: str, now: datetime) -> EffectResult:
    """Give the caller to the first: a second at the same moment waits here for the row, and then finds it taken."""
    rings = (hunts.c.id == hunt) & (hunts.c.state == HuntState.ringing)
    taken = update(hunts).where(rings).values(state=HuntState.taken, way=None, changed=now)
    if (await db.execute(taken)).rowcount:
        await legs.connect(db, leg, now)
        return EffectResult(EffectStatus.kept, hunt)
    row = await _read(db, hunt)
    if row is None or (row.state == HuntState.over and row.way != QueueResult.talked):
        return EffectResult(EffectStatus.nothing, GONE)
    if row.state == HuntState.taken and await legs.is_talking(db, leg):
        return EffectResult(EffectStatus.kept, hunt)  # the same webhook again
    return EffectResult(EffectStatus.nothing, TAKEN)


async def caller_hung_up(db: AsyncConnection, call: bytes, now: datetime) -> bool:
    """End all hunts of a call that is over; return whether an adviser had taken the caller in any of them."""
    rows = (await db.execute(select(hunts).where(hunts.c.call == call).order_by(hunts.c.id).with_for_update())).all()
    for row in rows:
        if row.state != HuntState.over:
            way = QueueResult.talked if row.state == HuntState.taken else QueueResult.gone
            await db.execute(
                update(hunts).where(hunts.c.id == row.id).values(state=HuntState.over, way=way, changed=now)
            )
    return any(row.state == HuntState.taken or row.way == QueueResult.talked for row in rows)


async def cease(db: AsyncConnection, callers: Sequence[bytes], now: datetime) -> None:
    """Ring nobody any more for callers (by their blind indexes) who wait: they hear that nobody could take the call."""
    waits = hunts.c.blind_index.in_(callers) & (hunts.c.state == HuntState.ringing)
    await db.execute(update(hunts).where(waits).values(state=HuntState.over, way=HuntStatus.nobody, changed=now))


async def ringing(db: AsyncConnection, now: datetime) -> Sequence[Row[Any]]:
    """Return the hunts in which somebody is to be rung, the oldest first, locked until the transaction ends.

    Those whose caller has gone without our hearing of it end here.
    """
    rings = select(hunts).where(hunts.c.state == HuntState.ringing).order_by(hunts.c.began, hunts.c.id)
    rows = (await db.execute(rings.with_for_update(skip_locked=True))).all()
    gone = [row.id for row in rows if not hunt_presence.is_there(row, now)]
    if gone:
        log.warning("hunts ended, nothing was heard of their callers: hunts=%s", gone)
        ended = {"state": HuntState.over, "way": hunt_presence.UNHEARD, "changed": now}
        await db.execute(update(hunts).where(hunts.c.id.in_(gone)).values(ended))
    return [row for row in rows if row.id not in gone and row.way != HuntStatus.stalled]


async def end_taken(db: AsyncConnection, before: datetime, hunt: str | None = None) -> None:
    """End the hunts that were taken before a moment, or one of them: nothing was heard of their end."""
    taken = (hunts.c.state == HuntState.taken) & (hunts.c.changed < before)
    named = taken if hunt is None else taken & (hunts.c.id == hunt)
    await db.execute(update(hunts).where(named).values(state=HuntState.over, way=QueueResult.talked))


async def record_status(db: AsyncConnection, hunt: Row[Any], status: HuntStatus, now: datetime) -> None:
    """Record the status of a hunt; if it is unchanged, only every two seconds or so."""
    way = None if status is HuntStatus.ringing else status
    if way != hunt.way or abs(now - (hunt.looked or hunt.began)) >= LOOKED_EVERY:
        await db.execute(update(hunts).where(hunts.c.id == hunt.id).values(way=way, looked=now))


async def stall(db: AsyncConnection, hunt: str, now: datetime) -> None:
    """Mark a hunt as stalled: the provider does not ring, and the caller is not to wait for that."""
    rings = (hunts.c.id == hunt) & (hunts.c.state == HuntState.ringing)
    await db.execute(update(hunts).where(rings).values(way=HuntStatus.stalled, changed=now))


async def is_known(db: AsyncConnection, hunt: str) -> bool:
    """Return whether there is a hunt of an id."""
    return await _read(db, hunt) is not None


async def _read(db: AsyncConnection, hunt: str, *, lock: bool = False) -> Row[Any] | None:
    query = select(hunts).where(hunts.c.id == hunt)
    return (await db.execute(query.with_for_update() if lock else query)).one_or_none()
