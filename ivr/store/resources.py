"""What the provider keeps of a caller, by its names there, so that it can be deleted there too.

Texts add their own. Each is to be deleted after RETENTION, or at once when the caller is erased; a row goes
when the provider has confirmed it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.once import insert_new
from ivr.store.tables import resources

RETENTION = timedelta(days=7)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Resource:
    """Something at the provider: `kind` is "message", "call", "recording" or "queue", `sid` its name there.

    `tries` counts how often deleting it has failed.
    """

    sid: str
    kind: str
    due: datetime
    tries: int


async def add(
    db: AsyncConnection, kind: str, sid: str, mark: bytes | None, now: datetime, due: datetime | None = None
) -> None:
    """Remember one; without a mark it belongs to nobody we know of any more."""
    await insert_new(db, resources, sid=sid, kind=kind, mark=mark, added=now, due=due or now + RETENTION)


async def of(db: AsyncConnection, *marks: bytes) -> list[Resource]:
    """What the provider still keeps of the number with these marks, as far as we know."""
    return await _read(db, select(resources).where(resources.c.mark.in_(marks)).order_by(resources.c.added))


async def due(db: AsyncConnection, now: datetime, limit: int) -> list[Resource]:
    """Those to be deleted now. Two workers may be given the same one: deleting twice does no harm."""
    return await _read(db, select(resources).where(resources.c.due <= now).order_by(resources.c.due).limit(limit))


async def delete_soon(db: AsyncConnection, now: datetime, *marks: bytes) -> None:
    """Have all of a number deleted as soon as can be."""
    await db.execute(update(resources).where(resources.c.mark.in_(marks), resources.c.due > now).values(due=now))


async def done(db: AsyncConnection, sid: str) -> None:
    """The provider has deleted it, or never had it."""
    await db.execute(delete(resources).where(resources.c.sid == sid))


async def failed(db: AsyncConnection, resource: Resource, now: datetime) -> None:
    """Try again later, each time after twice as long, once a day at the slowest."""
    wait = min(FIRST_WAIT * 2 ** min(resource.tries, 20), LONGEST_WAIT)
    later = {"tries": resource.tries + 1, "due": now + wait}
    await db.execute(update(resources).where(resources.c.sid == resource.sid).values(later))


async def _read(db: AsyncConnection, query: Select[Any]) -> list[Resource]:
    rows = await db.execute(query)
    return [Resource(row.sid, row.kind, row.due, row.tries) for row in rows]
