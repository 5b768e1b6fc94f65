"""Opt-outs that staff look up, set and lift for somebody who asks."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import IvrError
from ivr.store import audit, opt_outs
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.opt_outs import OptOutSource

HELD_BY_THE_PROVIDER = (
    "They said STOP to the telephone company, which sends them no text of ours until they text START to our number"
    " themselves. Nobody else can lift that."
)


class CannotLift(IvrError):
    """The provider holds the opt-out: only the person can lift it."""


@dataclass(frozen=True, slots=True)
class OptOut:
    """Whether a number is opted out, since when, and whether staff can lift it. The number is not in it."""

    since: datetime | None
    staff_can_lift: bool


async def look_up(db: AsyncConnection, cipher: Cipher, number: str) -> OptOut:
    """Return the opt-out of a number (E.164)."""
    blind_indexes = cipher.blind_indexes(number)
    since = await opt_outs.opted_out_since(db, *blind_indexes)
    held = await opt_outs.is_held_by_provider(db, *blind_indexes)
    return OptOut(since, since is not None and not held)


async def opt_out(db: AsyncConnection, cipher: Cipher, number: str, by: By) -> OptOut:
    """Text a number (E.164) no more, and drop its reminders; what is still waiting for it is not sent either."""
    if await opt_outs.opt_out(db, cipher.blind_index(number), by.at, OptOutSource.staff):
        await audit.write(db, by, "opt-out: one set")
    return await look_up(db, cipher, number)


async def lift(db: AsyncConnection, cipher: Cipher, number: str, by: By) -> OptOut:
    """Text a number (E.164) again, because its owner asked for it; raise CannotLift where that takes START."""
    found = await look_up(db, cipher, number)
    if found.since and not found.staff_can_lift:
        raise CannotLift(HELD_BY_THE_PROVIDER)
    if await opt_outs.opt_in(db, *cipher.blind_indexes(number)):
        await audit.write(db, by, "opt-out: one lifted")
    return await look_up(db, cipher, number)
