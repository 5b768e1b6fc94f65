"""The advisers of the rota as rows, locked for a change."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import RotaRefused
from ivr.store.advisory_lock import advisory_lock
from ivr.store.tables import advisers


async def lock(db: AsyncConnection) -> Sequence[Row[Any]]:
    """Return the advisers in their order; nobody else changes the rota until the transaction ends."""
    await advisory_lock(db, "rota")
    return (await db.execute(select(advisers).order_by(advisers.c.place))).all()


async def lock_one(db: AsyncConnection, name: str) -> Row[Any]:
    """Return the adviser of a name, in any case, with the rota locked; raise RotaRefused where there is none."""
    row: Row[Any] = named(await lock(db), name)
    return row


def named(advisers: Sequence[Any], name: str) -> Any:
    """Return the row, or the adviser, of a name, in any case; raise RotaRefused, with the names there are."""
    found = next((row for row in advisers if row.name.casefold() == name.casefold()), None)
    if found is None:
        known = ", ".join(row.name for row in advisers) or "nobody"
        raise RotaRefused(f"“{name}” is not on the rota; those on it: {known}.")
    return found
