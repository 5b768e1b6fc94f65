"""Absences: advisers who are away from one day to another. Every change locks the rota and writes to the audit log."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from uuid import uuid4

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import RotaRefused
from ivr.helpline.rota import Absence
from ivr.store import audit
from ivr.store.audit import By
from ivr.store.rota_rows import lock_one
from ivr.store.tables import absences


async def read(db: AsyncConnection) -> Mapping[str, tuple[Absence, ...]]:
    """Return the absences of each adviser, by their id, the earliest first."""
    rows = await db.execute(select(absences).order_by(absences.c.adviser, absences.c.first, absences.c.id))
    by_adviser = groupby(rows, key=lambda row: row.adviser)
    return {
        adviser: tuple(Absence(row.first, row.last, row.id, row.set_by) for row in group)
        for adviser, group in by_adviser
    }


async def add(db: AsyncConnection, name: str, first: date, last: date, by: By) -> Absence:
    """Have an adviser away from the first day to the last; raise RotaRefused if they are away then already."""
    row = await lock_one(db, name)
    theirs = (await read(db)).get(row.id, ())
    if known := next((one for one in theirs if one.covers(first) and one.covers(last)), None):
        raise RotaRefused(f"{row.name} is away {known} already.")
    absence = Absence(first, last, str(uuid4()), by.who)
    values = {"id": absence.id, "adviser": row.id, "first": first, "last": last, "set_by": by.who}
    await db.execute(insert(absences).values(values))
    await audit.write(db, by, f"{row.name}: away {absence}")
    return absence


async def remove(db: AsyncConnection, name: str, id: str, by: By) -> Absence:
    """Take an absence of an adviser back; raise RotaRefused if they have none of that id."""
    row = await lock_one(db, name)
    absence = next((one for one in (await read(db)).get(row.id, ()) if one.id == id), None)
    if absence is None:
        raise RotaRefused(f"{row.name} has no such absence: somebody took it back before you.")
    await db.execute(delete(absences).where(absences.c.id == id))
    await audit.write(db, by, f"{row.name}: there after all {absence}")
    return absence
