"""What an adviser does with a caller on the callback list; `callback_call.py` rings them."""

from collections.abc import Awaitable
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import InvalidInput
from ivr.staff import working
from ivr.staff.lookup import SHOWN, by_prefix
from ivr.staff.working import CannotClaim
from ivr.store import audit, callback_list
from ivr.store.audit import By
from ivr.store.callback_list import CallbackItem, CallbackState
from ivr.store.cipher import Cipher
from ivr.store.item_kinds import ItemKind

LATEST_REMINDER = timedelta(days=1)


async def find(db: AsyncConnection, cipher: Cipher, prefix: str, by: By) -> CallbackItem:
    """Return the caller on the list whose id begins so; raise NoSuchItem."""
    return by_prefix(await callback_list.read(db, cipher, by.at), prefix, "callback")


async def find_any(db: AsyncConnection, cipher: Cipher, prefix: str, by: By) -> CallbackItem:
    """Return the callback whose id begins so, on the list or off it; raise NoSuchItem."""
    return by_prefix(await callback_list.find(db, cipher, prefix.lower(), by.at), prefix, "callback")


async def look(db: AsyncConnection, cipher: Cipher, prefix: str, by: By, *, number: bool = False) -> CallbackItem:
    """Return it likewise for somebody who sees it, which the audit log tells; raise NoSuchItem.

    `number`: whether they see the whole number.
    """
    item = await find_any(db, cipher, prefix, by)
    await write_audit(db, item, by, working.SAW_NUMBER if number else "seen")
    return item


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


async def undo(db: AsyncConnection, cipher: Cipher, prefix: str, by: By, *, of_others: bool) -> CallbackItem:
    """Put a caller back on the list who was taken off it by mistake; raise NoSuchItem or CannotUndo.

    `of_others`: whoever does it may undo what others did.
    """
    item = await find_any(db, cipher, prefix, by)
    is_settled = item.state in (CallbackState.done, CallbackState.gave_up)
    working.check_undo(by, (item.by or "Somebody") if is_settled else None, of_others=of_others)
    return await _changed(db, cipher, item, by, callback_list.undo(db, item.id, by.at), "on the list again")


async def remind(db: AsyncConnection, cipher: Cipher, prefix: str, at: datetime, by: By) -> CallbackItem:
    """Show whoever has claimed a caller this item on top from a time on (aware).

    The claim lapses as ever: anybody may ring the caller before. Raises NoSuchItem, CannotClaim, or InvalidInput for a
    time that is over, or more than a day ahead.
    """
    if not by.at < at <= by.at + LATEST_REMINDER:
        raise InvalidInput("Name a time within the next 24 hours to be reminded at.")
    item = await find(db, cipher, prefix, by)
    if item.by is None:
        raise CannotClaim("Nobody has claimed them: claim them first, to be reminded.")
    return await _changed(db, cipher, item, by, callback_list.remind(db, item.id, by.who, at, by.at), "to be reminded")


async def note(db: AsyncConnection, cipher: Cipher, prefix: str, body: str, by: By) -> CallbackItem:
    """Add a note, on the list or off it; raise NoSuchItem or InvalidInput."""
    item = await find_any(db, cipher, prefix, by)
    await working.add_note(db, cipher, ItemKind.callback, item.id, item.number, body, by)
    return item


async def _changed(
    db: AsyncConnection, cipher: Cipher, item: CallbackItem, by: By, change: Awaitable[bool], what: str
) -> CallbackItem:
    """Make a change, write it to the audit log, and return the item as it is then."""
    refusal = f"{item.by or 'Somebody else'} has claimed them."
    await working.change(db, by, _entry(item, what), change, refusal)
    return await callback_list.read_one(db, cipher, item.id, by.at)


async def write_audit(db: AsyncConnection, item: CallbackItem, by: By, what: str) -> None:
    """Write a change to the audit log, without the number, the topic or an adviser's own words."""
    await audit.write(db, by, _entry(item, what))


def _entry(item: CallbackItem, what: str) -> str:
    return f"callback {item.id[:SHOWN]}: {what}"
