"""Texts that came in, kept for staff; and whether each may be answered."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.cipher import Cipher
from ivr.store.once import once, one_at_a_time
from ivr.store.tables import inbox

A_DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ANSWER, NO_ANSWER = "answer", "no answer"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A text from a caller; `answered` if it got our one answer of the day."""

    id: str
    number: str = field(repr=False)
    body: str = field(repr=False)
    answered: bool
    received: datetime


async def take(
    db: AsyncConnection, cipher: Cipher, key: str, number: str, body: str, now: datetime, most: int = 200
) -> bool:
    """Keep a text; True if it may be answered: once in 24 hours for each number, and `most` numbers in an hour.

    More than one answer could set two machines texting each other for ever. The same key again is told the same.
    """

    async def decide() -> str:
        await one_at_a_time(db, "inbox")
        marks = cipher.marks(number)
        lately = inbox.c.mark.in_(marks), inbox.c.answered, inbox.c.received > now - A_DAY
        of_hour = inbox.c.answered, inbox.c.received > now - HOUR
        answered_lately = await db.scalar(select(func.count()).select_from(inbox).where(*lately)) or 0
        answered_at_all = await db.scalar(select(func.count()).select_from(inbox).where(*of_hour)) or 0
        answer = answered_lately == 0 and answered_at_all < most
        sealed = {"number": cipher.seal(number), "mark": marks[0], "body": cipher.seal(body)}
        await db.execute(insert(inbox).values(id=str(uuid4()), answered=answer, received=now, **sealed))
        return ANSWER if answer else NO_ANSWER

    return await once(db, cipher, key, now, decide) == ANSWER


async def read(db: AsyncConnection, cipher: Cipher, limit: int) -> list[Incoming]:
    """The latest, newest first; raises BrokenSeal for one sealed with a secret that we have no longer."""
    rows = await db.execute(select(inbox).order_by(inbox.c.received.desc()).limit(limit))
    return [
        Incoming(row.id, cipher.open(row.number), cipher.open(row.body), row.answered, row.received) for row in rows
    ]
