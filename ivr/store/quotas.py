"""How much we promise at most: whoever makes us text numbers of theirs earns by each one; the rest costs us hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.idempotency import advisory_lock
from ivr.store.tables import reminders, sms_outbox, voicemails

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ALERT = "alert"
"""The topic of texts to our own people: no caller asked for those, so they count against none."""


@dataclass(frozen=True, slots=True)
class Quotas:
    """Texts promised to one number in any 24 hours, and to all numbers in any hour; reminders count when promised.

    Likewise messages that are begun, and calls back that are asked for, by one number and by all.
    """

    per_number_per_day: int
    per_hour: int
    messages_per_number_per_day: int = 5
    messages_per_hour: int = 60
    callbacks_per_number_per_day: int = 3
    callbacks_per_hour: int = 60


async def exceeds_quota(
    db: AsyncConnection,
    quotas: Quotas,
    blind_indexes: list[bytes],
    wanted: int,
    now: datetime,
    replaced: ColumnElement[bool] | None = None,
) -> bool:
    """Whether so many more would be too many. `replaced` are reminders that these take the place of."""
    await advisory_lock(db, "caps")
    standing = ~replaced if replaced is not None else true()
    of_day = sms_outbox.c.blind_index.in_(blind_indexes), sms_outbox.c.promised > now - DAY, sms_outbox.c.topic != ALERT
    later_of_day = reminders.c.blind_index.in_(blind_indexes), reminders.c.promised > now - DAY, standing
    if await _count(db, of_day, later_of_day) + wanted > quotas.per_number_per_day:
        return True
    of_hour = sms_outbox.c.promised > now - HOUR, sms_outbox.c.topic != ALERT
    later_of_hour = reminders.c.promised > now - HOUR, standing
    return await _count(db, of_hour, later_of_hour) + wanted > quotas.per_hour


async def exceeds_voicemail_quota(
    db: AsyncConnection, quotas: Quotas, blind_indexes: list[bytes], now: datetime
) -> bool:
    """Whether one more message would be too many. Numbers that are withheld have no marks: they are all alike."""
    await advisory_lock(db, "messages")
    of_day = voicemails.c.blind_index.in_(blind_indexes) & (voicemails.c.began > now - DAY)
    if blind_indexes and await _begun(db, of_day) >= quotas.messages_per_number_per_day:
        return True
    return await _begun(db, voicemails.c.began > now - HOUR) >= quotas.messages_per_hour


async def _begun(db: AsyncConnection, which: ColumnElement[bool]) -> int:
    return int(await db.scalar(select(func.count()).select_from(voicemails).where(which)) or 0)


async def _count(
    db: AsyncConnection, sent: tuple[ColumnElement[bool], ...], later: tuple[ColumnElement[bool], ...]
) -> int:
    one = select(func.count()).select_from(sms_outbox).where(*sent).scalar_subquery()
    other = select(func.count()).select_from(reminders).where(*later).scalar_subquery()
    return int(await db.scalar(select(one + other)) or 0)
