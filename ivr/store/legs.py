"""Advisers' telephones, each rung once: how far each has got, as the provider tells us.

    placing ─► ringing ─► screening ─► talking ─► over

News comes late, twice and in any order: a leg never goes backwards. One of which no news comes any more is over
after its time.
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
    """`placing`: the provider is asked to ring; `screening`: somebody, or a mailbox, hears what it is about."""

    placing = "placing"
    ringing = "ringing"
    screening = "screening"
    talking = "talking"
    over = "over"


ORDER = tuple(LegState)
LIVE = ORDER[:-1]
RINGS = LegState.placing, LegState.ringing


class LegOutcome(StrEnum):
    """How a leg ended. `lost`: the provider neither answered nor told us anything; `gone`: the caller was not there."""

    talked = "talked"
    gone = "gone"
    declined = "declined"
    busy = "busy"
    unanswered = "unanswered"
    failed = "failed"
    canceled = "canceled"
    lost = "lost"


NEWS: Mapping[str, LegState] = {
    "queued": LegState.placing,
    "initiated": LegState.placing,
    "ringing": LegState.ringing,
    "in-progress": LegState.screening,
    "answered": LegState.screening,
}
ENDS: Mapping[str, LegOutcome] = {
    "completed": LegOutcome.declined,  # unless they talked
    "busy": LegOutcome.busy,
    "no-answer": LegOutcome.unanswered,
    "failed": LegOutcome.failed,
    "canceled": LegOutcome.canceled,
}
"""https://www.twilio.com/docs/voice/api/call-resource#call-status-values."""

UNHEARD = timedelta(seconds=8)
"""How long the provider may take to give it a name: longer than we wait for its answer."""
MARGIN = timedelta(seconds=10)
LONGEST_RINGING = timedelta(seconds=60)
LONGEST_SCREENING = timedelta(seconds=90)
LONGEST_GOODBYE = timedelta(seconds=60)
LONGEST_TALK = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Leg:
    """One that is not over. `mark` is of the adviser's number; `until` is when it is over without news."""

    id: str
    hunt: str | None
    blind_index: bytes
    sid: str | None
    state: LegState
    until: datetime
    wanted: bool
    """Whether the hunt it belongs to still rings, or it belongs to none."""

    @property
    def rings(self) -> bool:
        """Whether its telephone rings, or is about to."""
        return self.state in RINGS

    @property
    def is_lost(self) -> bool:
        """Whether the provider has never been heard of it."""
        return self.state is LegState.placing and self.sid is None


async def add(
    db: AsyncConnection, id: str, hunt: str | None, blind_index: bytes, now: datetime, callback: str | None = None
) -> None:
    """Somebody is about to be rung, for a hunt or for a call back. Commit before asking the provider."""
    whom = {"hunt": hunt, "callback": callback, "blind_index": blind_index}
    row = {"id": id, **whom, "state": LegState.placing, "began": now, "changed": now}
    await db.execute(insert(legs).values(row))


async def live(db: AsyncConnection) -> list[Leg]:
    """All that are not over."""
    hunted = select(legs, hunts.c.seconds.label("rings"), hunts.c.state.label("hunting"))
    rows = await db.execute(hunted.outerjoin(hunts).where(legs.c.state.in_(LIVE)).order_by(legs.c.began))
    return [_leg(row) for row in rows]


async def tried(db: AsyncConnection, hunt: str) -> set[bytes]:
    """Whom a hunt has rung already."""
    return set(await db.scalars(select(legs.c.blind_index).where(legs.c.hunt == hunt)))


async def placed(db: AsyncConnection, id: str, sid: str) -> None:
    """The provider rings, under this name."""
    await db.execute(update(legs).where(legs.c.id == id, legs.c.sid.is_(None)).values(sid=sid))


async def over(db: AsyncConnection, id: str, outcome: LegOutcome, now: datetime) -> None:
    """It is over, unless it was before."""
    ended = {"state": LegState.over, "outcome": outcome, "changed": now}
    await db.execute(update(legs).where(legs.c.id == id, legs.c.state.in_(LIVE)).values(ended))


async def talking(db: AsyncConnection, id: str, now: datetime) -> None:
    """They have pressed the key, so whatever we heard of them they are there: the caller is being connected."""
    await db.execute(update(legs).where(legs.c.id == id).values(state=LegState.talking, changed=now))


async def is_talking(db: AsyncConnection, id: str) -> bool:
    """Whether it was this one who took a caller."""
    return await db.scalar(select(legs.c.id).where(legs.c.id == id, legs.c.state == LegState.talking)) is not None


async def talked(db: AsyncConnection, id: str, seconds: int, now: datetime) -> None:
    """The talk is over, though their telephone is not on the hook yet: so they are not free to be rung."""
    first = (legs.c.id == id) & legs.c.seconds.is_(None)
    await db.execute(update(legs).where(first).values(seconds=seconds, changed=now))


async def news(db: AsyncConnection, id: str, sid: str, status: str, now: datetime) -> None:
    """What the provider tells of a leg, by the name that we gave it."""
    leg = (await db.execute(select(legs).where(legs.c.id == id).with_for_update())).one_or_none()
    if leg is None:
        return
    await placed(db, id, sid)
    if status in ENDS:
        await _ended(db, leg, ENDS[status], now)
    elif status in NEWS and ORDER.index(NEWS[status]) > ORDER.index(LegState(leg.state)):
        await db.execute(update(legs).where(legs.c.id == id).values(state=NEWS[status], changed=now))


async def _ended(db: AsyncConnection, leg: Row[Any], how: LegOutcome, now: datetime) -> None:
    """Of a talk of which we were not told how long it was, we know when it began."""
    if leg.state == LegState.talking:
        seconds = int((now - leg.changed).total_seconds()) if leg.seconds is None else leg.seconds
        await talked(db, leg.id, seconds, now)
        how = LegOutcome.talked if seconds else LegOutcome.gone
    await over(db, leg.id, how, now)


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
            return began + UNHEARD
    return began + (timedelta(seconds=row.rings) if row.rings else LONGEST_RINGING) + MARGIN
