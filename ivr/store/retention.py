"""Retention periods of every table, and the purge that deletes what is past them, in two steps (`purge_rounds.py`)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, delete, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store import audit_chain, sms_states
from ivr.store import daily_counts as tally
from ivr.store import provider_resources as at_the_provider
from ivr.store import purge_rounds as rounds
from ivr.store import reminders as reminding
from ivr.store.data_complaints import SPOKEN_COMPLAINTS
from ivr.store.purge_rounds import GRACE
from ivr.store.tables import (
    absences,
    accounts,
    advisers,
    alert_messages,
    alerts,
    audit_ends,
    audit_log,
    blocks,
    calendar_feeds,
    call_events,
    callback_attempts,
    callbacks,
    calls,
    canary_events,
    canary_runs,
    closures,
    daily_counts,
    data_complaints,
    emergency_messages,
    failed_sign_ins,
    heartbeats,
    hunts,
    idempotency_keys,
    index_keys,
    legs,
    notes,
    number_configurations,
    one_off_holidays,
    opening_hours,
    opt_outs,
    passkeys,
    provider_resources,
    purge_rounds,
    quota_usage,
    reminders,
    secrets_in_use,
    shift_overrides,
    shift_reminders,
    shifts,
    sms_inbox,
    sms_outbox,
    staff_sessions,
    voicemails,
)


@dataclass(frozen=True, slots=True)
class RetentionPeriod:
    """How long a table's rows are kept, and after what; for good if there is no period.

    `older` selects the rows for which that lies before a moment. For the last days of its period a row is marked: they
    are included, so that it is gone when we said it would be.
    """

    period: timedelta | None
    after: str
    older: Callable[[datetime], ColumnElement[bool]] = lambda _: false()

    def is_marked(self, at: datetime) -> ColumnElement[bool]:
        """Return the condition that a round of this time marks a row, as its period is over soon."""
        return self.older(at + GRACE - self.period) if self.period else false()


WEEK, MONTH, YEAR = timedelta(days=7), timedelta(days=30), timedelta(days=365)
NOTED = callbacks, voicemails, sms_inbox, hunts, data_complaints
"""What notes are about."""

RETENTION: dict[Table, RetentionPeriod] = {
    sms_outbox: RetentionPeriod(
        WEEK,
        "its last state, and the day it was due",
        lambda end: (sms_outbox.c.changed < end) & (sms_outbox.c.due < end),
    ),
    reminders: RetentionPeriod(
        reminding.LATEST + GRACE, "the day it was to be sent, days before its date", lambda end: reminders.c.due < end
    ),
    sms_inbox: RetentionPeriod(MONTH, "it came in", lambda end: sms_inbox.c.received < end),
    call_events: RetentionPeriod(MONTH, "it happened", lambda end: call_events.c.at < end),
    calls: RetentionPeriod(MONTH, "it began", lambda end: calls.c.began < end),
    legs: RetentionPeriod(MONTH, "it was rung", lambda end: legs.c.began < end),
    hunts: RetentionPeriod(MONTH, "it began", lambda end: hunts.c.began < end),
    data_complaints: RetentionPeriod(
        YEAR,
        "it was closed",
        lambda end: (data_complaints.c.closed < end.date()) & (data_complaints.c.state == "closed"),
    ),
    voicemails: RetentionPeriod(
        MONTH,
        "it was done, or was never finished; as long as the complaint, if it is one",
        lambda end: (
            (voicemails.c.changed < end)
            & voicemails.c.state.in_(["done", "begun", "discarded"])
            & voicemails.c.id.not_in(SPOKEN_COMPLAINTS)
        ),
    ),
    callback_attempts: RetentionPeriod(None, "as long as the callback it belongs to"),
    callbacks: RetentionPeriod(
        MONTH,
        "it was done or given up",
        lambda end: (callbacks.c.changed < end) & callbacks.c.state.in_(["done", "gave_up"]),
    ),
    notes: RetentionPeriod(
        MONTH,
        "it was written, and what it is about is gone",
        lambda end: (notes.c.at < end) & ~or_(*(notes.c.about.in_(select(t.c.id)) for t in NOTED)),
    ),
    shift_overrides: RetentionPeriod(MONTH, "its day", lambda end: shift_overrides.c.day < end.date()),
    absences: RetentionPeriod(MONTH, "its last day", lambda end: absences.c.last < end.date()),
    shift_reminders: RetentionPeriod(MONTH, "its shift", lambda end: shift_reminders.c.begins < end),
    calendar_feeds: RetentionPeriod(None, "until it is ended, or the adviser is removed"),
    number_configurations: RetentionPeriod(None, "until it is put back (`ivr twilio disconnect`)"),
    opening_hours: RetentionPeriod(None, "for good, as the audit log tells who confirmed them"),
    closures: RetentionPeriod(MONTH, "its end", lambda end: closures.c.ends < end),
    one_off_holidays: RetentionPeriod(None, "for good, like the published ones"),
    emergency_messages: RetentionPeriod(MONTH, "its end", lambda end: emergency_messages.c.until < end),
    audit_log: RetentionPeriod(YEAR, "it was written, as were all before it", audit_chain.older),
    audit_ends: RetentionPeriod(None, "one row for each end of the audit log"),
    passkeys: RetentionPeriod(None, "as long as the account, unless its owner removes it"),
    blocks: RetentionPeriod(MONTH, "its end", lambda end: blocks.c.until < end),
    failed_sign_ins: RetentionPeriod(timedelta(days=2), "it was tried", lambda end: failed_sign_ins.c.at < end),
    staff_sessions: RetentionPeriod(MONTH, "it was last used", lambda end: staff_sessions.c.seen < end),
    alert_messages: RetentionPeriod(MONTH, "it was written", lambda end: alert_messages.c.made < end),
    alerts: RetentionPeriod(MONTH, "its end", lambda end: alerts.c.ended < end),
    accounts: RetentionPeriod(YEAR, "they left", lambda end: (accounts.c.state == "left") & (accounts.c.changed < end)),
    shifts: RetentionPeriod(None, "as long as the adviser"),
    advisers: RetentionPeriod(None, "until an operator removes them"),
    idempotency_keys: RetentionPeriod(
        timedelta(days=2) + GRACE, "it was made", lambda end: idempotency_keys.c.made < end
    ),
    quota_usage: RetentionPeriod(timedelta(days=2), "it was asked for", lambda end: quota_usage.c.at < end),
    purge_rounds: RetentionPeriod(WEEK, "it was begun", lambda end: purge_rounds.c.at < end),
    index_keys: RetentionPeriod(None, "as long as the database; a copy goes when its secret is dropped"),
    secrets_in_use: RetentionPeriod(WEEK, "a process was last seen", lambda end: secrets_in_use.c.seen < end),
    canary_events: RetentionPeriod(WEEK, "it happened", lambda end: canary_events.c.at < end),
    canary_runs: RetentionPeriod(YEAR, "it began", lambda end: canary_runs.c.began < end),
    heartbeats: RetentionPeriod(None, "one row for each kind of work"),
    provider_resources: RetentionPeriod(
        None, f"deleted at the provider after {at_the_provider.RETENTION.days} days, and then here"
    ),
    daily_counts: RetentionPeriod(None, "for good: numbers only"),
    opt_outs: RetentionPeriod(None, "until START: see opt_outs.py"),
}
"""Every table, in the order in which they are purged."""


async def purge(db: AsyncConnection, now: datetime) -> dict[str, int]:
    """Delete for good what was marked two days ago, and mark what is to go next; return how many rows went.

    The clock must be known to be right. Two purges at a time do no harm.
    """
    marked_at = await rounds.marked_until(db, now)
    await rounds.begin(db, now)
    if marked_at is None:
        return dict.fromkeys((table.name for table in RETENTION), 0)
    await _count_unsent(db, marked_at, now)
    gone = {
        table.name: (await db.execute(delete(table).where(retention.is_marked(marked_at)))).rowcount
        for table, retention in RETENTION.items()
    }
    if gone[audit_log.name]:
        await audit_chain.move_first(db)
    return gone


async def to_be_deleted(db: AsyncConnection, now: datetime) -> dict[str, int]:
    """Return how many rows of each table a purge would delete for good now."""
    return await _count_marked(db, await rounds.marked_until(db, now))


async def marked(db: AsyncConnection, now: datetime) -> dict[str, int]:
    """Return how many rows of each table a round would mark now, including those that were marked before."""
    return await _count_marked(db, now)


async def _count_marked(db: AsyncConnection, at: datetime | None) -> dict[str, int]:
    return {
        table.name: await _count(db, table, retention.is_marked(at) if at else false())
        for table, retention in RETENTION.items()
    }


async def _count(db: AsyncConnection, table: Table, which: ColumnElement[bool]) -> int:
    return await db.scalar(select(func.count()).select_from(table).where(which)) or 0


async def _count_unsent(db: AsyncConnection, marked_at: datetime, now: datetime) -> None:
    """Count texts that are deleted unsent, which happens only when no worker ran for days."""
    for table, what in ((sms_outbox, "text failed"), (reminders, "reminder failed")):
        over = RETENTION[table].is_marked(marked_at)
        unsent = over & sms_outbox.c.state.in_(sms_states.UNSETTLED) if table is sms_outbox else over
        await tally.add_one(db, what, now, await _count(db, table, unsent))
