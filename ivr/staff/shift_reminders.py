"""Who is down for a shift soon, whether they were reminded, what they answered; and answering for them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import IvrError
from ivr.helpline.opening_hours import OpeningHours
from ivr.helpline.own_shifts import shifts_to_keep
from ivr.helpline.rota import RotaSnapshot
from ivr.helpline.shift_answers import ShiftAnswer
from ivr.helpline.shift_words import ShiftWords
from ivr.helpline.timezone import today_in_london
from ivr.staff import rota
from ivr.store import audit, rota_snapshot, shift_answers, shift_replies
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.shift_replies import OpenShift

AHEAD = timedelta(days=7)
"""How far ahead somebody may say whether they will be there."""
SOON = timedelta(hours=24)
"""How far ahead a shift that is not confirmed is shown."""


class NoSuchShift(IvrError):
    """There is none that begins then, or soon."""


async def read(
    db: AsyncConnection, cipher: Cipher, hours: OpeningHours | None, now: datetime, ahead: timedelta = AHEAD
) -> list[OpenShift]:
    """Return the shifts that begin soon, the next first; `hours` are those of the content."""
    return await read_of(db, await rota_snapshot.read(db, cipher, now), hours, now, ahead)


async def read_of(
    db: AsyncConnection, snapshot: RotaSnapshot, hours: OpeningHours | None, now: datetime, ahead: timedelta = AHEAD
) -> list[OpenShift]:
    """Return those of a rota that was read before."""
    reminders = await shift_answers.read(db, now, now + ahead)
    found = shifts_to_keep(snapshot, hours, now, now + ahead)
    return [OpenShift(adviser, shift, reminders.get((adviser.id, shift[0]))) for adviser, shift in found]


def unsettled(shifts: Iterable[OpenShift], now: datetime) -> list[OpenShift]:
    """Return those in which somebody cannot come, and those of the next day that nobody confirmed who was asked."""
    return [one for one in shifts if one.answer is ShiftAnswer.not_coming or _waits(one, now)]


def _waits(one: OpenShift, now: datetime) -> bool:
    was_asked = one.reminder is not None and one.reminder.text is not None
    return was_asked and one.answer is None and one.shift[0] <= now + SOON


async def answer(
    db: AsyncConnection, cipher: Cipher, words: ShiftWords | None, one: OpenShift, answer: ShiftAnswer, by: By
) -> None:
    """Keep what somebody says of a shift; managers are texted who must know. Without `words` nobody can be texted."""
    await shift_replies.record(db, cipher, words, one, answer, by.at, by.account)
    await audit.write(db, by, shift_replies.entry(one, answer))


async def find(
    db: AsyncConnection, cipher: Cipher, hours: OpeningHours | None, name: str, day: date | None, now: datetime
) -> OpenShift:
    """Return the next shift of an adviser, by name, or their first on a day.

    Raise NoSuchAdviser, or NoSuchShift where there is none in the next days.
    """
    adviser = await rota.find(db, cipher, name)
    theirs = [one for one in await read(db, cipher, hours, now) if one.adviser.id == adviser.id]
    chosen = [one for one in theirs if day is None or today_in_london(one.shift[0]) == day]
    if not chosen:
        when = f"on {day:%a %d %b %Y}" if day else f"in the next {AHEAD.days} days"
        raise NoSuchShift(f"{adviser.name} has no shift {when} that has not begun: `ivr rota` shows theirs.")
    return chosen[0]


async def find_at(
    db: AsyncConnection, cipher: Cipher, hours: OpeningHours | None, adviser: str, begins: datetime, now: datetime
) -> OpenShift:
    """Return the shift of an adviser (their id) that begins at a moment; raise NoSuchShift."""
    for one in await read(db, cipher, hours, now):
        if (one.adviser.id, one.shift[0]) == (adviser, begins):
            return one
    raise NoSuchShift("That shift has begun, or is not on the rota any more: load the page again.")
