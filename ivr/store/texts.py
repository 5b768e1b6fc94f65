"""The outbox: what was promised to be texted, until the provider has it and for a week after.

    waiting ─ claim ─► sending ─ sent ─► sent ─ delivery ─► delivered
     │ ▲                 │  │                      └──────► failed
     │ ├──── put_off ────┘  ├─ failed ─► failed
     │ └─ send_again ─ unknown ◄─ unknown, expire
     └─ doubt_overdue ────┘

A text that somebody already has (sent, delivered) is never sent again, and a state never goes backwards.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.promises import Kept, TextPromise
from ivr.errors import BrokenSeal
from ivr.store import counts as tally
from ivr.store import resources, stops
from ivr.store.caps import HOUR, Caps, is_capped
from ivr.store.cipher import Cipher
from ivr.store.moments import has_come
from ivr.store.once import once
from ivr.store.tables import stops as stopped_numbers
from ivr.store.tables import texts

A_WHILE = timedelta(seconds=60)
SAID_STOP = "they said STOP before it could be sent"
TOO_LATE = "it could not be sent while it was still of use"
UNREADABLE = "it was sealed with a secret that we have no longer"


class State(StrEnum):
    """Where a text has got to. `unknown`: the provider may have it or not, and nobody has told us."""

    waiting = "waiting"
    sending = "sending"
    unknown = "unknown"
    sent = "sent"
    delivered = "delivered"
    failed = "failed"


IN_FLIGHT = State.sending, State.unknown
UNSETTLED = State.waiting, *IN_FLIGHT


@dataclass(frozen=True, slots=True)
class Text:
    """One text; `tried` is when the last attempt began, `doubled` how often it was sent again for want of news."""

    id: str
    to: str = field(repr=False)  # neither may come to stand in a log
    body: str = field(repr=False)
    topic: str
    due: datetime
    state: State
    attempts: int
    sid: str | None
    reason: str | None
    doubled: int
    tried: datetime | None


async def promise(
    db: AsyncConnection,
    cipher: Cipher,
    key: str,
    promise: TextPromise,
    now: datetime,
    caps: Caps,
    due: datetime | None = None,
) -> Kept:
    """Undertake to send a text, now or when it is due. The same key again has the same outcome and adds nothing."""

    async def decide() -> Kept:
        marks = cipher.marks(promise.to)
        if await stops.is_stopped(db, *marks):
            return Kept.stopped
        if await is_capped(db, caps, marks, 1, now):
            return Kept.capped
        number, body = cipher.seal(promise.to), cipher.seal(promise.body)
        await add(db, str(uuid4()), number, marks[0], body, promise.topic, due=due or now, promised=now, now=now)
        return Kept.kept

    return Kept(await once(db, cipher, key, now, decide))


async def add(
    db: AsyncConnection,
    id: str,
    number: bytes,
    mark: bytes,
    body: bytes,
    topic: str,
    *,
    due: datetime,
    promised: datetime,
    now: datetime,
    good_until: datetime | None = None,
) -> None:
    """Put a text that is sealed already into the outbox. It is not sent after `good_until`."""
    values = {"id": id, "number": number, "mark": mark, "body": body, "topic": topic, "state": State.waiting}
    times = {"due": due, "promised": promised, "good_until": good_until, "changed": now}
    await db.execute(insert(texts).values(values | times))
    await tally.add_one(db, "text promised", now)


async def claim(db: AsyncConnection, cipher: Cipher, now: datetime, lease: timedelta, limit: int) -> list[Text]:
    """Take texts that are due, to send them: nobody else is given them. Commit before sending.

    Whoever has not said by the end of the lease what became of one is taken for dead (`expire`).
    """
    is_due = (texts.c.state == State.waiting) & has_come(texts.c.due, texts.c.changed, now)
    stopped = texts.c.mark.in_(select(stopped_numbers.c.mark))
    await _fail(db, is_due & stopped, SAID_STOP, now)
    await _fail(db, is_due & (texts.c.good_until < now), TOO_LATE, now)
    ids = await _pick(db, is_due, texts.c.due, limit)
    claimed = {"state": State.sending, "attempts": texts.c.attempts + 1, "lease": now + lease, "tried": now}
    return await _take(db, cipher, ids, claimed, now)


async def doubt_overdue(db: AsyncConnection, now: datetime) -> None:
    """Texts that were due an hour ago, and that nobody has tried to send: they are looked for before they are sent.

    No worker was there for so long, or this is a backup from before they were sent.
    """
    overdue = (texts.c.state == State.waiting) & (texts.c.attempts == 0)
    ids = await _pick(db, overdue & (texts.c.due < now - HOUR), texts.c.due, None)
    doubtful = {"state": State.unknown, "look_at": now, "changed": now}
    await db.execute(update(texts).where(texts.c.id.in_(ids)).values(doubtful))


async def expire(db: AsyncConnection, now: datetime, look_after: timedelta = A_WHILE) -> int:
    """Texts whose worker died in the middle of sending are unknown from now on; how many."""
    lost = (texts.c.state == State.sending) & has_come(texts.c.lease, texts.c.changed, now)
    ids = await _pick(db, lost, texts.c.lease, None)
    doubtful = {"state": State.unknown, "lease": None, "look_at": now + look_after, "looks": 0, "changed": now}
    await db.execute(update(texts).where(texts.c.id.in_(ids)).values(doubtful))
    return len(ids)


async def to_look_for(
    db: AsyncConnection, cipher: Cipher, now: datetime, limit: int, lease: timedelta = A_WHILE
) -> list[Text]:
    """Take texts of which nothing is known, to look for them at the provider: nobody else is given them meanwhile."""
    is_due = (texts.c.state == State.unknown) & has_come(texts.c.look_at, texts.c.changed, now)
    ids = await _pick(db, is_due, texts.c.look_at, limit)
    return await _take(db, cipher, ids, {"look_at": now + lease}, now)


async def has_twin_on_its_way(db: AsyncConnection, cipher: Cipher, text: Text) -> bool:
    """Whether the same words are being sent to the same number: what is in the provider's list may be that other."""
    others = (texts.c.state == State.sending) & texts.c.mark.in_(cipher.marks(text.to)) & (texts.c.id != text.id)
    with suppress(BrokenSeal):
        return text.body in [cipher.open(body) for body in await db.scalars(select(texts.c.body).where(others))]
    return False


async def sent(db: AsyncConnection, id: str, sid: str, now: datetime) -> None:
    """The provider has it, under this name."""
    await _provider_has(db, id, sid, now)
    await _move(db, id, UNSETTLED, State.sent, now)


async def failed(db: AsyncConnection, id: str, reason: str, now: datetime) -> None:
    """It cannot be sent, for a reason that staff can read."""
    await _move(db, id, UNSETTLED, State.failed, now, reason=reason)


async def put_off(db: AsyncConnection, id: str, due: datetime, now: datetime) -> None:
    """The provider certainly did not take it: send it later."""
    await _move(db, id, IN_FLIGHT, State.waiting, now, due=due)


async def unknown(db: AsyncConnection, id: str, look_at: datetime, now: datetime) -> None:
    """The provider may have taken it: wait for news, and look for it then."""
    await _move(db, id, IN_FLIGHT, State.unknown, now, look_at=look_at)


async def looked(db: AsyncConnection, id: str, look_at: datetime, now: datetime) -> int:
    """It was not found at the provider: look again then. Returns how often we have looked since it was last sent."""
    still = (texts.c.id == id) & (texts.c.state == State.unknown)
    once_more = update(texts).where(still).values(looks=texts.c.looks + 1, look_at=look_at, changed=now)
    return await db.scalar(once_more.returning(texts.c.looks)) or 0


async def send_again(db: AsyncConnection, id: str, now: datetime) -> None:
    """Nobody can tell whether the provider took it: better one text too many than one too few. It is counted."""
    if await _move(db, id, (State.unknown,), State.waiting, now, due=now, looks=0, doubled=texts.c.doubled + 1):
        await tally.add_one(db, "text doubled", now)


async def delivery(db: AsyncConnection, id: str, sid: str, status: str, error: str | None, now: datetime) -> None:
    """What the provider tells of a text (https://www.twilio.com/docs/messaging/api/message-resource#message-status-values).

    It may come late, twice, in any order, and before the answer to our own request. `error` is for staff to read.
    """
    await _provider_has(db, id, sid, now)
    if status in ("delivered", "read"):
        await _move(db, id, (*UNSETTLED, State.sent, State.failed), State.delivered, now, reason=None)
    elif status in ("undelivered", "failed", "canceled"):
        await _move(db, id, (*UNSETTLED, State.sent), State.failed, now, reason=error or status)
    else:
        await _move(db, id, UNSETTLED, State.sent, now)


async def counts(db: AsyncConnection) -> dict[State, int]:
    """How many texts there are in each state."""
    found = await db.execute(select(texts.c.state, func.count().label("n")).group_by(texts.c.state))
    return dict.fromkeys(State, 0) | {State(row.state): row.n for row in found}


async def in_last_hour(db: AsyncConnection, now: datetime) -> int:
    """How many texts were promised within the hour."""
    return await db.scalar(select(func.count()).select_from(texts).where(texts.c.promised > now - HOUR)) or 0


async def _provider_has(db: AsyncConnection, id: str, sid: str, now: datetime) -> None:
    """Remember the provider's name for it. What was erased or purged meanwhile is to be deleted there at once."""
    mark = await db.scalar(select(texts.c.mark).where(texts.c.id == id).with_for_update())
    await resources.add(db, "message", sid, mark, now, due=now if mark is None else None)
    await db.execute(update(texts).where(texts.c.id == id, texts.c.sid.is_(None)).values(sid=sid))


async def _move(db: AsyncConnection, id: str, before: Iterable[State], to: State, now: datetime, **values: Any) -> bool:
    """Bring a text into another state, if it is in one of those before."""
    change = {"state": to, "lease": None, "changed": now, **values}
    moved = await db.execute(update(texts).where(texts.c.id == id, texts.c.state.in_(list(before))).values(change))
    if moved.rowcount and to in (State.sent, State.delivered, State.failed):
        await tally.add_one(db, f"text {to}", now)
    return moved.rowcount > 0


async def _fail(db: AsyncConnection, which: ColumnElement[bool], reason: str, now: datetime) -> None:
    for id in await _pick(db, which, texts.c.due, None):
        await failed(db, id, reason, now)


async def _pick(
    db: AsyncConnection, which: ColumnElement[bool], order: ColumnElement[Any], limit: int | None
) -> list[str]:
    """The first that nobody else is holding at this moment, held until the transaction ends."""
    held = select(texts.c.id).where(which).order_by(order).limit(limit).with_for_update(skip_locked=True)
    return list(await db.scalars(held))


async def _take(
    db: AsyncConnection, cipher: Cipher, ids: list[str], values: dict[str, Any], now: datetime
) -> list[Text]:
    await db.execute(update(texts).where(texts.c.id.in_(ids)).values(values | {"changed": now}))
    rows = await db.execute(select(texts).where(texts.c.id.in_(ids)).order_by(texts.c.due, texts.c.id))
    taken = []
    for row in rows.all():
        try:
            taken.append(read(row, cipher))
        except BrokenSeal:  # one that cannot be read must not hold up the others
            await failed(db, row.id, UNREADABLE, now)
    return taken


def read(row: Row[Any], cipher: Cipher) -> Text:
    """A row of the table, unsealed; raises BrokenSeal."""
    to, body = cipher.open(row.number), cipher.open(row.body)
    state = State(row.state)
    return Text(row.id, to, body, row.topic, row.due, state, row.attempts, row.sid, row.reason, row.doubled, row.tried)
