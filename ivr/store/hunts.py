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

from ivr.engine.events import Exit, PromiseKept
from ivr.engine.promises import Asked, Hunt, HuntEnd, HuntLeave, HuntLook, HuntTake, HuntTalked, Kept
from ivr.helpline.hunt import GONE, TAKEN, Standing
from ivr.store import legs, pulse, resources
from ivr.store.asker import Asker
from ivr.store.cipher import Cipher
from ivr.store.duty import on_duty
from ivr.store.legs import Outcome
from ivr.store.once import insert_new
from ivr.store.tables import hunts
from ivr.store.tables import legs as legs_table


class State(StrEnum):
    """`taken`: an adviser has it."""

    ringing = "ringing"
    taken = "taken"
    over = "over"


LOOKED_EVERY = timedelta(seconds=2)
STALLED_AFTER = timedelta(seconds=8)
"""Nobody has rung for it, or looked whom to ring, for so long."""
CONNECTED_WITHIN = timedelta(seconds=8)
"""Longer than the provider tries to fetch a caller from the queue."""


async def keep(db: AsyncConnection, cipher: Cipher, asker: Asker, promise: Asked) -> PromiseKept:
    """Undertake what a step promises, or say how it stands."""
    now = asker.now
    match promise:
        case Hunt():
            return await _begin(db, cipher, asker, promise)
        case HuntLook(hunt):
            return PromiseKept(Kept.kept, await _look(db, hunt, now))
        case HuntLeave(hunt, way):
            left = await _leave(db, hunt, way, now)
            return PromiseKept(Kept.kept) if left else PromiseKept(Kept.nothing, TAKEN)
        case HuntEnd(hunt, how, queue):
            if queue:
                await resources.add(db, "queue", queue, None, now, due=now)
            return PromiseKept(Kept.kept, await _end(db, hunt, how, now))
        case HuntTake(hunt, leg):
            return await _take(db, hunt, leg, now)
        case HuntTalked(leg, seconds):
            await legs.talked(db, leg, seconds, now)
            return PromiseKept(Kept.kept)


async def _begin(db: AsyncConnection, cipher: Cipher, asker: Asker, hunt: Hunt) -> PromiseKept:
    """Nothing is promised that nobody would do: without a hunter at work there is no hunt."""
    name = asker.name(cipher)
    if await _read(db, name) is None:
        if not await pulse.beats(db, pulse.HUNTER, asker.now):
            return PromiseKept(Kept.down)
        if not await on_duty(db, cipher, asker.advisers, asker.now):
            return PromiseKept(Kept.nothing)
        await insert_new(db, hunts, id=name, call=cipher.mark(asker.call), **_row(hunt, asker.now))
    return PromiseKept(Kept.kept, name)


def _row(hunt: Hunt, now: datetime) -> dict[str, Any]:
    how = {"topic": hunt.topic, "deadline": hunt.deadline, "seconds": hunt.seconds, "all_at_once": hunt.all_at_once}
    return how | {"state": State.ringing, "began": now, "changed": now}


async def _look(db: AsyncConnection, hunt: str, now: datetime) -> Standing:
    row = await _read(db, hunt)
    if row is None:
        return Standing.stalled
    if row.state == State.over:
        return Standing.left
    if row.state == State.taken:
        return Standing.ringing if await _was_not_connected(db, row, now) else Standing.taken
    if now - max(row.looked or row.began, row.changed) > STALLED_AFTER:
        return Standing.stalled
    return Standing(row.way or Standing.ringing)


async def _was_not_connected(db: AsyncConnection, hunt: Row[Any], now: datetime) -> bool:
    """An adviser took the caller, who still waits: they have rung off in between. So others are rung."""
    lapsed = (hunts.c.id == hunt.id) & (hunts.c.state == State.taken) & (hunts.c.changed < now - CONNECTED_WITHIN)
    again = update(hunts).where(lapsed).values(state=State.ringing, way=None, changed=now)
    if not (await db.execute(again)).rowcount:
        return False
    took = select(legs_table.c.id).where(legs_table.c.hunt == hunt.id, legs_table.c.state == legs.State.talking)
    for leg in (await db.scalars(took)).all():
        await legs.over(db, leg, Outcome.failed, now)
    return True


async def _leave(db: AsyncConnection, hunt: str, way: str, now: datetime) -> bool:
    """Whether the caller is to leave; not if an adviser has just taken them."""
    rings = (hunts.c.id == hunt) & (hunts.c.state == State.ringing)
    await db.execute(update(hunts).where(rings).values(state=State.over, way=way, changed=now))
    row = await _read(db, hunt)
    return row is None or row.state == State.over


async def _end(db: AsyncConnection, hunt: str, how: str, now: datetime) -> str:
    """The way the caller went; those who left chose it before. That they have talked is news at any time."""
    row = await _read(db, hunt, hold=True)
    if row is None:
        return how
    way = (row.way or how) if how == Exit.left else how
    if row.state != State.over or how == Exit.talked:
        await db.execute(update(hunts).where(hunts.c.id == hunt).values(state=State.over, way=way, changed=now))
    return str(way)


async def _take(db: AsyncConnection, hunt: str, leg: str, now: datetime) -> PromiseKept:
    """The first wins: whoever comes at the same moment waits here for the row, and then finds it taken."""
    rings = (hunts.c.id == hunt) & (hunts.c.state == State.ringing)
    taken = update(hunts).where(rings).values(state=State.taken, way=None, changed=now)
    if (await db.execute(taken)).rowcount:
        await legs.talking(db, leg, now)
        return PromiseKept(Kept.kept, hunt)
    row = await _read(db, hunt)
    if row is None or (row.state == State.over and row.way != Exit.talked):
        return PromiseKept(Kept.nothing, GONE)
    if row.state == State.taken and await legs.is_talking(db, leg):
        return PromiseKept(Kept.kept, hunt)  # the same webhook again
    return PromiseKept(Kept.nothing, TAKEN)


async def caller_rang_off(db: AsyncConnection, call: bytes, now: datetime) -> bool:
    """End all hunts of a call that is over; whether an adviser had taken the caller in any of them."""
    rows = (await db.execute(select(hunts).where(hunts.c.call == call).order_by(hunts.c.id).with_for_update())).all()
    for row in rows:
        if row.state != State.over:
            way = Exit.talked if row.state == State.taken else Exit.gone
            await db.execute(update(hunts).where(hunts.c.id == row.id).values(state=State.over, way=way, changed=now))
    return any(row.state == State.taken or row.way == Exit.talked for row in rows)


async def ringing(db: AsyncConnection) -> Sequence[Row[Any]]:
    """The hunts in which somebody is to be rung, the oldest first, held until the transaction ends."""
    goes_on = or_(hunts.c.way.is_(None), hunts.c.way != Standing.stalled)
    rings = select(hunts).where(hunts.c.state == State.ringing, goes_on)
    return (await db.execute(rings.order_by(hunts.c.began, hunts.c.id).with_for_update(skip_locked=True))).all()


async def stands(db: AsyncConnection, hunt: Row[Any], standing: Standing, now: datetime) -> None:
    """Somebody has looked whom to ring for it, and this is how it stands; written down every two seconds or so."""
    way = None if standing is Standing.ringing else standing
    if way != hunt.way or now - (hunt.looked or hunt.began) >= LOOKED_EVERY:
        await db.execute(update(hunts).where(hunts.c.id == hunt.id).values(way=way, looked=now))


async def stall(db: AsyncConnection, hunt: str, now: datetime) -> None:
    """The provider does not ring for it: the caller is not to wait for that."""
    rings = (hunts.c.id == hunt) & (hunts.c.state == State.ringing)
    await db.execute(update(hunts).where(rings).values(way=Standing.stalled, changed=now))


async def _read(db: AsyncConnection, hunt: str, *, hold: bool = False) -> Row[Any] | None:
    query = select(hunts).where(hunts.c.id == hunt)
    return (await db.execute(query.with_for_update() if hold else query)).one_or_none()
