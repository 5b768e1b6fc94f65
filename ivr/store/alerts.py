"""What is wrong with the helpline, since when, and what staff were told of it: once until it is worse, or a day passed.

Whoever looks the helpline over records what was found; one row for each check of `ivr doctor` that finds something.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.quiet_hours import is_texting_hour
from ivr.store.accounts import Role
from ivr.store.advisory_lock import advisory_lock
from ivr.store.tables import alerts

SETTLED = timedelta(minutes=5)
"""What was not found for so long is over: a check may fail once, and what comes and goes is one thing."""
FIRST = {True: timedelta(minutes=1), False: timedelta(minutes=10)}
"""How long something is wrong before staff are told, by whether it is urgent: a restart is none, and what comes
together is told together."""
WORSE = timedelta(hours=1)
"""How long after the last telling staff are told that there is more of it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong now. An urgent one harms callers now, so that it is told at night too.

    `name` is that of the check that found it, `amount` how much of it there is, `role` who is told, and `again` after
    how many days they are told again. `texts_fail`: texts may not come while it lasts (which is not kept).
    """

    name: str
    urgent: bool
    says: str
    mend: str
    amount: int = 1
    role: Role = Role.administrator
    again: int = 1
    texts_fail: bool = False


@dataclass(frozen=True, slots=True)
class Alert:
    """A problem as it was last found: since when, when that was, and when it ended; what staff were told of it."""

    problem: Problem
    began: datetime
    seen: datetime
    ended: datetime | None
    told: datetime | None
    told_amount: int
    told_urgent: bool
    muted_until: datetime | None
    muted_by: str | None

    @property
    def name(self) -> str:
        """Return the name of its check."""
        return self.problem.name

    def is_muted(self, now: datetime) -> bool:
        """Return whether somebody of staff wants to hear nothing of it now."""
        return self.muted_until is not None and now < self.muted_until

    def is_to_be_told(self, now: datetime) -> bool:
        """Return whether staff are to be told of it, or of its end, now: at night only what harms callers."""
        may_be_told = (self.problem.urgent or is_texting_hour(now)) and not self.is_muted(now)
        return may_be_told and (self.told is not None if self.ended else self._is_news(now))

    def _is_news(self, now: datetime) -> bool:
        if self.seen < now:  # it was not found this time, and is over if it stays so
            return False
        if self.told is None:
            return now - self.began >= FIRST[self.problem.urgent]
        since, has_become_urgent = now - self.told, self.problem.urgent and not self.told_urgent
        is_more = self.problem.amount > self.told_amount and since >= WORSE
        return has_become_urgent or is_more or since >= timedelta(days=self.problem.again)


async def lock(db: AsyncConnection) -> None:
    """Keep every other process from recording and telling until the transaction ends."""
    await advisory_lock(db, "alerts")


async def record(db: AsyncConnection, problems: Sequence[Problem], looked: Collection[str], now: datetime) -> None:
    """Record what the checks `looked` found; what none of them found any more ends. Call it under the lock."""
    before = {one.name: one for one in await read(db)}
    for problem in problems:
        await _found(db, before.get(problem.name), problem, now)
    gone = (set(before) & set(looked)) - {one.name for one in problems}
    for alert in (before[name] for name in gone):
        if alert.ended is None and now - alert.seen >= SETTLED:
            await _set(db, alert.name, ended=now)


async def _found(db: AsyncConnection, before: Alert | None, problem: Problem, now: datetime) -> None:
    values = {name: getattr(problem, name) for name in ("urgent", "says", "mend", "amount", "role", "again")}
    anew = {"began": now, "ended": None, "told": None, "told_amount": 0, "told_urgent": False}
    if before is None:
        await db.execute(insert(alerts).values(name=problem.name, seen=now, **anew, **values))
    elif before.ended and before.told is None:
        await _set(db, problem.name, seen=now, **anew, **values)
    else:  # it goes on, or has come back before staff were told of its end
        told_amount = min(before.told_amount, problem.amount)
        await _set(db, problem.name, seen=now, ended=None, told_amount=told_amount, **values)


async def mark_told(db: AsyncConnection, alert: Alert, now: datetime) -> None:
    """Record that staff are told of an alert, or of its end, as it is now."""
    told, urgent = None if alert.ended else now, alert.problem.urgent and not alert.ended
    await _set(db, alert.name, told=told, told_amount=alert.problem.amount, told_urgent=urgent)


async def mute(db: AsyncConnection, name: str, until: datetime | None, by: str) -> None:
    """Have staff hear nothing of an alert until a moment, or hear of it again."""
    await _set(db, name, muted_until=until, muted_by=by if until else None)


async def read(db: AsyncConnection) -> list[Alert]:
    """Return what is wrong, or was in the last month; what is wrong now comes first, the urgent before the rest."""
    rows = (await db.execute(select(alerts))).all()
    return sorted(map(_alert, rows), key=lambda one: (one.ended is not None, not one.problem.urgent, one.began))


async def read_open(db: AsyncConnection) -> list[Alert]:
    """Return what is wrong now, in the same order."""
    return [one for one in await read(db) if one.ended is None]


async def _set(db: AsyncConnection, name: str, **values: Any) -> None:
    await db.execute(update(alerts).where(alerts.c.name == name).values(values))


def _alert(row: Row[Any]) -> Alert:
    problem = Problem(row.name, row.urgent, row.says, row.mend, row.amount, Role(row.role), row.again)
    return Alert(
        problem,
        row.began,
        row.seen,
        row.ended,
        row.told,
        row.told_amount,
        row.told_urgent,
        row.muted_until,
        row.muted_by,
    )
