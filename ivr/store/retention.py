"""Retention periods of every table, and the purge that deletes what is past them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, delete, false, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store import daily_counts as tally
from ivr.store import provider_resources as at_the_provider
from ivr.store import reminders as reminding
from ivr.store import sms_outbox as outbox
from ivr.store.tables import (
    advisers,
    audit_log,
    call_events,
    callback_attempts,
    callbacks,
    calls,
    closures,
    daily_counts,
    heartbeats,
    hunts,
    idempotency_keys,
    legs,
    opt_outs,
    provider_resources,
    quota_usage,
    reminders,
    shift_overrides,
    shifts,
    sms_inbox,
    sms_outbox,
    voicemails,
)


@dataclass(frozen=True, slots=True)
class RetentionPeriod:
    """How long a table's rows are kept, and after what; for good if there is no period.

    `older` selects the rows for which that lies before a moment.
    """

    period: timedelta | None
    after: str
    older: Callable[[datetime], ColumnElement[bool]] = lambda _: false()

    def is_over(self, now: datetime) -> ColumnElement[bool]:
        """Return the condition that the period of a row is over."""
        return self.older(now - self.period) if self.period else false()


WEEK, MONTH, YEAR = timedelta(days=7), timedelta(days=30), timedelta(days=365)

RETENTION: dict[Table, RetentionPeriod] = {
    sms_outbox: RetentionPeriod(
        WEEK,
        "its last state, and the day it was due",
        lambda end: (sms_outbox.c.changed < end) & (sms_outbox.c.due < end),
    ),
    reminders: RetentionPeriod(
        reminding.LATEST, "the day it was to be sent, days before its date", lambda end: reminders.c.due < end
    ),
    sms_inbox: RetentionPeriod(MONTH, "it came in", lambda end: sms_inbox.c.received < end),
    call_events: RetentionPeriod(MONTH, "it happened", lambda end: call_events.c.at < end),
    calls: RetentionPeriod(MONTH, "it began", lambda end: calls.c.began < end),
    legs: RetentionPeriod(MONTH, "it was rung", lambda end: legs.c.began < end),
    hunts: RetentionPeriod(MONTH, "it began", lambda end: hunts.c.began < end),
    voicemails: RetentionPeriod(
        MONTH,
        "it was done, or was never finished",
        lambda end: (voicemails.c.changed < end) & voicemails.c.state.in_(["done", "begun", "discarded"]),
    ),
    callback_attempts: RetentionPeriod(None, "as long as the callback it belongs to"),
    callbacks: RetentionPeriod(
        MONTH,
        "it was done or given up",
        lambda end: (callbacks.c.changed < end) & callbacks.c.state.in_(["done", "gave_up"]),
    ),
    shift_overrides: RetentionPeriod(MONTH, "its day", lambda end: shift_overrides.c.day < end.date()),
    closures: RetentionPeriod(MONTH, "its end", lambda end: closures.c.ends < end),
    audit_log: RetentionPeriod(YEAR, "it was written", lambda end: audit_log.c.at < end),
    shifts: RetentionPeriod(None, "as long as the adviser"),
    advisers: RetentionPeriod(None, "until an operator removes them"),
    idempotency_keys: RetentionPeriod(timedelta(days=2), "it was made", lambda end: idempotency_keys.c.made < end),
    quota_usage: RetentionPeriod(timedelta(days=2), "it was asked for", lambda end: quota_usage.c.at < end),
    heartbeats: RetentionPeriod(None, "one row for each kind of work"),
    provider_resources: RetentionPeriod(
        None, f"deleted at the provider after {at_the_provider.RETENTION.days} days, and then here"
    ),
    daily_counts: RetentionPeriod(None, "for good: numbers only"),
    opt_outs: RetentionPeriod(None, "until START: see opt_outs.py"),
}
"""Every table, in the order in which they are purged."""


async def purge(db: AsyncConnection, now: datetime) -> dict[str, int]:
    """Delete what is past its period; return how many rows of each table. Two purges at a time do no harm."""
    await _count_unsent(db, now)
    return {
        table.name: (await db.execute(delete(table).where(retention.is_over(now)))).rowcount
        for table, retention in RETENTION.items()
    }


async def _count_unsent(db: AsyncConnection, now: datetime) -> None:
    """Count texts that are deleted unsent, which happens only when no worker ran for days."""
    for table, what in ((sms_outbox, "text failed"), (reminders, "reminder failed")):
        over = RETENTION[table].is_over(now)
        unsent = over & sms_outbox.c.state.in_(outbox.UNSETTLED) if table is sms_outbox else over
        await tally.add_one(db, what, now, await db.scalar(select(func.count()).select_from(table).where(unsent)) or 0)
