"""Legs: calls to advisers, each rung once, with the state that the provider's status callbacks tell.

    placing ─► ringing ─► screening ─► talking ─► over

Status callbacks come late, twice and in any order, or not at all: a leg never goes backwards, the provider is asked for
one of which nothing was heard for a while (`ivr/worker/leg_status.py`), and it is over after its time.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.leg_states import (
    LIVE,
    ORDER,
    OUTCOME_OF_STATUS,
    STATE_OF_STATUS,
    Leg,
    LegOutcome,
    LegState,
    read_leg,
)
from ivr.store.tables import hunts, legs

LastLeg = tuple[LegState, LegOutcome | None, datetime]
"""Its state, how it ended, and when it began."""


async def add(
    db: AsyncConnection, id: str, hunt: str | None, blind_index: bytes, now: datetime, callback: str | None = None
) -> None:
    """Add a leg, for a hunt, for a callback, or else for a test ring. Commit before asking the provider."""
    target = {"hunt": hunt, "callback": callback, "blind_index": blind_index}
    row = {"id": id, **target, "state": LegState.placing, "began": now, "changed": now}
    await db.execute(insert(legs).values(row))


async def live(db: AsyncConnection) -> list[Leg]:
    """Return the legs that are not over."""
    hunted = select(legs, hunts.c.seconds.label("rings"), hunts.c.state.label("hunting"))
    rows = await db.execute(hunted.outerjoin(hunts).where(legs.c.state.in_(LIVE)).order_by(legs.c.began))
    return [read_leg(row) for row in rows]


async def numbers_rung(db: AsyncConnection, hunt: str) -> set[bytes]:
    """Return the blind indexes of those whom a hunt has rung already, and not for nothing."""
    rung = or_(legs.c.outcome.is_(None), legs.c.outcome != LegOutcome.withdrawn)
    return set(await db.scalars(select(legs.c.blind_index).where(legs.c.hunt == hunt, rung)))


async def withdraw(db: AsyncConnection, hunt: str) -> None:
    """Have those rung again who were canceled when the caller seemed to be gone, or taken."""
    canceled = (legs.c.hunt == hunt) & (legs.c.outcome == LegOutcome.canceled)
    await db.execute(update(legs).where(canceled).values(outcome=LegOutcome.withdrawn))


async def end_longest(db: AsyncConnection, now: datetime) -> None:
    """End the talks whose longest time is over: whether the provider can be asked or not."""
    for leg in await live(db):
        if leg.talks and leg.is_over(now):
            await end(db, leg.id, LegOutcome.talked, now)


async def to_ask_about(db: AsyncConnection, now: datetime) -> list[Leg]:
    """Return the legs of which nothing was heard for a while, and note that the provider is asked for them now."""
    silent = [leg for leg in await live(db) if leg.sid and leg.is_silent(now)]
    await db.execute(update(legs).where(legs.c.id.in_([leg.id for leg in silent])).values(asked=now))
    return silent


async def last_for_callback(db: AsyncConnection, callback: str) -> LastLeg | None:
    """Return the last leg for a callback; None if nobody was rung."""
    return await _last(db, legs.c.callback == callback)


async def _last(db: AsyncConnection, which: ColumnElement[bool]) -> LastLeg | None:
    row = (await db.execute(select(legs).where(which).order_by(legs.c.began.desc()).limit(1))).first()
    return (LegState(row.state), LegOutcome(row.outcome) if row.outcome else None, row.began) if row else None


async def set_sid(db: AsyncConnection, id: str, sid: str) -> None:
    """Set the CallSid of a leg."""
    await db.execute(update(legs).where(legs.c.id == id, legs.c.sid.is_(None)).values(sid=sid))


async def end(db: AsyncConnection, id: str, outcome: LegOutcome, now: datetime) -> None:
    """End a leg, unless it is over already."""
    ended = {"state": LegState.over, "outcome": outcome, "changed": now}
    await db.execute(update(legs).where(legs.c.id == id, legs.c.state.in_(LIVE)).values(ended))


async def confirm(db: AsyncConnection, id: str, now: datetime) -> None:
    """Record that the key was pressed in a test ring, which is over by that."""
    is_trial = (legs.c.id == id) & legs.c.hunt.is_(None) & legs.c.callback.is_(None) & legs.c.state.in_(LIVE)
    confirmed = {"state": LegState.over, "outcome": LegOutcome.confirmed, "changed": now}
    await db.execute(update(legs).where(is_trial).values(confirmed))


async def last_trial(db: AsyncConnection, blind_indexes: Sequence[bytes]) -> LastLeg | None:
    """Return the last test ring of a number; None if there was none."""
    is_trial = legs.c.hunt.is_(None) & legs.c.callback.is_(None) & legs.c.blind_index.in_(blind_indexes)
    return await _last(db, is_trial)


async def connect(db: AsyncConnection, id: str, now: datetime) -> None:
    """Record that the adviser pressed the key, whatever state came before: the caller is being connected."""
    await db.execute(update(legs).where(legs.c.id == id).values(state=LegState.talking, changed=now))


async def is_talking(db: AsyncConnection, id: str) -> bool:
    """Return whether this leg has taken a caller."""
    return await db.scalar(select(legs.c.id).where(legs.c.id == id, legs.c.state == LegState.talking)) is not None


async def record_talk_time(db: AsyncConnection, id: str, seconds: int, now: datetime) -> None:
    """Record the talk time; the leg goes on until the adviser hangs up, so they are not rung meanwhile."""
    first = (legs.c.id == id) & legs.c.seconds.is_(None)
    await db.execute(update(legs).where(first).values(seconds=seconds, changed=now))


async def record_status(db: AsyncConnection, id: str, sid: str, status: str, now: datetime) -> None:
    """Record a status callback of a leg."""
    leg = (await db.execute(select(legs).where(legs.c.id == id).with_for_update())).one_or_none()
    if leg is None:
        return
    await set_sid(db, id, sid)
    if status in OUTCOME_OF_STATUS:
        await _ended(db, leg, OUTCOME_OF_STATUS[status], now)
    elif status in STATE_OF_STATUS and ORDER.index(STATE_OF_STATUS[status]) > ORDER.index(LegState(leg.state)):
        await db.execute(update(legs).where(legs.c.id == id).values(state=STATE_OF_STATUS[status], changed=now))


async def _ended(db: AsyncConnection, leg: Row[Any], outcome: LegOutcome, now: datetime) -> None:
    """End a leg; a talk time that we were not told is counted from its last change."""
    if leg.state == LegState.talking:
        talked = max(int((now - leg.changed).total_seconds()), 0)
        seconds = talked if leg.seconds is None else leg.seconds
        await record_talk_time(db, leg.id, seconds, now)
        outcome = LegOutcome.talked if seconds else LegOutcome.gone
    await end(db, leg.id, outcome, now)
