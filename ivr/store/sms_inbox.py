"""The inbox: texts from callers, kept for staff, and whether each gets our automatic answer.

    waits ── claim, release (`claims.py`) ── done, answer ──► done ── undo ──► waits

It is bounded: whoever floods us with texts fills neither the database nor the list that staff read.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store import claims, daily_counts, opt_outs
from ivr.store.advisory_lock import advisory_lock
from ivr.store.cipher import Cipher
from ivr.store.idempotency import known_outcome, run_once
from ivr.store.quotas import DAY, HOUR
from ivr.store.tables import sms_inbox


class Receipt(StrEnum):
    """What became of a text that came in."""

    answer = "answer"
    """It is kept, and gets our one answer of the day."""
    no_answer = "no answer"
    refused = "refused"
    """It is not kept: its sender, or all together, have sent too many."""


@dataclass(frozen=True, slots=True)
class InboxLimits:
    """Texts kept from one number in any 24 hours, and from all in any hour; and numbers answered in an hour."""

    per_number_per_day: int = 20
    per_hour: int = 300
    answers_per_hour: int = 200


@dataclass(frozen=True, slots=True)
class IncomingText:
    """A text from a caller; `answered` if it got our one answer of the day.

    The number and the body are None where they cannot be decrypted. `media` is how many pictures or the like came with
    it, of which we keep none. `answer` is the id of the text in the outbox that staff answered with.
    """

    id: str
    number: str | None = field(repr=False)
    body: str | None = field(repr=False)
    answered: bool
    received: datetime
    media: int = 0
    claimed_by: str | None = None
    claimed: datetime | None = None
    done_by: str | None = None
    done: datetime | None = None
    answer: str | None = None

    def claimer(self, now: datetime) -> str | None:
        """Return who has claimed it, unless the claim has lapsed."""
        return claims.claimer(self.claimed_by, self.claimed, now)


USUAL_LIMITS = InboxLimits()


async def receive(
    db: AsyncConnection,
    cipher: Cipher,
    key: str,
    number: str,
    body: str,
    now: datetime,
    limits: InboxLimits = USUAL_LIMITS,
    media: int = 0,
) -> Receipt:
    """Add a text, and return whether to answer it: once in 24 hours for each number that has not opted out.

    More than one answer could set two machines texting each other for ever. The same key again has the same outcome,
    unless the text was refused: that leaves nothing behind but a count.
    """
    await advisory_lock(db, "inbox")
    if outcome := await known_outcome(db, cipher, key):
        return Receipt(outcome)
    blind_indexes = cipher.blind_indexes(number)
    if await _is_full(db, blind_indexes, limits, now):
        await daily_counts.add_one(db, "incoming text refused", now)
        return Receipt.refused

    async def decide() -> Receipt:
        may_answer = await _may_answer(db, blind_indexes, limits, now)
        encrypted = cipher.encrypt_number(number) | {"body": cipher.encrypt(body)}
        about = {"answered": may_answer, "received": now, "media": media}
        await db.execute(insert(sms_inbox).values(id=str(uuid4()), **encrypted, **about))
        return Receipt.answer if may_answer else Receipt.no_answer

    return Receipt(await run_once(db, cipher, key, now, decide))


async def read(db: AsyncConnection, cipher: Cipher, limit: int) -> list[IncomingText]:
    """Return the latest texts, newest first."""
    rows = await db.execute(select(sms_inbox).order_by(sms_inbox.c.received.desc()).limit(limit))
    return [_text(row, cipher) for row in rows]


async def find(db: AsyncConnection, cipher: Cipher, begins: str) -> list[IncomingText]:
    """Return the texts whose id begins so, done or not."""
    rows = await db.execute(select(sms_inbox).where(sms_inbox.c.id.startswith(begins, autoescape=True)))
    return [_text(row, cipher) for row in rows]


async def claim(db: AsyncConnection, id: str, who: str, now: datetime) -> bool:
    """Claim a text; return False if somebody else has, or if it is done."""
    return await claims.claim(db, sms_inbox, _waits(id), who, now)


async def release(db: AsyncConnection, id: str, who: str, now: datetime) -> bool:
    """Release a claim; return False likewise."""
    return await claims.release(db, sms_inbox, _waits(id), who, now)


async def done(db: AsyncConnection, id: str, who: str, now: datetime, answer: str | None = None) -> bool:
    """Record that somebody has dealt with it, with an `answer` (its id in the outbox); return False likewise."""
    free = _waits(id) & claims.is_free(sms_inbox, who, now)
    values = {"done_by": who, "done": now, **claims.UNCLAIMED} | ({"answer": answer} if answer else {})
    return (await db.execute(update(sms_inbox).where(free).values(values))).rowcount > 0


async def undo(db: AsyncConnection, id: str) -> bool:
    """Have a text wait again that was done by mistake; return False if it was not done. An answer stays with it."""
    done = sms_inbox.c.id == id, sms_inbox.c.done.is_not(None)
    return (await db.execute(update(sms_inbox).where(*done).values(done=None, done_by=None))).rowcount > 0


def _waits(id: str) -> ColumnElement[bool]:
    return (sms_inbox.c.id == id) & sms_inbox.c.done.is_(None)


def _text(row: Row[Any], cipher: Cipher) -> IncomingText:
    number, body = cipher.decrypt_or_none(row.number), cipher.decrypt_or_none(row.body)
    work = row.claimed_by, row.claimed, row.done_by, row.done, row.answer
    return IncomingText(row.id, number, body, row.answered, row.received, row.media, *work)


async def _is_full(db: AsyncConnection, blind_indexes: list[bytes], limits: InboxLimits, now: datetime) -> bool:
    of_number = sms_inbox.c.blind_index.in_(blind_indexes) & (sms_inbox.c.received > now - DAY)
    if await _count(db, of_number) >= limits.per_number_per_day:
        return True
    return await _count(db, sms_inbox.c.received > now - HOUR) >= limits.per_hour


async def _may_answer(db: AsyncConnection, blind_indexes: list[bytes], limits: InboxLimits, now: datetime) -> bool:
    of_number = sms_inbox.c.answered & sms_inbox.c.blind_index.in_(blind_indexes) & (sms_inbox.c.received > now - DAY)
    if await opt_outs.is_opted_out(db, *blind_indexes) or await _count(db, of_number):
        return False
    return await _count(db, sms_inbox.c.answered & (sms_inbox.c.received > now - HOUR)) < limits.answers_per_hour


async def _count(db: AsyncConnection, which: ColumnElement[bool]) -> int:
    return int(await db.scalar(select(func.count()).select_from(sms_inbox).where(which)) or 0)
