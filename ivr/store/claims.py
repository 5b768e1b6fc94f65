"""Claims on messages and incoming texts: whoever of staff works on one, nobody else does for a while.

Callbacks are claimed likewise; their own states say so (`callback_list.py`).
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, or_, update
from sqlalchemy.ext.asyncio import AsyncConnection

A_CLAIM = timedelta(hours=2)
"""Longer than any call: whoever claimed something and has not dealt with it by then has been called away."""
UNCLAIMED = {"claimed_by": None, "claimed": None}


def is_free(table: Table, who: str, now: datetime) -> ColumnElement[bool]:
    """Return the condition that nobody else has claimed a row, or too long ago."""
    return or_(table.c.claimed_by.is_(None), table.c.claimed_by == who, table.c.claimed < now - A_CLAIM)


def claimer(claimed_by: str | None, claimed: datetime | None, now: datetime) -> str | None:
    """Return who has claimed a row, by its columns; None once the claim has lapsed."""
    return None if claimed is None or claimed < now - A_CLAIM else claimed_by


async def claim(db: AsyncConnection, table: Table, which: ColumnElement[bool], who: str, now: datetime) -> bool:
    """Claim a row; return False if somebody else has, or if it is none of `which`."""
    return await _set(db, table, which & is_free(table, who, now), claimed_by=who, claimed=now)


async def release(db: AsyncConnection, table: Table, which: ColumnElement[bool], who: str, now: datetime) -> bool:
    """Release a claim; return False likewise."""
    return await _set(db, table, which & is_free(table, who, now), **UNCLAIMED)


async def _set(db: AsyncConnection, table: Table, which: ColumnElement[bool], **values: str | datetime | None) -> bool:
    return (await db.execute(update(table).where(which).values(values))).rowcount > 0
