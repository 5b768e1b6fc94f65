"""Lets one transaction at a time do what counts rows first and adds to them after."""

from zlib import crc32

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection


async def advisory_lock(db: AsyncConnection, name: str) -> None:
    """Wait until no other transaction holds the lock of this name, and hold it until this one ends.

    For counting first and adding after. SQLite has one writer at a time anyway.
    """
    if db.dialect.name == "postgresql":
        await db.execute(select(func.pg_advisory_xact_lock(crc32(name.encode()))))
