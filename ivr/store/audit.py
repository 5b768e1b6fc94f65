"""Who changed what: a line for every change that staff make, written with the change or not at all."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.tables import audit_log


@dataclass(frozen=True, slots=True)
class By:
    """Who changes something, and when (aware)."""

    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One line."""

    at: datetime
    who: str
    what: str


async def write(db: AsyncConnection, by: By, what: str) -> None:
    """Add a line, in the transaction of the change it tells of; a sentence without any telephone number."""
    await db.execute(insert(audit_log).values(at=by.at, who=by.who, what=what))


async def read(db: AsyncConnection, limit: int) -> list[Entry]:
    """The latest, newest first."""
    rows = await db.execute(select(audit_log).order_by(audit_log.c.n.desc()).limit(limit))
    return [Entry(row.at, row.who, row.what) for row in rows]
