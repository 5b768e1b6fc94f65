"""Which secrets processes run with, and in which order: what a change of the secret waits for.

Every web process and worker records it once a minute, under its kind: several of a kind with the same secrets are one
row.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import DatabaseUnavailable
from ivr.stop import stopped_within
from ivr.store.database import Store
from ivr.store.idempotency import insert_into
from ivr.store.tables import secrets_in_use

WEB, WORKER = "web", "worker"
EVERY = timedelta(minutes=1)
GONE_AFTER = timedelta(minutes=3)
"""A process that has not been seen for so long does not run any more, or has other secrets now."""


@dataclass(frozen=True, slots=True)
class SecretsInUse:
    """Processes of one kind with the same secrets (by their fingerprints), and when the last of them was seen."""

    process: str
    secrets: tuple[str, ...]
    since: datetime
    seen: datetime


async def record(db: AsyncConnection, process: str, secrets: Sequence[str], now: datetime) -> None:
    """Record that a process runs with these secrets."""
    row = {"process": process, "secrets": " ".join(secrets), "since": now, "seen": now}
    keys = [secrets_in_use.c.process, secrets_in_use.c.secrets]
    await db.execute(
        insert_into(db.dialect, secrets_in_use)
        .values(row)
        .on_conflict_do_update(index_elements=keys, set_={"seen": now})
    )


async def read(db: AsyncConnection) -> list[SecretsInUse]:
    """Return all that were seen in the last week, the latest first."""
    rows = await db.execute(select(secrets_in_use).order_by(secrets_in_use.c.seen.desc()))
    return [SecretsInUse(row.process, tuple(row.secrets.split()), row.since, row.seen) for row in rows]


async def record_of(store: Store, process: str, now: datetime) -> int:
    """Record which secrets a process has; return 0, as a task of the worker that rests until the next minute."""
    async with store.begin() as db:
        await record(db, process, store.cipher.fingerprints, now)
    return 0


async def keep_recorded(store: Store, process: str, clock: Callable[[], datetime], stop: asyncio.Event) -> None:
    """Record it every minute until told to stop; while the database is down, nothing is recorded."""
    while not stop.is_set():
        with suppress(DatabaseUnavailable):
            await record_of(store, process, clock())
        await stopped_within(stop, EVERY.total_seconds())
