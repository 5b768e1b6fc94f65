"""What an adviser does with a caller on the callback list; `callback_call.py` rings them."""

from collections.abc import Awaitable

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import IvrError
from ivr.staff.lookup import SHOWN, by_prefix
from ivr.store import audit, callback_list
from ivr.store.audit import By
from ivr.store.callback_list import CallbackItem
from ivr.store.cipher import Cipher


class CannotClaim(IvrError):
    """Somebody else has claimed the caller."""


async def find(db: AsyncConnection, cipher: Cipher, prefix: str, by: By) -> CallbackItem:
    """Return the caller on the list whose id begins so; raise NoSuchItem."""
    return by_prefix(await callback_list.read(db, cipher, by.at), prefix, "callback")


async def claim(db: AsyncConnection, cipher: Cipher, prefix: str, by: By) -> CallbackItem:
    """Claim a caller: for two hours nobody else can; raise NoSuchItem or CannotClaim."""
    item = await find(db, cipher, prefix, by)
    return await _changed(db, cipher, item, by, callback_list.claim(db, item.id, by.who, by.at), "claimed")


async def release(db: AsyncConnection, cipher: Cipher, prefix: str, by: By) -> CallbackItem:
    """Release a claim; raise NoSuchItem or CannotClaim."""
    item = await find(db, cipher, prefix, by)
    return await _changed(db, cipher, item, by, callback_list.release(db, item.id, by.who, by.at), "released")


async def attempt(db: AsyncConnection, cipher: Cipher, prefix: str, how: str, by: By) -> CallbackItem:
    """Record an attempt in the words of whoever made it; raise NoSuchItem or CannotClaim."""
    item = await find(db, cipher, prefix, by)
    return await _changed(db, cipher, item, by, callback_list.attempt(db, item.id, by.who, how, by.at), "tried")


async def settle(db: AsyncConnection, cipher: Cipher, prefix: str, by: By, *, reached: bool) -> CallbackItem:
    """Take a caller off the list: they were reached, or it was given up; raise NoSuchItem or CannotClaim."""
    item, what = await find(db, cipher, prefix, by), "done" if reached else "given up"
    settling = callback_list.settle(db, item.id, by.who, by.at, reached=reached)
    return await _changed(db, cipher, item, by, settling, what)


async def _changed(
    db: AsyncConnection, cipher: Cipher, item: CallbackItem, by: By, change: Awaitable[bool], what: str
) -> CallbackItem:
    """Make a change, write it to the audit log, and return the item as it is then."""
    if not await change:
        raise CannotClaim(f"{item.by or 'Somebody else'} has claimed them.")
    await write_audit(db, item, by, what)
    return await callback_list.read_one(db, cipher, item.id, by.at)


async def write_audit(db: AsyncConnection, item: CallbackItem, by: By, what: str) -> None:
    """Write a change to the audit log, without the number, the topic or an adviser's own words."""
    await audit.write(db, by, f"callback {item.id[:SHOWN]}: {what}")
