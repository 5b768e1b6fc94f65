"""How much we promise at most: whoever makes us text numbers of theirs earns by each one; the rest costs us hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.once import one_at_a_time
from ivr.store.tables import messages, reminders, texts

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ALERT = "alert"
"""The topic of texts to our own people: no caller asked for those, so they count against none."""


@dataclass(frozen=True, slots=True)
class Caps:
    """Texts promised to one number in any 24 hours, and to all numbers in any hour; reminders count when promised.

    Likewise messages that are begun, and calls back that are asked for, by one number and by all.
    """

    per_number_per_day: int
    per_hour: int
    messages_per_number_per_day: int = 5
    messages_per_hour: int = 60
    callbacks_per_number_per_day: int = 3
    callbacks_per_hour: int = 60


async def is_capped(
    db: AsyncConnection,
    caps: Caps,
    marks: list[bytes],
    wanted: int,
    now: datetime,
    replaced: ColumnElement[bool] | None = None,
) -> bool:
    """Whether so many more would be too many. `replaced` are reminders that these take the place of."""
    await one_at_a_time(db, "caps")
    standing = ~replaced if replaced is not None else true()
    of_day = texts.c.mark.in_(marks), texts.c.promised > now - DAY, texts.c.topic != ALERT
    later_of_day = reminders.c.mark.in_(marks), reminders.c.promised > now - DAY, standing
    if await _count(db, of_day, later_of_day) + wanted > caps.per_number_per_day:
        return True
    of_hour = texts.c.promised > now - HOUR, texts.c.topic != ALERT
    later_of_hour = reminders.c.promised > now - HOUR, standing
    return await _count(db, of_hour, later_of_hour) + wanted > caps.per_hour


async def is_full(db: AsyncConnection, caps: Caps, marks: list[bytes], now: datetime) -> bool:
    """Whether one more message would be too many. Numbers that are withheld have no marks: they are all alike."""
    await one_at_a_time(db, "messages")
    of_day = messages.c.mark.in_(marks) & (messages.c.began > now - DAY)
    if marks and await _begun(db, of_day) >= caps.messages_per_number_per_day:
        return True
    return await _begun(db, messages.c.began > now - HOUR) >= caps.messages_per_hour


async def _begun(db: AsyncConnection, which: ColumnElement[bool]) -> int:
    return int(await db.scalar(select(func.count()).select_from(messages).where(which)) or 0)


async def _count(
    db: AsyncConnection, sent: tuple[ColumnElement[bool], ...], later: tuple[ColumnElement[bool], ...]
) -> int:
    one = select(func.count()).select_from(texts).where(*sent).scalar_subquery()
    other = select(func.count()).select_from(reminders).where(*later).scalar_subquery()
    return int(await db.scalar(select(one + other)) or 0)
