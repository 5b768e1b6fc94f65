"""Texts to managers, at the mobile of their account. Nothing of a caller is in them; they count against no quota."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.intervals import Interval
from ivr.helpline.quiet_hours import next_texting_hour
from ivr.store import accounts
from ivr.store.accounts import Account, Role
from ivr.store.cipher import Cipher
from ivr.store.staff_alerts import can_be_texted, enqueue_staff_text


async def reachable(db: AsyncConnection, cipher: Cipher) -> list[Account]:
    """Return the managers and administrators who can be texted."""
    able = [one for one in await accounts.read(db, cipher) if one.is_active and one.role.includes(Role.manager)]
    return [one for one in able if one.mobile and await can_be_texted(db, cipher, one.mobile)]


async def tell_of_shift(
    db: AsyncConnection,
    cipher: Cipher,
    body: str,
    adviser: str,
    shift: Interval,
    now: datetime,
    besides: str | None = None,
) -> int:
    """Text each of them once about a shift; return how many.

    Not whoever does the shift (the adviser's id), nor whoever has just said it on a page (`besides`, an account's id).
    In quiet hours it waits for the morning, unless the shift begins before.
    """
    told = [one for one in await reachable(db, cipher) if one.adviser != adviser and one.id != besides]
    morning = next_texting_hour(now)
    due = morning if morning < shift[0] else now
    numbers = dict.fromkeys(one.mobile for one in told if one.mobile)
    for number in numbers:
        await enqueue_staff_text(db, cipher, number, body, due, shift[1], now)
    return len(numbers)
