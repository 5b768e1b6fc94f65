"""The audit log: an entry for every change that staff make, written in the transaction of the change."""

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
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the audit log."""

    at: datetime
    who: str
    what: str


async def write(db: AsyncConnection, by: By, what: str) -> None:
    """Add an entry, in the transaction of the change; `what` is a sentence without any telephone number."""
    await db.execute(insert(audit_log).values(at=by.at, who=by.who, what=what))


async def read(db: AsyncConnection, limit: int) -> list[Entry]:
    """Return the latest entries, newest first."""
    rows = await db.execute(select(audit_log).order_by(audit_log.c.n.desc()).limit(limit))
    return [Entry(row.at, row.who, row.what) for row in rows]
