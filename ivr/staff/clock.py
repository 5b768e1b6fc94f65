"""What an operator may say of the clock."""

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store import audit, last_seen
from ivr.store.audit import By


async def accept(db: AsyncConnection, by: By) -> None:
    """Record that the machine's clock is right, though the database has seen nothing for long, or later times."""
    await last_seen.record(db, by.at)
    await audit.write(db, by, "the machine's clock: accepted as right")
