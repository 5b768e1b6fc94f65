"""The audit log: an entry for every change that staff make and every look at a caller, written in its transaction."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store import audit_chain
from ivr.store.tables import audit_log


@dataclass(frozen=True, slots=True)
class By:
    """Who does something, and when (aware).

    `account` is the id of their account, and `who` its name; without one, `who` is the login name at a shell.
    """

    who: str
    at: datetime
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the audit log, and its place in it."""

    at: datetime
    who: str
    what: str
    account: str | None = None
    n: int = field(default=0, compare=False)


async def write(db: AsyncConnection, by: By, what: str) -> None:
    """Add an entry, in the transaction of the change; `what` is a sentence without any telephone number.

    Entries are written one after the other, so whoever writes one early in a long transaction keeps others waiting.
    """
    row = {"at": by.at, "who": by.who, "what": what}
    if by.account is not None:
        row["account"] = by.account
    await audit_chain.append(db, row)


async def read(db: AsyncConnection, limit: int, *, before: int | None = None, search: str = "") -> list[Entry]:
    """Return the latest entries, newest first: of those `before` a place in the log, that hold the words of `search`.

    The words are looked for in who did it, and in what.
    """
    query = select(audit_log).order_by(audit_log.c.n.desc()).limit(limit)
    if before is not None:
        query = query.where(audit_log.c.n < before)
    for word in search.split():
        query = query.where(
            audit_log.c.who.icontains(word, autoescape=True) | audit_log.c.what.icontains(word, autoescape=True)
        )
    return [entry(row) for row in await db.execute(query)]


async def was_written(db: AsyncConnection, by: By, what: str, since: datetime) -> bool:
    """Return whether the same of the same person is in the log since a moment."""
    same = audit_log.c.at >= since, audit_log.c.who == by.who, audit_log.c.what == what
    return await db.scalar(select(audit_log.c.n).where(*same).limit(1)) is not None


async def count(db: AsyncConnection, who: str, ending: str, since: datetime) -> int:
    """Return how many entries of somebody since a moment end so."""
    theirs = audit_log.c.at >= since, audit_log.c.who == who, audit_log.c.what.endswith(ending, autoescape=True)
    return await db.scalar(select(func.count()).select_from(audit_log).where(*theirs)) or 0


def entry(row: Row[Any]) -> Entry:
    """Return the entry of a row."""
    return Entry(row.at, row.who, row.what, row.account, row.n)
