"""Tells managers of shifts: of one that nobody will do, or that is not confirmed. Nothing of a caller is in it.

What each is told, and by text or e-mail, is as in `alert_messages.py`; the words are those of the content.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.alert_lines import AlertLine
from ivr.helpline.intervals import Interval
from ivr.helpline.quiet_hours import next_texting_hour
from ivr.store import accounts, alert_messages
from ivr.store.accounts import Account, Channel, Role
from ivr.store.alert_messages import Ways
from ivr.store.cipher import Cipher

SHIFT = "shift"
"""What their messages are about."""


async def reachable(db: AsyncConnection, cipher: Cipher) -> list[Account]:
    """Return the managers and administrators who gave a mobile that can be texted, or chose e-mails."""
    able = [one for one in await accounts.read(db, cipher) if one.is_active and one.role.includes(Role.manager)]
    return [one for one in able if await alert_messages.channels(db, cipher, one, _ways(one))]


async def tell_of_shift(
    db: AsyncConnection,
    cipher: Cipher,
    body: str,
    adviser: str,
    shift: Interval,
    now: datetime,
    besides: str | None = None,
) -> int:
    """Tell each of them once about a shift; return how many.

    Not whoever does the shift (the adviser's id), nor whoever has just said it on a page (`besides`, an account's id).
    In quiet hours it waits for the morning, unless the shift begins before.
    """
    told = [one for one in await reachable(db, cipher) if one.adviser != adviser and one.id != besides]
    morning = next_texting_hour(now)
    due = morning if morning < shift[0] else now
    each = {one.mobile if one.mobile and one.alerts_by is not Channel.email else one.id: one for one in reversed(told)}
    for one in each.values():
        line, ways = AlertLine(body), _ways(one)
        await alert_messages.add(db, cipher, one, [line], [SHIFT], now, ways, due=due, good_until=shift[1])
    return len(each)


def _ways(account: Account) -> Ways:
    """Return the ways for shifts: nobody who chose nothing is sent e-mails about every one."""
    return Ways(text=True, email=account.alerts_by is Channel.email)
