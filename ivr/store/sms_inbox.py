"""The inbox: texts from callers, kept for staff, and whether each gets our automatic answer.

It is bounded: whoever floods us with texts fills neither the database nor the list that staff read.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Row, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store import daily_counts, opt_outs
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

    The number and the body are None where they cannot be decrypted.
    """

    id: str
    number: str | None = field(repr=False)
    body: str | None = field(repr=False)
    answered: bool
    received: datetime


USUAL_LIMITS = InboxLimits()


async def receive(
    db: AsyncConnection,
    cipher: Cipher,
    key: str,
    number: str,
    body: str,
    now: datetime,
    limits: InboxLimits = USUAL_LIMITS,
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
        await db.execute(insert(sms_inbox).values(id=str(uuid4()), answered=may_answer, received=now, **encrypted))
        return Receipt.answer if may_answer else Receipt.no_answer

    return Receipt(await run_once(db, cipher, key, now, decide))


async def read(db: AsyncConnection, cipher: Cipher, limit: int) -> list[IncomingText]:
    """Return the latest texts, newest first."""
    rows = await db.execute(select(sms_inbox).order_by(sms_inbox.c.received.desc()).limit(limit))
    return [_text(row, cipher) for row in rows]


def _text(row: Row[Any], cipher: Cipher) -> IncomingText:
    number, body = cipher.decrypt_or_none(row.number), cipher.decrypt_or_none(row.body)
    return IncomingText(row.id, number, body, row.answered, row.received)


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
