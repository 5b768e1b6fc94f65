"""Calendar feeds: made, ended, and read by a calendar. Whoever knows an address can read it, so it is shown once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.own_shifts import days, own_spans
from ivr.helpline.rota import Adviser
from ivr.helpline.timezone import today_in_london
from ivr.staff import rota as staff_rota
from ivr.staff.lookup import NoSuchItem
from ivr.store import audit, calendar_feeds, rota
from ivr.store.audit import By
from ivr.store.calendar_feeds import CalendarFeed
from ivr.store.cipher import Cipher

PATH = "/console/calendar/{secret}.ics"
BEFORE, AFTER = timedelta(weeks=4), timedelta(weeks=26)
"""Which shifts are in a calendar."""
EVERYBODY = "the whole rota"


@dataclass(frozen=True, slots=True)
class ShiftInCalendar:
    """A shift: whose, and from when to when (UTC)."""

    adviser: Adviser
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a calendar reads at an address; `adviser` is whose shifts they are, None for everybody's."""

    feed: CalendarFeed
    adviser: Adviser | None
    shifts: tuple[ShiftInCalendar, ...]


async def make(db: AsyncConnection, cipher: Cipher, name: str | None, by: By) -> str:
    """Make a feed of an adviser, by name, or of everybody, and return its path; the one before ends.

    Raise NoSuchAdviser.
    """
    adviser = await staff_rota.find(db, cipher, name) if name else None
    secret = await calendar_feeds.make(db, cipher, adviser.id if adviser else None, by.who, by.at)
    await audit.write(db, by, f"calendar address made for {adviser.name if adviser else EVERYBODY}")
    return PATH.format(secret=secret)


async def end(db: AsyncConnection, cipher: Cipher, name: str | None, by: By) -> bool:
    """End a feed likewise; return False if there is none."""
    adviser = await staff_rota.find(db, cipher, name) if name else None
    ended = await calendar_feeds.end(db, adviser.id if adviser else None)
    if ended:
        await audit.write(db, by, f"calendar address ended for {adviser.name if adviser else EVERYBODY}")
    return ended


async def read(db: AsyncConnection, cipher: Cipher, secret: str, now: datetime) -> Calendar:
    """Return what a calendar reads; raise NoSuchItem if there is no such address, or no more."""
    feed = await calendar_feeds.find(db, cipher, secret)
    if feed is None:
        raise NoSuchItem("There is no calendar at this address, or no more.")
    everybody = await rota.read(db, cipher)
    theirs = [one for one in everybody if feed.adviser in (None, one.id)]
    shifts = tuple(shift for one in theirs for shift in shifts_of(one, now))
    return Calendar(feed, theirs[0] if feed.adviser and theirs else None, shifts)


def shifts_of(adviser: Adviser, now: datetime) -> Iterator[ShiftInCalendar]:
    """Yield the shifts of an adviser that are in a calendar, in their order."""
    for day in days(today_in_london(now - BEFORE), today_in_london(now + AFTER)):
        yield from (ShiftInCalendar(adviser, begins, ends) for begins, ends in own_spans(adviser, day))
