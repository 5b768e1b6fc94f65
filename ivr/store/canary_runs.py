"""Test calls, one at a time: when each was made, and what it proved."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.canary import Probe, ProbeResult, Verdict
from ivr.store.advisory_lock import advisory_lock
from ivr.store.tables import canary_runs

LONGEST = timedelta(minutes=15)
"""A run that has not ended after so long was broken off, and another may begin."""
NOTHING = "[]"


@dataclass(frozen=True, slots=True)
class CanaryRun:
    """One run of the test call. Without an end it goes on, or was broken off."""

    id: str
    began: datetime
    ended: datetime | None
    results: tuple[ProbeResult, ...]

    @property
    def failed(self) -> tuple[ProbeResult, ...]:
        """The probes that failed."""
        return tuple(one for one in self.results if one.verdict is Verdict.failed)

    def goes_on(self, now: datetime) -> bool:
        """Return whether it is being made now."""
        return self.ended is None and now - self.began < LONGEST

    def was_broken_off(self, now: datetime) -> bool:
        """Return whether it never ended, and so proved nothing."""
        return self.ended is None and not self.goes_on(now)


async def begin(db: AsyncConnection, now: datetime, unless_since: datetime | None = None) -> str | None:
    """Begin a run and return its id; None while another goes on, or if one was begun since a moment."""
    await advisory_lock(db, "canary")
    before = await last(db)
    if before and (before.goes_on(now) or (unless_since is not None and before.began >= unless_since)):
        return None
    id = str(uuid4())
    await db.execute(insert(canary_runs).values(id=id, began=now, results=NOTHING))
    return id


async def end(db: AsyncConnection, id: str, results: Sequence[ProbeResult], now: datetime) -> None:
    """Record what a run proved."""
    found = json.dumps([[one.probe, one.verdict, one.says] for one in results])
    await db.execute(update(canary_runs).where(canary_runs.c.id == id).values(ended=now, results=found))


async def last(db: AsyncConnection) -> CanaryRun | None:
    """Return the run that began last, if there ever was one."""
    return await _read(db, select(canary_runs))


async def last_ended(db: AsyncConnection) -> CanaryRun | None:
    """Return the last run that came to its end."""
    return await _read(db, select(canary_runs).where(canary_runs.c.ended.is_not(None)))


async def last_passed(db: AsyncConnection) -> datetime | None:
    """Return when the last run began in which nothing failed; of the last hundred."""
    ended = select(canary_runs).where(canary_runs.c.ended.is_not(None))
    rows = (await db.execute(ended.order_by(canary_runs.c.began.desc()).limit(100))).all()
    return next((one.began for one in map(_run, rows) if not one.failed), None)


async def _read(db: AsyncConnection, query: Any) -> CanaryRun | None:
    row = (await db.execute(query.order_by(canary_runs.c.began.desc(), canary_runs.c.id).limit(1))).one_or_none()
    return _run(row) if row else None


def _run(row: Row[Any]) -> CanaryRun:
    results = (ProbeResult(Probe(probe), Verdict(verdict), says) for probe, verdict, says in json.loads(row.results))
    return CanaryRun(row.id, row.began, row.ended, tuple(results))
