"""Resources at the provider, by SID, so that they can be deleted there too.

Each is to be deleted after RETENTION, or at once when the caller is erased; a row goes when the provider has confirmed
it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.backoff import backoff
from ivr.store.idempotency import insert_new
from ivr.store.tables import provider_resources

RETENTION = timedelta(days=7)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ProviderResource:
    """A resource at the provider: `kind` is "message", "call", "recording", "recordings" (of a call) or "queue".

    `tries` counts how often deleting it has failed.
    """

    sid: str
    kind: str
    due: datetime
    tries: int


async def add(
    db: AsyncConnection, kind: str, sid: str, blind_index: bytes | None, now: datetime, due: datetime | None = None
) -> bool:
    """Add a resource; return False if we know it already. Without a blind index it belongs to nobody any more."""
    return await insert_new(
        db, provider_resources, sid=sid, kind=kind, blind_index=blind_index, added=now, due=due or now + RETENTION
    )


async def for_number(db: AsyncConnection, *blind_indexes: bytes) -> list[ProviderResource]:
    """Return the resources of the number with these blind indexes, in one order."""
    return await _read(
        db,
        select(provider_resources)
        .where(provider_resources.c.blind_index.in_(blind_indexes))
        .order_by(provider_resources.c.added, provider_resources.c.sid),
    )


async def due(db: AsyncConnection, now: datetime, limit: int) -> list[ProviderResource]:
    """Return resources to be deleted now. Two workers may get the same one: deleting twice does no harm."""
    return await _read(
        db,
        select(provider_resources)
        .where(provider_resources.c.due <= now)
        .order_by(provider_resources.c.due, provider_resources.c.sid)
        .limit(limit),
    )


async def delete_soon(db: AsyncConnection, now: datetime, *blind_indexes: bytes) -> None:
    """Make all resources of a number due now."""
    await db.execute(
        update(provider_resources)
        .where(provider_resources.c.blind_index.in_(blind_indexes), provider_resources.c.due > now)
        .values(due=now)
    )


async def deleted(db: AsyncConnection, sid: str) -> None:
    """Remove a resource that the provider has deleted, or never had."""
    await db.execute(delete(provider_resources).where(provider_resources.c.sid == sid))


async def failed(db: AsyncConnection, resource: ProviderResource, now: datetime) -> None:
    """Put off a resource that could not be deleted, each time twice as long, up to a day."""
    tries = resource.tries + 1
    later = {"tries": tries, "due": now + backoff(tries, FIRST_WAIT, LONGEST_WAIT)}
    await db.execute(update(provider_resources).where(provider_resources.c.sid == resource.sid).values(later))


async def _read(db: AsyncConnection, query: Select[Any]) -> list[ProviderResource]:
    rows = await db.execute(query)
    return [ProviderResource(row.sid, row.kind, row.due, row.tries) for row in rows]
