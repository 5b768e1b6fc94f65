"""Texts advisers before their shifts, and managers where somebody has not confirmed one.

Whom there is to remind is read from the rota each time: a shift that was set late is reminded of at once, and one that
was taken away is not.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.intervals import Interval
from ivr.helpline.opening_hours import OpeningHours
from ivr.helpline.own_shifts import shifts_to_keep
from ivr.helpline.quiet_hours import texting_hour_before
from ivr.helpline.rota import Adviser
from ivr.helpline.shift_words import ShiftWords
from ivr.store import manager_texts, rota_snapshot, shift_answers
from ivr.store.cipher import Cipher
from ivr.store.shift_answers import ShiftReminder
from ivr.store.staff_alerts import can_be_texted, enqueue_staff_text

UNCONFIRMED = timedelta(hours=3)
"""So long before a shift managers are told that nobody has confirmed it: time to ring round before it begins."""
TO_ANSWER = timedelta(hours=1)
"""How long somebody has had to answer before that, whenever they were reminded."""
NIGHT = timedelta(hours=15)
"""How much earlier at most something is sent that would fall into a night."""


@dataclass(frozen=True)
class ReminderRules:
    """How long before a shift its adviser is reminded, the opening hours of the content (None: always), the words."""

    before: timedelta
    hours: OpeningHours | None
    words: ShiftWords


async def remind(db: AsyncConnection, cipher: Cipher, rules: ReminderRules, now: datetime) -> int:
    """Text whoever has a shift soon, each shift once; return how many were texted. Not to be called in quiet hours.

    A shift of somebody who cannot be texted is noted as well, so that it can be confirmed in another way.
    """
    texted = 0
    for adviser, shift in await _ahead(db, cipher, rules, now, rules.before):
        is_due = texting_hour_before(shift[0] - rules.before) <= now
        if is_due and await shift_answers.add(db, adviser.id, shift, now):
            texted += await _text(db, cipher, rules.words, adviser, shift, now)
    return texted


async def tell_of_unconfirmed(db: AsyncConnection, cipher: Cipher, rules: ReminderRules, now: datetime) -> int:
    """Text managers about each shift that begins soon and is not confirmed, once; return how many such there were.

    Not to be called in quiet hours.
    """
    if not await manager_texts.reachable(db, cipher):
        return 0
    told = 0
    reminders = await shift_answers.read(db, now, now + UNCONFIRMED + NIGHT)
    for adviser, shift in await _ahead(db, cipher, rules, now, UNCONFIRMED):
        reminder = reminders.get((adviser.id, shift[0]))
        if reminder and _is_unconfirmed(reminder, now) and await shift_answers.mark_told(db, adviser.id, shift[0], now):
            body = rules.words.not_confirmed(adviser.name, shift)
            told += await manager_texts.tell_of_shift(db, cipher, body, adviser.id, shift, now) > 0
    return told


async def _ahead(
    db: AsyncConnection, cipher: Cipher, rules: ReminderRules, now: datetime, before: timedelta
) -> list[tuple[Adviser, Interval]]:
    """Return the shifts that begin after now, and of which something may be due."""
    snapshot = await rota_snapshot.read(db, cipher, now)
    found = shifts_to_keep(snapshot, rules.hours, now, now + before + NIGHT)
    return [(adviser, shift) for adviser, shift in found if now < shift[0]]


async def _text(
    db: AsyncConnection, cipher: Cipher, words: ShiftWords, adviser: Adviser, shift: Interval, now: datetime
) -> bool:
    if not await can_be_texted(db, cipher, adviser.number):
        return False
    text = await enqueue_staff_text(db, cipher, adviser.number, words.reminder(shift), now, shift[0], now)
    await shift_answers.set_text(db, adviser.id, shift[0], text)
    return True


def _is_unconfirmed(reminder: ShiftReminder, now: datetime) -> bool:
    if reminder.text is None or reminder.answer or reminder.told:
        return False
    return max(texting_hour_before(reminder.begins - UNCONFIRMED), reminder.reminded + TO_ANSWER) <= now
