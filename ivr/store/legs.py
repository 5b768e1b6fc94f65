"""Legs: calls to advisers, each rung once, with the state that the provider's status callbacks tell.

    placing ─► ringing ─► screening ─► talking ─► over

Status callbacks come late, twice and in any order: a leg never goes backwards. One of which none comes any more is
over after its time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.tables import hunts, legs


class LegState(StrEnum):
    """The state of a leg. `placing`: the provider is asked to ring; `screening`: the whisper is played."""

    placing = "placing"
    ringing = "ringing"
    screening = "screening"
    talking = "talking"
    over = "over"


ORDER = tuple(LegState)
LIVE = ORDER[:-1]
RINGING = LegState.placing, LegState.ringing


class LegOutcome(StrEnum):
    """How a leg ended. `lost`: no answer or callback of the provider came; `gone`: the caller had hung up."""

    talked = "talked"
    gone = "gone"
    declined = "declined"
    busy = "busy"
    unanswered = "unanswered"
    failed = "failed"
    canceled = "canceled"
    lost = "lost"


STATE_OF_STATUS: Mapping[str, LegState] = {
    "queued": LegState.placing,
    "initiated": LegState.placing,
    "ringing": LegState.ringing,
    "in-progress": LegState.screening,
    "answered": LegState.screening,
}
OUTCOME_OF_STATUS: Mapping[str, LegOutcome] = {
    "completed": LegOutcome.declined,  # unless they talked
    "busy": LegOutcome.busy,
    "no-answer": LegOutcome.unanswered,
    "failed": LegOutcome.failed,
    "canceled": LegOutcome.canceled,
}
"""https://www.twilio.com/docs/voice/api/call-resource#call-status-values."""

LONGEST_PLACING = timedelta(seconds=8)
"""How long the provider may take to return a CallSid: longer than we wait for its answer."""
MARGIN = timedelta(seconds=10)
LONGEST_RINGING = timedelta(seconds=60)
LONGEST_SCREENING = timedelta(seconds=90)
LONGEST_GOODBYE = timedelta(seconds=60)
LONGEST_TALK = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Leg:
    """A leg that is not over. `blind_index` is of the adviser's number; `until` is when it is over by itself."""

    id: str
    hunt: str | None
    blind_index: bytes
    sid: str | None
    state: LegState
    until: datetime
    wanted: bool
    """The hunt it belongs to still rings, or it belongs to none."""

    @property
    def rings(self) -> bool:
        """Whether it rings, or is about to."""
        return self.state in RINGING

    @property
    def is_lost(self) -> bool:
        """Whether the provider has never told us of it."""
        return self.state is LegState.placing and self.sid is None


async def add(
    db: AsyncConnection, id: str, hunt: str | None, blind_index: bytes, now: datetime, callback: str | None = None
) -> None:
    """Add a leg, for a hunt or for a callback. Commit before asking the provider."""
    target = {"hunt": hunt, "callback": callback, "blind_index": blind_index}
    row = {"id": id, **target, "state": LegState.placing, "began": now, "changed": now}
    await db.execute(insert(legs).values(row))


async def live(db: AsyncConnection) -> list[Leg]:
    """Return the legs that are not over."""
    hunted = select(legs, hunts.c.seconds.label("rings"), hunts.c.state.label("hunting"))
    rows = await db.execute(hunted.outerjoin(hunts).where(legs.c.state.in_(LIVE)).order_by(legs.c.began))
    return [_leg(row) for row in rows]


async def numbers_rung(db: AsyncConnection, hunt: str) -> set[bytes]:
    """Return the blind indexes of those whom a hunt has rung already."""
    return set(await db.scalars(select(legs.c.blind_index).where(legs.c.hunt == hunt)))


async def set_sid(db: AsyncConnection, id: str, sid: str) -> None:
    """Set the CallSid of a leg."""
    await db.execute(update(legs).where(legs.c.id == id, legs.c.sid.is_(None)).values(sid=sid))


async def end(db: AsyncConnection, id: str, outcome: LegOutcome, now: datetime) -> None:
    """End a leg, unless it is over already."""
    ended = {"state": LegState.over, "outcome": outcome, "changed": now}
    await db.execute(update(legs).where(legs.c.id == id, legs.c.state.in_(LIVE)).values(ended))


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
        seconds = int((now - leg.changed).total_seconds()) if leg.seconds is None else leg.seconds
        await record_talk_time(db, leg.id, seconds, now)
        outcome = LegOutcome.talked if seconds else LegOutcome.gone
    await end(db, leg.id, outcome, now)


def _leg(row: Row[Any]) -> Leg:
    wanted = row.hunt is None or row.hunting == "ringing"
    return Leg(row.id, row.hunt, row.blind_index, row.sid, LegState(row.state), _until(row), wanted)


def _until(row: Row[Any]) -> datetime:
    began: datetime = row.began
    changed: datetime = row.changed
    match row.state:
        case LegState.talking:
            return changed + (LONGEST_TALK if row.seconds is None else LONGEST_GOODBYE)
        case LegState.screening:
            return changed + LONGEST_SCREENING
        case LegState.placing if row.sid is None:
            return began + LONGEST_PLACING
    return began + (timedelta(seconds=row.rings) if row.rings else LONGEST_RINGING) + MARGIN
