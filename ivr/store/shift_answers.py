"""Who was reminded of which shift, and what they answered: one row for a shift, by whose it is and when it begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.intervals import Interval
from ivr.helpline.shift_answers import ShiftAnswer
from ivr.store.idempotency import insert_new
from ivr.store.tables import shift_reminders


@dataclass(frozen=True, slots=True)
class ShiftReminder:
    """A shift of an adviser (their id) that was reminded of, or answered before.

    `text` is the reminder's id in the outbox, None if there was none. `told` is when managers were texted about it.
    """

    adviser: str
    begins: datetime
    reminded: datetime
    text: str | None
    answer: ShiftAnswer | None
    answered: datetime | None
    told: datetime | None


ShiftReminders = Mapping[tuple[str, datetime], ShiftReminder]
"""By the adviser's id, and when the shift begins."""


async def read(db: AsyncConnection, first: datetime, last: datetime) -> ShiftReminders:
    """Return those of the shifts that begin from one moment to another."""
    begins = shift_reminders.c.begins.between(first, last)
    found = map(_reminder, await db.execute(select(shift_reminders).where(begins)))
    return {(one.adviser, one.begins): one for one in found}


async def add(db: AsyncConnection, adviser: str, shift: Interval, now: datetime) -> bool:
    """Note that somebody is reminded now; return False if they were before, by whichever worker."""
    begins, ends = shift
    return await insert_new(db, shift_reminders, adviser=adviser, begins=begins, ends=ends, reminded=now)


async def set_text(db: AsyncConnection, adviser: str, begins: datetime, text: str) -> None:
    """Note which text of the outbox reminds of a shift."""
    await db.execute(update(shift_reminders).where(_one(adviser, begins)).values(text=text))


async def answer(db: AsyncConnection, adviser: str, shift: Interval, answer: ShiftAnswer, now: datetime) -> None:
    """Keep what was answered; a shift that is answered before its reminder gets none."""
    await add(db, adviser, shift, now)
    values = {"answer": answer, "answered": now}
    await db.execute(update(shift_reminders).where(_one(adviser, shift[0])).values(values))


async def mark_told(db: AsyncConnection, adviser: str, begins: datetime, now: datetime, *, again: bool = False) -> bool:
    """Note that managers are told now; return False if they were before, unless they are told `again`."""
    untold = _one(adviser, begins) if again else _one(adviser, begins) & shift_reminders.c.managers_told.is_(None)
    return (await db.execute(update(shift_reminders).where(untold).values(managers_told=now))).rowcount > 0


def _one(adviser: str, begins: datetime) -> ColumnElement[bool]:
    return (shift_reminders.c.adviser == adviser) & (shift_reminders.c.begins == begins)


def _reminder(row: Row[Any]) -> ShiftReminder:
    answer = ShiftAnswer(row.answer) if row.answer else None
    return ShiftReminder(row.adviser, row.begins, row.reminded, row.text, answer, row.answered, row.managers_told)
