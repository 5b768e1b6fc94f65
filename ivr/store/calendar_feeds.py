"""Calendar feeds: addresses at which a calendar reads shifts. Only a blind index of the secret in one is kept."""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.timezone import today_in_london
from ivr.store.cipher import Cipher
from ivr.store.tables import calendar_feeds

BYTES = 24
"""Of chance in an address: nobody guesses one."""


@dataclass(frozen=True, slots=True)
class CalendarFeed:
    """A feed of the shifts of an adviser (their id), or of everybody; `read` is the last day on which one did."""

    id: bytes
    adviser: str | None
    created: datetime
    created_by: str
    read: datetime | None

    def was_read_on_the_day_of(self, now: datetime) -> bool:
        """Return whether a calendar has read it on that day."""
        return self.read is not None and today_in_london(self.read) == today_in_london(now)


async def make(db: AsyncConnection, cipher: Cipher, adviser: str | None, who: str, now: datetime) -> str:
    """Make a feed in the place of the one before, and return its secret, which nothing can tell again."""
    await end(db, adviser)
    secret = token_urlsafe(BYTES)
    row = {"id": _blind_index(cipher, secret)[0], "adviser": adviser, "created": now, "created_by": who}
    await db.execute(insert(calendar_feeds).values(row))
    return secret


async def end(db: AsyncConnection, adviser: str | None) -> bool:
    """End a feed; return False if there is none."""
    return (await db.execute(delete(calendar_feeds).where(_of(adviser)))).rowcount > 0


async def of(db: AsyncConnection, adviser: str | None) -> CalendarFeed | None:
    """Return the feed of an adviser, or that of everybody."""
    return _first(list(await db.execute(select(calendar_feeds).where(_of(adviser)))))


async def find(db: AsyncConnection, cipher: Cipher, secret: str) -> CalendarFeed | None:
    """Return the feed with a secret."""
    named = calendar_feeds.c.id.in_(_blind_index(cipher, secret))
    return _first(list(await db.execute(select(calendar_feeds).where(named))))


async def note_reading(db: AsyncConnection, feed: CalendarFeed, now: datetime) -> None:
    """Note that a calendar reads it."""
    await db.execute(update(calendar_feeds).where(calendar_feeds.c.id == feed.id).values(read=now))


def _of(adviser: str | None) -> ColumnElement[bool]:
    return calendar_feeds.c.adviser.is_(None) if adviser is None else calendar_feeds.c.adviser == adviser


def _blind_index(cipher: Cipher, secret: str) -> list[bytes]:
    return cipher.blind_indexes(f"calendar {secret}")


def _first(rows: list[Row[Any]]) -> CalendarFeed | None:
    return next((CalendarFeed(row.id, row.adviser, row.created, row.created_by, row.read) for row in rows), None)
