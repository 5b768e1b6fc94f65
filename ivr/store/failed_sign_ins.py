"""Counts tries to sign in, so that nobody can guess, and no stranger can lock somebody out.

A try is counted before it is made and taken back when it succeeds, so that many at once count as many. Addresses are
kept as keyed hashes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.advisory_lock import advisory_lock
from ivr.store.cipher import Cipher
from ivr.store.tables import failed_sign_ins


class Kind(StrEnum):
    """What was tried."""

    password = "password"  # noqa: S105  a name
    code = "code"
    passkey = "passkey"
    single_sign_on = "single sign-on"
    link = "link"
    """To have a link sent by e-mail."""


@dataclass(frozen=True, slots=True)
class Bound:
    """How many tries there may be in a time; None: as many as one likes.

    `pair` is for one account from one network address, `address` for all accounts from there, and `account` for one
    account from anywhere.
    """

    pair: int
    address: int
    within: timedelta
    account: int | None = None


BOUNDS: Mapping[Kind, Bound] = {
    # Never for an account alone: whoever knows an e-mail address could keep its owner out.
    Kind.password: Bound(pair=10, address=50, within=timedelta(minutes=5)),
    # Whoever comes here knows the password, so they are no stranger; a code has six digits only.
    Kind.code: Bound(pair=10, address=50, within=timedelta(minutes=5), account=10),
    # Nobody guesses either; what is bounded is the work that a stranger has us, or the identity provider, do.
    Kind.passkey: Bound(pair=10, address=50, within=timedelta(minutes=5)),
    Kind.single_sign_on: Bound(pair=50, address=50, within=timedelta(minutes=5)),
    # Nobody's mailbox is to be filled; a link that was sent before works all the same.
    Kind.link: Bound(pair=3, address=10, within=timedelta(hours=1), account=5),
}


async def begin(db: AsyncConnection, cipher: Cipher, kind: Kind, email: str, address: str, now: datetime) -> int | None:
    """Count a try; return its number, or None if there were too many, in which case it is not counted."""
    await advisory_lock(db, "failed sign-ins")
    account, network, bound = cipher.blind_index(email.lower()), cipher.blind_index(address), BOUNDS[kind]
    same, there = failed_sign_ins.c.account == account, failed_sign_ins.c.address == network
    lately = (failed_sign_ins.c.kind == kind) & (failed_sign_ins.c.at > now - bound.within)
    for which, most in ((same & there, bound.pair), (there, bound.address), (same, bound.account)):
        if most is not None and await _count(db, lately & which) >= most:
            return None
    row = {"kind": kind, "account": account, "address": network, "at": now}
    added = await db.execute(insert(failed_sign_ins).values(row).returning(failed_sign_ins.c.n))
    n: int = added.scalar_one()
    return n


async def take_back(db: AsyncConnection, n: int) -> None:
    """Take a try back that was none: it succeeded."""
    await db.execute(delete(failed_sign_ins).where(failed_sign_ins.c.n == n))


async def _count(db: AsyncConnection, which: ColumnElement[bool]) -> int:
    return await db.scalar(select(func.count()).select_from(failed_sign_ins).where(which)) or 0
