"""Attempts of our advisers to ring a caller back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.tables import callback_attempts, callbacks

RINGING = "rung"
"""The result of an attempt until we hear more; for good where the adviser hung up first."""


@dataclass(frozen=True, slots=True)
class CallbackAttempt:
    """One attempt: when, by whom, and its result in words for staff."""

    at: datetime
    who: str
    how: str


async def add(db: AsyncConnection, callback: str, who: str, how: str, now: datetime) -> None:
    """Add an attempt."""
    await db.execute(insert(callback_attempts).values(callback=callback, at=now, who=who, how=how))


async def finish(db: AsyncConnection, callback: str, how: str) -> bool:
    """Set the result of the attempt that was still ringing; return False if there was none."""
    last = select(func.max(callback_attempts.c.n)).where(callback_attempts.c.callback == callback).scalar_subquery()
    ringing = callback_attempts.c.n == last, callback_attempts.c.how == RINGING
    return (await db.execute(update(callback_attempts).where(*ringing).values(how=how))).rowcount > 0


async def read(db: AsyncConnection, which: ColumnElement[bool]) -> Mapping[str, tuple[CallbackAttempt, ...]]:
    """Return the attempts of some callbacks, by their id, the oldest first."""
    theirs = select(callback_attempts).join(callbacks).where(which)
    rows = (await db.execute(theirs.order_by(callback_attempts.c.callback, callback_attempts.c.n))).all()
    grouped = groupby(rows, lambda row: str(row.callback))
    return {callback: tuple(CallbackAttempt(row.at, row.who, row.how) for row in found) for callback, found in grouped}


async def for_number(db: AsyncConnection, *blind_indexes: bytes) -> list[CallbackAttempt]:
    """Return the attempts at the number with these blind indexes."""
    theirs = (
        select(callback_attempts)
        .join(callbacks)
        .where(callbacks.c.blind_index.in_(blind_indexes))
        .order_by(callback_attempts.c.n)
    )
    return [CallbackAttempt(row.at, row.who, row.how) for row in await db.execute(theirs)]
