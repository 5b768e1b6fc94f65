"""Export and erasure of what is kept of one number, and the purge: each is in the audit log, without the number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store import audit, erasure, purge_rounds, retention
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.database import Store


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows of each table went, and what the provider is still to delete."""

    erased: dict[str, int]
    at_the_provider: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows of each table are deleted for good, and how many are marked: deleted two days later at most."""

    deleted: dict[str, int]
    marked: dict[str, int]


async def export(db: AsyncConnection, cipher: Cipher, number: str, by: By) -> dict[str, Any]:
    """Return all that is kept of a number (E.164), for a data subject access request."""
    await audit.write(db, by, "all that is kept of a number: exported")
    return await erasure.export(db, cipher, number)


async def to_erase(db: AsyncConnection, cipher: Cipher, number: str) -> dict[str, int]:
    """Return how many rows of each table an erasure of a number (E.164) would delete."""
    return await erasure.count(db, cipher, number)


async def erase(store: Store, number: str, by: By) -> Erased:
    """Delete all that is kept of a number (E.164); the worker deletes what the provider keeps."""
    async with store.begin() as db:
        gone = await erasure.erase(db, store.cipher, number, by.at)
        await audit.write(db, by, f"all that is kept of a number: erased ({_rows(gone)})")
        left = (await erasure.export(db, store.cipher, number))["at_the_provider"]
    await store.scrub()
    return Erased(gone, left)


async def to_purge(db: AsyncConnection, now: datetime) -> Purged:
    """Return what a purge would do now."""
    return Purged(await retention.to_be_deleted(db, now), await retention.marked(db, now))


async def purge(store: Store, by: By) -> Purged:
    """Delete for good what was marked two days ago, and mark what is to go next, by a clock known to be right."""
    async with store.begin() as db:
        gone = await retention.purge(db, by.at)
        left = await retention.marked(db, by.at)
        await audit.write(db, by, f"purge: deleted {_rows(gone)}, marked {_rows(left)}")
    await store.scrub()
    return Purged(gone, left)


async def take_back_purge(db: AsyncConnection, by: By) -> int:
    """Take back the marks of every round of the purge, and return how many rounds there were."""
    rounds = await purge_rounds.take_back(db)
    await audit.write(db, by, "purge: every mark taken back")
    return rounds


def _rows(rows: Mapping[str, int]) -> str:
    return ", ".join(f"{n} of {table}" for table, n in rows.items() if n) or "nothing"
