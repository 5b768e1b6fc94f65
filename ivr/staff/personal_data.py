"""Export and erasure of what is kept of one number, and the purge: the one place for them to be audited."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store import erasure, retention
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.database import Store


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows of each table went, and what the provider is still to delete."""

    erased: dict[str, int]
    at_the_provider: list[dict[str, Any]]


async def export(db: AsyncConnection, cipher: Cipher, number: str, by: By) -> dict[str, Any]:
    """Return all that is kept of a number (E.164), for a data subject access request."""
    return await erasure.export(db, cipher, number)


async def erase(store: Store, number: str, by: By) -> Erased:
    """Delete all that is kept of a number (E.164); the worker deletes what the provider keeps."""
    async with store.begin() as db:
        gone = await erasure.erase(db, store.cipher, number, by.at)
        left = (await erasure.export(db, store.cipher, number))["at_the_provider"]
    await store.scrub()
    return Erased(gone, left)


async def purge(store: Store, by: By) -> dict[str, int]:
    """Delete what is past its retention period; return how many rows of each table."""
    async with store.begin() as db:
        gone = await retention.purge(db, by.at)
    await store.scrub()
    return gone
