"""Closures: when the helpline is closed besides its hours."""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.opening_hours import Closure
from ivr.helpline.timezone import LONDON
from ivr.store import audit
from ivr.store.audit import By
from ivr.store.tables import closures


@dataclass(frozen=True, slots=True)
class StoredClosure:
    """A closure and the short name that staff know it by."""

    id: str
    closure: Closure


async def read(db: AsyncConnection, now: datetime) -> tuple[StoredClosure, ...]:
    """Return the closures that are not over, in the order in which they begin."""
    rows = await db.execute(select(closures).where(closures.c.ends > now).order_by(closures.c.begins, closures.c.id))
    return tuple(StoredClosure(row.id, Closure(row.begins, row.ends, row.reason)) for row in rows)


async def add(db: AsyncConnection, closure: Closure, by: By) -> StoredClosure:
    """Add a closure; its reason is the name of a prompt."""
    stored = StoredClosure(token_hex(3), closure)
    row = {"begins": closure.begins, "ends": closure.ends, "reason": closure.reason}
    await db.execute(insert(closures).values(id=stored.id, **row))
    await audit.write(db, by, f"closed {_written(closure)}")
    return stored


async def remove(db: AsyncConnection, id: str, by: By) -> Closure | None:
    """Remove a closure, over or not; return None if there is none of that name."""
    row = (await db.execute(select(closures).where(closures.c.id == id))).first()
    if row is None:
        return None
    closure = Closure(row.begins, row.ends, row.reason)
    await db.execute(delete(closures).where(closures.c.id == id))
    await audit.write(db, by, f"took back: closed {_written(closure)}")
    return closure


def _written(closure: Closure) -> str:
    begins, ends = (moment.astimezone(LONDON) for moment in (closure.begins, closure.ends))
    return f"from {begins:%d %b %Y %H:%M} to {ends:%d %b %Y %H:%M}: {closure.reason}"
