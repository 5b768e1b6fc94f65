"""The list of texts, for staff: above all those that were given up, each with its reason."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import InvalidToken
from ivr.helpline.canary import CANARY
from ivr.store.cipher import Cipher
from ivr.store.sms_states import SmsState
from ivr.store.tables import sms_outbox


@dataclass(frozen=True, slots=True)
class ListedText:
    """A text; `number` is None where it is not asked for, or was sealed with a secret that we do not have."""

    id: str
    number: str | None = field(repr=False)
    topic: str
    state: SmsState
    reason: str | None
    attempts: int
    promised: datetime
    changed: datetime


async def read(
    db: AsyncConnection, cipher: Cipher, states: Iterable[SmsState], limit: int, *, numbers: bool = False
) -> list[ListedText]:
    """Return texts in some states, the latest change first; those of test calls are left out."""
    wanted = select(sms_outbox).where(sms_outbox.c.state.in_(list(states)), sms_outbox.c.topic != CANARY)
    rows = await db.execute(wanted.order_by(sms_outbox.c.changed.desc(), sms_outbox.c.id).limit(limit))
    return [_listed(row, cipher, numbers=numbers) for row in rows.all()]


async def find(db: AsyncConnection, cipher: Cipher, prefix: str) -> list[ListedText]:
    """Return the texts whose id begins so, in any state."""
    rows = await db.execute(select(sms_outbox).where(sms_outbox.c.id.startswith(prefix, autoescape=True)))
    return [_listed(row, cipher, numbers=True) for row in rows.all()]


def _listed(row: Row[Any], cipher: Cipher, *, numbers: bool) -> ListedText:
    number = _opened(row.number, cipher) if numbers else None
    state = SmsState(row.state)
    return ListedText(row.id, number, row.topic, state, row.reason, row.attempts, row.promised, row.changed)


def _opened(number: bytes, cipher: Cipher) -> str | None:
    try:
        return cipher.decrypt(number)
    except InvalidToken:
        return None
