"""The states of a text in the outbox, and its moves from one to another.

    waiting ─ claim ─► sending ─ sent ─► sent ─ delivery ─► delivered
     │ ▲                 │  │                      └──────► failed
     │ ├─ put_off, hand_back ┘├─ failed, give_up ─► failed ─ retry, by staff ─► waiting
     │ └─ send_again ─ unknown ◄─ unknown, expire
     └─ doubt_overdue, doubt_all ─┘

A text is tried until it is of no use any more (`good_until`), however often that is. One that is sent or delivered is
not sent again, unless the provider says that it failed for a reason which passes; old news changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.canary import CANARY
from ivr.store import daily_counts
from ivr.store.cipher import Cipher
from ivr.store.tables import sms_outbox


class SmsState(StrEnum):
    """The state of a text. `unknown`: the provider may have it or not, and nobody has told us."""

    waiting = "waiting"
    sending = "sending"
    unknown = "unknown"
    sent = "sent"
    delivered = "delivered"
    failed = "failed"


IN_FLIGHT = SmsState.sending, SmsState.unknown
UNSETTLED = SmsState.waiting, *IN_FLIGHT


@dataclass(frozen=True, slots=True)
class OutboxText:
    """One text; `tried` is when the last attempt began, `resent` how often it was sent again for want of a callback."""

    id: str
    to: str = field(repr=False)  # neither may come to stand in a log
    body: str = field(repr=False)
    topic: str
    due: datetime
    state: SmsState
    attempts: int
    sid: str | None
    reason: str | None
    resent: int
    tried: datetime | None
    promised: datetime


def read(row: Row[Any], cipher: Cipher) -> OutboxText:
    """Return a row decrypted; raise InvalidToken if it cannot be."""
    to, body = cipher.decrypt(row.number), cipher.decrypt(row.body)
    state = SmsState(row.state)
    return OutboxText(
        row.id,
        to,
        body,
        row.topic,
        row.due,
        state,
        row.attempts,
        row.sid,
        row.reason,
        row.resent,
        row.tried,
        row.promised,
    )


async def move(
    db: AsyncConnection, id: str, before: Iterable[SmsState], to: SmsState, now: datetime, **values: Any
) -> bool:
    """Move a text to another state, if it is in one of those before."""
    change = {"state": to, "lease": None, "changed": now, **values}
    moving = update(sms_outbox).where(sms_outbox.c.id == id, sms_outbox.c.state.in_(list(before))).values(change)
    topic = await db.scalar(moving.returning(sms_outbox.c.topic))
    if topic not in (None, CANARY) and to in (SmsState.sent, SmsState.delivered, SmsState.failed):
        await daily_counts.add_one(db, f"text {to}", now)
    return topic is not None
