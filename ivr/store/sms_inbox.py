"""The inbox: texts from callers, kept for staff, and whether each gets our automatic answer."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.advisory_lock import advisory_lock
from ivr.store.cipher import Cipher
from ivr.store.idempotency import run_once
from ivr.store.quotas import DAY, HOUR
from ivr.store.tables import sms_inbox

ANSWER, NO_ANSWER = "answer", "no answer"


@dataclass(frozen=True, slots=True)
class IncomingText:
    """A text from a caller; `answered` if it got our one answer of the day."""

    id: str
    number: str = field(repr=False)
    body: str = field(repr=False)
    answered: bool
    received: datetime


async def receive(
    db: AsyncConnection, cipher: Cipher, key: str, number: str, body: str, now: datetime, most: int = 200
) -> bool:
    """Add a text; return whether to answer it: once in 24 hours for each number, and `most` numbers in an hour.

    More than one answer could set two machines texting each other for ever. The same key again has the same outcome.
    """

    async def decide() -> str:
        await advisory_lock(db, "inbox")
        blind_indexes = cipher.blind_indexes(number)
        lately = sms_inbox.c.blind_index.in_(blind_indexes), sms_inbox.c.answered, sms_inbox.c.received > now - DAY
        of_hour = sms_inbox.c.answered, sms_inbox.c.received > now - HOUR
        answered_lately = await db.scalar(select(func.count()).select_from(sms_inbox).where(*lately)) or 0
        answered_at_all = await db.scalar(select(func.count()).select_from(sms_inbox).where(*of_hour)) or 0
        answer = answered_lately == 0 and answered_at_all < most
        encrypted = cipher.encrypt_number(number) | {"body": cipher.encrypt(body)}
        await db.execute(insert(sms_inbox).values(id=str(uuid4()), answered=answer, received=now, **encrypted))
        return ANSWER if answer else NO_ANSWER

    return await run_once(db, cipher, key, now, decide) == ANSWER


async def read(db: AsyncConnection, cipher: Cipher, limit: int) -> list[IncomingText]:
    """Return the latest texts, newest first; raise InvalidToken if one cannot be decrypted."""
    rows = await db.execute(select(sms_inbox).order_by(sms_inbox.c.received.desc()).limit(limit))
    return [
        IncomingText(row.id, cipher.decrypt(row.number), cipher.decrypt(row.body), row.answered, row.received)
        for row in rows
    ]
