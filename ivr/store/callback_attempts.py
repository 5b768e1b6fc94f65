"""Each time somebody of us tried to ring a caller back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.tables import callback_attempts, callbacks

RINGING = "rung"
"""How an attempt stands until we hear more of it; for good where the adviser put the receiver down first."""


@dataclass(frozen=True, slots=True)
class CallbackAttempt:
    """One of them, by whom, and how it went in words for staff."""

    at: datetime
    who: str
    how: str


async def add(db: AsyncConnection, callback: str, who: str, how: str, now: datetime) -> None:
    """One more."""
    await db.execute(insert(callback_attempts).values(callback=callback, at=now, who=who, how=how))


async def ended(db: AsyncConnection, callback: str, how: str) -> bool:
    """How the attempt that was still ringing went; False if there was none."""
    last = select(func.max(callback_attempts.c.n)).where(callback_attempts.c.callback == callback).scalar_subquery()
    ringing = callback_attempts.c.n == last, callback_attempts.c.how == RINGING
    return (await db.execute(update(callback_attempts).where(*ringing).values(how=how))).rowcount > 0


async def read(db: AsyncConnection) -> Mapping[str, tuple[CallbackAttempt, ...]]:
    """All of them by the call back they belong to, the first first."""
    rows = (
        await db.execute(select(callback_attempts).order_by(callback_attempts.c.callback, callback_attempts.c.n))
    ).all()
    grouped = groupby(rows, lambda row: str(row.callback))
    return {callback: tuple(CallbackAttempt(row.at, row.who, row.how) for row in found) for callback, found in grouped}


async def of(db: AsyncConnection, *blind_indexes: bytes) -> list[CallbackAttempt]:
    """Those at the number with these marks."""
    theirs = (
        select(callback_attempts)
        .join(callbacks)
        .where(callbacks.c.blind_index.in_(blind_indexes))
        .order_by(callback_attempts.c.n)
    )
    return [CallbackAttempt(row.at, row.who, row.how) for row in await db.execute(theirs)]
