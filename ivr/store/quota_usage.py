"""Who asked for what, so that nobody uses up what is for all, or has us reach one stranger after the other.

All whose number is withheld, or is no ordinary one, are one requester: nobody can tell them apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.phone_numbers import identity
from ivr.store.cipher import Cipher
from ivr.store.tables import quota_usage

HOUR = timedelta(hours=1)
PERIOD_OF_CALLER, PERIOD_OF_WITHHELD = timedelta(days=1), HOUR
"""For how long numbers that are not the caller's own are counted."""
NO_LIMIT = 1_000_000
TEXTS, CALLBACKS, MESSAGES = "texts", "callbacks", "messages"


@dataclass(frozen=True, slots=True)
class RequesterLimits:
    """How much one requester can have.

    `share` is the most of each hour's quota, in percent: the rest is for everybody else. The others limit how many
    numbers beside the caller's own can be reached: from a call, by a caller in 24 hours, and by all withheld callers
    together in an hour.
    """

    share: int = 100
    others_per_call: int = NO_LIMIT
    others_per_caller: int = NO_LIMIT
    others_of_withheld: int = NO_LIMIT


UNLIMITED = RequesterLimits()


@dataclass(frozen=True, slots=True)
class Requester:
    """Who asks: `call` is the CallSid, `number` the From that rings, as the provider gives it."""

    call: str
    number: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many of a kind, to be sent to a number, of the `per_hour` that all callers together can have."""

    kind: str
    number: str
    per_hour: int
    amount: int = 1


async def is_refused(
    db: AsyncConnection, cipher: Cipher, limits: RequesterLimits, who: Requester | None, wanted: Wanted, now: datetime
) -> bool:
    """Return whether this would be too much for one requester; if it is not, record that they have it.

    To be called last, under the lock of its kind, and once for each idempotency key. Nobody asked for what has no
    requester.
    """
    if who is None:
        return False
    own = identity(who.number)
    callers = cipher.blind_indexes(own) if own else []
    other = cipher.blind_index(wanted.number) if identity(wanted.number) not in (own, None) else None
    row = {"call": cipher.blind_index(who.call), "caller": callers[0] if own else None, "other": other}
    if _exceeds(limits, await _used(db, wanted.kind, callers, now), row, wanted, now):
        return True
    await db.execute(insert(quota_usage).values(kind=wanted.kind, amount=wanted.amount, at=now, **row))
    return False


async def for_number(db: AsyncConnection, *blind_indexes: bytes) -> Sequence[Row[Any]]:
    """Return what the number with these blind indexes asked for, or what was asked for to be sent there."""
    return (await db.execute(select(quota_usage).where(_of_number(blind_indexes)).order_by(quota_usage.c.n))).all()


async def delete_of(db: AsyncConnection, *blind_indexes: bytes) -> None:
    """Delete what is recorded of the number with these blind indexes."""
    await db.execute(delete(quota_usage).where(_of_number(blind_indexes)))


def _of_number(blind_indexes: Sequence[bytes]) -> ColumnElement[bool]:
    return or_(quota_usage.c.caller.in_(blind_indexes), quota_usage.c.other.in_(blind_indexes))


async def _used(db: AsyncConnection, kind: str, callers: list[bytes], now: datetime) -> Sequence[Row[Any]]:
    """Return what the same requester has had; without blind indexes that is everybody whose number is withheld."""
    same = quota_usage.c.caller.in_(callers) if callers else quota_usage.c.caller.is_(None)
    since = now - (PERIOD_OF_CALLER if callers else PERIOD_OF_WITHHELD)
    return (
        await db.execute(select(quota_usage).where(quota_usage.c.kind == kind, same, quota_usage.c.at > since))
    ).all()


def _exceeds(
    limits: RequesterLimits, used: Sequence[Row[Any]], row: dict[str, Any], wanted: Wanted, now: datetime
) -> bool:
    of_hour = sum(one.amount for one in used if one.at > now - HOUR)
    if of_hour + wanted.amount > ceil(wanted.per_hour * limits.share / 100):
        return True
    if row["other"] is None:
        return False
    others = {one.other for one in used if one.other} | {row["other"]}
    of_call = {one.other for one in used if one.other and one.call == row["call"]} | {row["other"]}
    most = limits.others_per_caller if row["caller"] else limits.others_of_withheld
    return len(others) > most or len(of_call) > limits.others_per_call
