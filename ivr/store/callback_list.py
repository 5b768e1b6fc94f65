"""The callback list, which advisers work through, one of them at each caller at a time.

    open ── claim ──► claimed ── settle ──► done, gave_up
      ▲                  │                      │
      ├──── release ─────┘  and by itself, after A_CLAIM
      └──── undo ───────────────────────────────┘

What is done or given up is off the list and kept for a while (`retention.py`).
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.timezone import today_in_london
from ivr.helpline.urgency import is_urgent
from ivr.helpline.working_days import Calendar, england_and_wales
from ivr.store import callback_attempts, one_off_holidays
from ivr.store.callback_attempts import CallbackAttempt
from ivr.store.cipher import Cipher
from ivr.store.claims import A_CLAIM
from ivr.store.tables import callbacks


class CallbackState(StrEnum):
    """The state of a callback."""

    open = "open"
    claimed = "claimed"
    done = "done"
    gave_up = "gave_up"


LISTED = callbacks.c.state.in_([CallbackState.open, CallbackState.claimed])
SETTLED = callbacks.c.state.in_([CallbackState.done, CallbackState.gave_up])


@dataclass(frozen=True, slots=True)
class CallbackItem:
    """One caller on the list. `number` is E.164, None if it cannot be decrypted.

    `by` is whoever has claimed or settled it, None if nobody has; `urgent` is as of the day the list was read.
    `audience` is young_person if that is who called. `may_leave_message` is whether they agreed to a message on their
    voicemail, None if they were not asked; `remind_at` is when whoever has claimed it wants to see it on top.
    """

    id: str
    number: str | None = field(repr=False)
    topic: str
    deadline: date | None
    part: str
    asked: datetime
    urgent: bool
    by: str | None
    attempts: tuple[CallbackAttempt, ...]
    state: CallbackState
    audience: str = ""
    may_leave_message: bool | None = None
    remind_at: datetime | None = None


async def read(db: AsyncConnection, cipher: Cipher, now: datetime) -> list[CallbackItem]:
    """Return the callers to be rung back: the urgent first, then whoever has waited longest."""
    return sorted(await _read(db, cipher, now, LISTED), key=lambda item: not item.urgent)


async def read_one(db: AsyncConnection, cipher: Cipher, id: str, now: datetime) -> CallbackItem:
    """Return a callback, on the list or off it."""
    return (await _read(db, cipher, now, callbacks.c.id == id))[0]


async def find(db: AsyncConnection, cipher: Cipher, begins: str, now: datetime) -> list[CallbackItem]:
    """Return the callbacks whose id begins so, on the list or off it."""
    return await _read(db, cipher, now, callbacks.c.id.startswith(begins, autoescape=True))


async def _read(db: AsyncConnection, cipher: Cipher, now: datetime, which: ColumnElement[bool]) -> list[CallbackItem]:
    rows = (await db.execute(select(callbacks).where(which).order_by(callbacks.c.asked, callbacks.c.id))).all()
    tried, calendar = await callback_attempts.read(db, which), england_and_wales(await one_off_holidays.read(db))
    return [_item(row, cipher, now, tried.get(row.id, ()), calendar) for row in rows]


def _item(
    row: Row[Any], cipher: Cipher, now: datetime, tried: tuple[CallbackAttempt, ...], calendar: Calendar
) -> CallbackItem:
    urgent = is_urgent(row.deadline, today_in_london(now), today_in_london(row.asked), calendar)
    lapsed = row.state == CallbackState.claimed and row.changed < now - A_CLAIM
    state = CallbackState.open if lapsed else CallbackState(row.state)
    by = None if state is CallbackState.open else row.by
    about = cipher.decrypt_or_none(row.number), row.topic, row.deadline, row.part, row.asked
    asked_for = row.audience, row.may_leave_message, row.remind_at if by else None
    return CallbackItem(row.id, *about, urgent, by, tried, state, *asked_for)


async def claim(db: AsyncConnection, id: str, by: str, now: datetime) -> bool:
    """Claim a caller; return False if somebody else has, or if they are off the list."""
    return await _move(db, id, by, CallbackState.claimed, now, by=by)


async def release(db: AsyncConnection, id: str, by: str, now: datetime) -> bool:
    """Release a claim."""
    return await _move(db, id, by, CallbackState.open, now, by=None)


async def settle(db: AsyncConnection, id: str, by: str, now: datetime, *, reached: bool) -> bool:
    """Take a caller off the list: they were reached, or it was given up."""
    return await _move(db, id, by, CallbackState.done if reached else CallbackState.gave_up, now, by=by)


async def undo(db: AsyncConnection, id: str, now: datetime) -> bool:
    """Put a caller back on the list who was settled by mistake; return False if they were not."""
    again = {"state": CallbackState.open, "by": None, "changed": now, "remind_at": None}
    undone = await db.execute(update(callbacks).where((callbacks.c.id == id) & SETTLED).values(again))
    return undone.rowcount > 0


async def remind(db: AsyncConnection, id: str, by: str, at: datetime, now: datetime) -> bool:
    """Have whoever has claimed a caller see them on top from a time on; return False if that is not `by`.

    The claim lapses as any other: a reminder keeps nobody else from ringing them before.
    """
    theirs = (callbacks.c.id == id) & _is(CallbackState.claimed) & (callbacks.c.by == by)
    reminded = update(callbacks).where(theirs, callbacks.c.changed >= now - A_CLAIM).values(remind_at=at)
    return (await db.execute(reminded)).rowcount > 0


async def attempt(db: AsyncConnection, id: str, by: str, how: str, now: datetime) -> bool:
    """Record an attempt, in the words of whoever made it."""
    free: str | None = await db.scalar(select(callbacks.c.id).where(_is_free(id, by, now)).with_for_update())
    if free:
        await callback_attempts.add(db, id, by, how, now)
    return free is not None


async def _move(db: AsyncConnection, id: str, who: str, to: CallbackState, now: datetime, **values: str | None) -> bool:
    """Move a caller to another state, for somebody; what they wanted to be reminded of is seen to by that."""
    moved = await db.execute(
        update(callbacks).where(_is_free(id, who, now)).values(state=to, changed=now, remind_at=None, **values)
    )
    return moved.rowcount > 0


def _is_free(id: str, who: str, now: datetime) -> ColumnElement[bool]:
    """Return the condition that nobody else has claimed the caller, or too long ago."""
    theirs = or_(callbacks.c.by == who, callbacks.c.changed < now - A_CLAIM)
    return (callbacks.c.id == id) & or_(_is(CallbackState.open), _is(CallbackState.claimed) & theirs)


def _is(state: CallbackState) -> ColumnElement[bool]:
    return callbacks.c.state == state
