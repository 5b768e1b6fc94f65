"""Each time somebody of us tried to ring a caller back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.tables import attempts, callbacks

RINGING = "rung"
"""How an attempt stands until we hear more of it; for good where the adviser put the receiver down first."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One of them, by whom, and how it went in words for staff."""

    at: datetime
    who: str
    how: str


async def add(db: AsyncConnection, callback: str, who: str, how: str, now: datetime) -> None:
    """One more."""
    await db.execute(insert(attempts).values(callback=callback, at=now, who=who, how=how))


async def ended(db: AsyncConnection, callback: str, how: str) -> bool:
    """How the attempt that was still ringing went; False if there was none."""
    last = select(func.max(attempts.c.n)).where(attempts.c.callback == callback).scalar_subquery()
    ringing = attempts.c.n == last, attempts.c.how == RINGING
    return (await db.execute(update(attempts).where(*ringing).values(how=how))).rowcount > 0


async def read(db: AsyncConnection) -> Mapping[str, tuple[Attempt, ...]]:
    """All of them by the call back they belong to, the first first."""
    rows = (await db.execute(select(attempts).order_by(attempts.c.callback, attempts.c.n))).all()
    grouped = groupby(rows, lambda row: str(row.callback))
    return {callback: tuple(Attempt(row.at, row.who, row.how) for row in found) for callback, found in grouped}


async def of(db: AsyncConnection, *marks: bytes) -> list[Attempt]:
    """Those at the number with these marks."""
    theirs = select(attempts).join(callbacks).where(callbacks.c.mark.in_(marks)).order_by(attempts.c.n)
    return [Attempt(row.at, row.who, row.how) for row in await db.execute(theirs)]
