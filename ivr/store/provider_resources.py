"""What the provider keeps of a caller, by its names there, so that it can be deleted there too.

Texts add their own. Each is to be deleted after RETENTION, or at once when the caller is erased; a row goes
when the provider has confirmed it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.idempotency import insert_new
from ivr.store.tables import provider_resources

RETENTION = timedelta(days=7)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ProviderResource:
    """Something at the provider: `kind` is "message", "call", "recording" or "queue", `sid` its name there.

    `tries` counts how often deleting it has failed.
    """

    sid: str
    kind: str
    due: datetime
    tries: int


async def add(
    db: AsyncConnection, kind: str, sid: str, blind_index: bytes | None, now: datetime, due: datetime | None = None
) -> None:
    """Remember one; without a mark it belongs to nobody we know of any more."""
    await insert_new(
        db, provider_resources, sid=sid, kind=kind, blind_index=blind_index, added=now, due=due or now + RETENTION
    )


async def of(db: AsyncConnection, *blind_indexes: bytes) -> list[ProviderResource]:
    """What the provider still keeps of the number with these marks, as far as we know."""
    return await _read(
        db,
        select(provider_resources)
        .where(provider_resources.c.blind_index.in_(blind_indexes))
        .order_by(provider_resources.c.added),
    )


async def due(db: AsyncConnection, now: datetime, limit: int) -> list[ProviderResource]:
    """Those to be deleted now. Two workers may be given the same one: deleting twice does no harm."""
    return await _read(
        db,
        select(provider_resources)
        .where(provider_resources.c.due <= now)
        .order_by(provider_resources.c.due)
        .limit(limit),
    )


async def delete_soon(db: AsyncConnection, now: datetime, *blind_indexes: bytes) -> None:
    """Have all of a number deleted as soon as can be."""
    await db.execute(
        update(provider_resources)
        .where(provider_resources.c.blind_index.in_(blind_indexes), provider_resources.c.due > now)
        .values(due=now)
    )


async def done(db: AsyncConnection, sid: str) -> None:
    """The provider has deleted it, or never had it."""
    await db.execute(delete(provider_resources).where(provider_resources.c.sid == sid))


async def failed(db: AsyncConnection, resource: ProviderResource, now: datetime) -> None:
    """Try again later, each time after twice as long, once a day at the slowest."""
    wait = min(FIRST_WAIT * 2 ** min(resource.tries, 20), LONGEST_WAIT)
    later = {"tries": resource.tries + 1, "due": now + wait}
    await db.execute(update(provider_resources).where(provider_resources.c.sid == resource.sid).values(later))


async def _read(db: AsyncConnection, query: Select[Any]) -> list[ProviderResource]:
    rows = await db.execute(query)
    return [ProviderResource(row.sid, row.kind, row.due, row.tries) for row in rows]
