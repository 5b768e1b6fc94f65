"""How long everything is kept, and the job that forgets it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, delete, false, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store import counts as tally
from ivr.store import reminders as reminding
from ivr.store import resources as at_the_provider
from ivr.store import texts as outbox
from ivr.store.tables import (
    advisers,
    attempts,
    audit,
    callbacks,
    calls,
    changes,
    closures,
    counts,
    hunts,
    inbox,
    legs,
    lines,
    messages,
    promises,
    pulse,
    reminders,
    resources,
    shifts,
    stops,
    texts,
)


@dataclass(frozen=True, slots=True)
class Term:
    """How long a table's rows are kept, and after what; for good if there is no period.

    `older` picks the rows for which that lies before a moment.
    """

    period: timedelta | None
    after: str
    older: Callable[[datetime], ColumnElement[bool]] = lambda _: false()

    def is_over(self, now: datetime) -> ColumnElement[bool]:
        """Which rows have had their time."""
        return self.older(now - self.period) if self.period else false()


WEEK, MONTH, YEAR = timedelta(days=7), timedelta(days=30), timedelta(days=365)

RETENTION: dict[Table, Term] = {
    texts: Term(
        WEEK, "its last state, and the day it was due", lambda end: (texts.c.changed < end) & (texts.c.due < end)
    ),
    reminders: Term(
        reminding.LATEST, "the day it was to be sent, days before its date", lambda end: reminders.c.due < end
    ),
    inbox: Term(MONTH, "it came in", lambda end: inbox.c.received < end),
    lines: Term(MONTH, "the call began", lambda end: lines.c.call.in_(select(calls.c.id).where(calls.c.began < end))),
    calls: Term(MONTH, "it began", lambda end: calls.c.began < end),
    legs: Term(MONTH, "it was rung", lambda end: legs.c.began < end),
    hunts: Term(MONTH, "it began", lambda end: hunts.c.began < end),
    messages: Term(
        MONTH,
        "it was done, or was never finished",
        lambda end: (messages.c.changed < end) & messages.c.state.in_(["done", "begun", "discarded"]),
    ),
    attempts: Term(None, "as long as the call back it belongs to"),
    callbacks: Term(
        MONTH,
        "it was done or given up",
        lambda end: (callbacks.c.changed < end) & callbacks.c.state.in_(["done", "gave_up"]),
    ),
    changes: Term(MONTH, "its day", lambda end: changes.c.day < end.date()),
    closures: Term(MONTH, "its end", lambda end: closures.c.ends < end),
    audit: Term(YEAR, "it was written", lambda end: audit.c.at < end),
    shifts: Term(None, "as long as the adviser"),
    advisers: Term(None, "until an operator removes them"),
    promises: Term(timedelta(days=2), "it was made", lambda end: promises.c.made < end),
    pulse: Term(None, "one row each for what is being done"),
    resources: Term(None, f"deleted at the provider after {at_the_provider.RETENTION.days} days, and then here"),
    counts: Term(None, "for good: numbers only"),
    stops: Term(None, "until START: see stops.py"),
}
"""Every table, in the order in which they are purged."""


async def purge(db: AsyncConnection, now: datetime) -> dict[str, int]:
    """Delete what has had its time; how many rows of each table. Doing it twice, or in two places, does no harm."""
    await _count_the_lost(db, now)
    return {
        table.name: (await db.execute(delete(table).where(kept.is_over(now)))).rowcount
        for table, kept in RETENTION.items()
    }


async def _count_the_lost(db: AsyncConnection, now: datetime) -> None:
    """What was promised and is deleted unsent is at least counted: it happens only when no worker ran for days."""
    for table, what in ((texts, "text failed"), (reminders, "reminder failed")):
        over = RETENTION[table].is_over(now)
        unsent = over & texts.c.state.in_(outbox.UNSETTLED) if table is texts else over
        await tally.add_one(db, what, now, await db.scalar(select(func.count()).select_from(table).where(unsent)) or 0)
