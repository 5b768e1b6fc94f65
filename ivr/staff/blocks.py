"""Callers whom a manager blocks for a while: they hear all information, and are put through to none of us."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import InvalidInput, IvrError
from ivr.helpline.date_format import parse_date
from ivr.helpline.phone_numbers import NumberKind, identity, kind_of, parse_number
from ivr.helpline.timezone import LONDON, today_in_london, whole_day
from ivr.staff.lookup import SHOWN, by_prefix
from ivr.store import audit, blocks, hunts, rota
from ivr.store.audit import By
from ivr.store.blocks import Block
from ivr.store.cipher import Cipher

LONGEST = timedelta(days=365)
LONGEST_REASON = 500
"""Characters."""
PRESETS: Mapping[str, timedelta] = {
    "a week": timedelta(days=7),
    "a month": timedelta(days=30),
    "three months": timedelta(days=91),
}
WITHHELD = "A withheld number cannot be blocked: nobody can tell such callers apart."


class CannotBlock(IvrError):
    """The number is one of ours."""


def last_day_of(written: str, today: date) -> date:
    """Return the last day of a block: a date, or one of PRESETS from today on; raise InvalidInput.

    >>> last_day_of("a week", date(2026, 12, 1)), last_day_of("14/12/2026", date(2026, 12, 1))
    (datetime.date(2026, 12, 8), datetime.date(2026, 12, 14))
    """
    found = today + PRESETS[written] if written in PRESETS else parse_date(written)
    if found is None:
        raise InvalidInput("Write the last day of the block, such as 14/12/2026, or choose how long it lasts.")
    if not today <= found <= today + LONGEST:
        raise InvalidInput(f"The last day of a block is from today to {_written(today + LONGEST)}: a year at most.")
    return found


def number_to_block(written: str) -> str:
    """Return the number (E.164) that somebody wrote; raise InvalidInput where nobody can be known by it."""
    if kind_of(written.strip()) is NumberKind.withheld:
        raise InvalidInput(WITHHELD)
    number = parse_number(written)
    if number is None or identity(number) is None:
        raise InvalidInput("That is no telephone number: write it such as 07700 900001 or +44 7700 900001.")
    return number


async def block(
    db: AsyncConnection, cipher: Cipher, number: str, last_day: date, why: str, ours: Collection[str], by: By
) -> Block:
    """Block a number (E.164) until the end of a day, in the place of an earlier block; return the block.

    If they are waiting for an adviser at this moment, nobody is rung for them any more.
    `ours` are the helpline's own numbers and the advisers' in the settings; those of the rota count besides. Raises
    InvalidInput, CannotBlock.
    """
    why = " ".join(why.split())
    last_day_of(str(last_day), today_in_london(by.at))
    if not why:
        raise InvalidInput("Write why they are blocked: whoever looks at the block must be able to judge it.")
    if len(why) > LONGEST_REASON:
        raise InvalidInput(f"The reason has {len(why)} characters, and may have {LONGEST_REASON}: shorten it.")
    if name := await rota.name_of(db, cipher, number):
        raise CannotBlock(f"That is the number of {name}, who is on the rota, so it is not blocked.")
    if number in ours:
        raise CannotBlock("That is one of our own numbers, so it is not blocked.")
    await hunts.cease(db, cipher.blind_indexes(number), by.at)
    id = await blocks.replace(db, cipher, number, why, whole_day(last_day)[1], by.who, by.at)
    [found] = [one for one in await blocks.read(db, cipher, by.at) if one.id == id]
    await audit.write(db, by, f"block {id[:SHOWN]}: a caller blocked until the end of {_written(last_day)}")
    return found


async def end(db: AsyncConnection, cipher: Cipher, prefix: str, by: By) -> Block:
    """End a block that is in force, and return it; raise NoSuchItem."""
    found = by_prefix(await blocks.read(db, cipher, by.at), prefix, "block")
    await blocks.end(db, found.id, by.at)
    await audit.write(db, by, f"block {found.id[:SHOWN]}: ended")
    return found


def last_day(block: Block) -> date:
    """Return the last day of a block, or the day on which it was ended."""
    return (block.until - timedelta(microseconds=1)).astimezone(LONDON).date()


def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
