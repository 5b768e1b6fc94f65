"""Quotas for texts, voicemails and callbacks: whoever makes us text numbers of theirs may earn by each one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.canary import CANARY
from ivr.store.advisory_lock import advisory_lock
from ivr.store.quota_usage import UNLIMITED, RequesterLimits
from ivr.store.tables import callbacks, reminders, sms_outbox, voicemails

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ALERT = "alert"
"""The topic of texts to advisers: no caller asked for those, so they count against no quota."""
TESTS_PER_HOUR = 10
"""Texts, and messages, of test calls."""
IS_COUNTED = sms_outbox.c.topic.not_in((ALERT, CANARY))


@dataclass(frozen=True, slots=True)
class Quotas:
    """Texts to one number in any 24 hours, and to all numbers in any hour; reminders count when they are scheduled.

    Likewise voicemails that are started, and callbacks that are requested, by one number and by all. `requester` limits
    how much of it one caller can have.
    """

    per_number_per_day: int
    per_hour: int
    messages_per_number_per_day: int = 5
    messages_per_hour: int = 60
    callbacks_per_number_per_day: int = 3
    callbacks_per_hour: int = 60
    requester: RequesterLimits = UNLIMITED


async def exceeds_quota(
    db: AsyncConnection,
    quotas: Quotas,
    blind_indexes: list[bytes],
    wanted: int,
    now: datetime,
    replaced: ColumnElement[bool] | None = None,
) -> bool:
    """Return whether so many more would be too many. `replaced` are reminders that these take the place of."""
    await advisory_lock(db, "caps")
    standing = ~replaced if replaced is not None else true()
    of_day = sms_outbox.c.blind_index.in_(blind_indexes), sms_outbox.c.promised > now - DAY, IS_COUNTED
    later_of_day = reminders.c.blind_index.in_(blind_indexes), reminders.c.promised > now - DAY, standing
    if await _count(db, of_day, later_of_day) + wanted > quotas.per_number_per_day:
        return True
    of_hour = sms_outbox.c.promised > now - HOUR, IS_COUNTED
    later_of_hour = reminders.c.promised > now - HOUR, standing
    return await _count(db, of_hour, later_of_hour) + wanted > quotas.per_hour


async def exceeds_voicemail_quota(
    db: AsyncConnection, quotas: Quotas, blind_indexes: list[bytes], now: datetime
) -> bool:
    """Return whether one more voicemail would be too many. Nobody's number has no blind index: they are all alike."""
    await advisory_lock(db, "messages")
    limits = quotas.messages_per_number_per_day, quotas.messages_per_hour
    return await _is_full(db, voicemails, voicemails.c.began, blind_indexes, limits, now)


async def exceeds_test_quota(db: AsyncConnection, table: Table, added: ColumnElement[datetime], now: datetime) -> bool:
    """Return whether one more of a test call would be too many: somebody may ring with its number.

    Each test call erases what the one before has left.
    """
    lately = (table.c.topic == CANARY) & (added > now - HOUR)
    return int(await db.scalar(select(func.count()).select_from(table).where(lately)) or 0) >= TESTS_PER_HOUR


async def exceeds_callback_quota(
    db: AsyncConnection, quotas: Quotas, blind_indexes: list[bytes], now: datetime
) -> bool:
    """Return whether one more callback would be too many; to be called under the lock of the list."""
    limits = quotas.callbacks_per_number_per_day, quotas.callbacks_per_hour
    return await _is_full(db, callbacks, callbacks.c.asked, blind_indexes, limits, now)


async def _is_full(
    db: AsyncConnection,
    table: Table,
    added: ColumnElement[datetime],
    blind_indexes: list[bytes],
    limits: tuple[int, int],
    now: datetime,
) -> bool:
    """Return whether a number has reached its limit of the day, or all have reached that of the hour."""
    of_day = table.c.blind_index.in_(blind_indexes) & (added > now - DAY)
    if blind_indexes and await _count_rows(db, table, of_day) >= limits[0]:
        return True
    return await _count_rows(db, table, added > now - HOUR) >= limits[1]


async def _count_rows(db: AsyncConnection, table: Table, which: ColumnElement[bool]) -> int:
    of_callers = table.c.topic != CANARY
    return int(await db.scalar(select(func.count()).select_from(table).where(which, of_callers)) or 0)


async def _count(
    db: AsyncConnection, sent: tuple[ColumnElement[bool], ...], later: tuple[ColumnElement[bool], ...]
) -> int:
    one = select(func.count()).select_from(sms_outbox).where(*sent).scalar_subquery()
    other = select(func.count()).select_from(reminders).where(*later).scalar_subquery()
    return int(await db.scalar(select(one + other)) or 0)
