"""Who may be on the rota, who is found there, and who is rung at a moment; `store/rota.py` changes shifts."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.environment import Opening
from ivr.errors import InvalidInput, IvrError
from ivr.helpline.adviser_numbers import why_never_rung
from ivr.helpline.opening_hours import OpeningHours
from ivr.helpline.phone_numbers import parse_number
from ivr.helpline.rota import Adviser, next_on_shift, on_shift
from ivr.store import audit, engaged, rota, rota_snapshot, unanswered_rings
from ivr.store.audit import By
from ivr.store.cipher import UNREADABLE, Cipher

LONGEST_NAME = 80


class NoSuchAdviser(IvrError):
    """Neither the name of somebody on the rota nor a telephone number."""


async def add(
    db: AsyncConnection, cipher: Cipher, name: str, number: str, by: By, ours: Collection[str] = ()
) -> Adviser:
    """Add an adviser at the end of the rota; raise InvalidInput, or RotaRefused if one of that name or number is there.

    `number` is E.164, and none of `ours`, the helpline's own.
    """
    name = " ".join(name.split())
    if not name:
        raise InvalidInput("Somebody needs a name.")
    if len(name) > LONGEST_NAME:
        raise InvalidInput(f"A name has at most {LONGEST_NAME} characters.")
    await rota.add(db, cipher, name, _ringable(number, ours), by)
    return await find(db, cipher, name)


async def set_number(
    db: AsyncConnection, cipher: Cipher, name: str, number: str, by: By, ours: Collection[str] = ()
) -> None:
    """Ring an adviser at another number; raise InvalidInput or RotaRefused as `add` does."""
    await rota.set_number(db, cipher, name, _ringable(number, ours), by)


async def find(db: AsyncConnection, cipher: Cipher, name: str) -> Adviser:
    """Return the adviser of a name, in any case; raise NoSuchAdviser."""
    advisers = await rota.read(db, cipher)
    for adviser in advisers:
        if adviser.name.casefold() == name.casefold():
            return adviser
    known = ", ".join(adviser.name for adviser in advisers) or "nobody"
    raise NoSuchAdviser(f"“{name}” is not on the rota; those on it: {known}.")


@dataclass(frozen=True, slots=True)
class OnRota:
    """An adviser of the rota; since when they are on a call with us, and until when they are passed over, if so."""

    adviser: Adviser
    engaged_since: datetime | None = None
    passed_over_until: datetime | None = None


async def read(db: AsyncConnection, cipher: Cipher, unanswered: int, now: datetime) -> tuple[OnRota, ...]:
    """Return everybody on the rota, in their order; after so many `unanswered` rings in an hour they are passed over.

    Raise InvalidToken if a number cannot be decrypted.
    """
    on_call, passed_over = await engaged.read(db, now), await unanswered_rings.passed_over(db, unanswered, now)
    marks = [(adviser, cipher.blind_index(adviser.number)) for adviser in await rota.read(db, cipher)]
    return tuple(
        OnRota(adviser, on_call[mark].since if mark in on_call else None, passed_over.get(mark))
        for adviser, mark in marks
    )


async def free(db: AsyncConnection, cipher: Cipher, adviser: str, by: By) -> tuple[str, int]:
    """Have an adviser, given by name or number, rung again though no end of their call was heard.

    Return their name and how many calls they were thought to be on; raise NoSuchAdviser.
    """
    number = parse_number(adviser)
    if number is None:
        found = await find(db, cipher, adviser)
        name, number = found.name, found.number
    else:
        name = await rota.name_of(db, cipher, number) or "Somebody of IVR_ADVISERS"
    freed = await engaged.free(db, cipher.blind_indexes(number), by.at)
    if freed:
        await audit.write(db, by, f"freed {name}")
    return name, freed


async def telephone(db: AsyncConnection, cipher: Cipher, adviser: str, by: By) -> tuple[str, str]:
    """Return the name and number (E.164) of an adviser given by either; a number not on the rota belongs to `by`.

    Raise NoSuchAdviser, or InvalidInput for a number that is never rung.
    """
    number = parse_number(adviser)
    if number is None:
        found = await find(db, cipher, adviser)
        if not found.number:
            raise NoSuchAdviser(f"The number of {found.name} is {UNREADABLE}: give the number itself.")
        return found.name, found.number
    return await rota.name_of(db, cipher, number) or by.who, _ringable(number)


def _ringable(number: str, ours: Collection[str] = ()) -> str:
    if reason := why_never_rung(number, ours):
        raise InvalidInput(reason)
    return number


@dataclass(frozen=True, slots=True)
class Duty:
    """Who is rung at a moment, in order, whether we are open then, and who is on shift then or next."""

    at: datetime
    opening: Opening
    on_shift: tuple[Adviser, ...]
    next: tuple[Adviser, datetime] | None


async def duty(
    db: AsyncConnection, cipher: Cipher, hours: OpeningHours | None, of_setting: Iterable[Adviser], at: datetime
) -> Duty:
    """Return who is rung at a moment (aware); those of the setting while nobody is on the rota.

    `hours` are those of the content; without any, and without a closure, we are always open.
    """
    snapshot = (await rota_snapshot.read(db, cipher, at)).or_else(of_setting)
    less_closures = snapshot.hours(hours)
    opening = less_closures.opening(at) if less_closures else Opening(is_open=True)
    return Duty(at, opening, on_shift(snapshot.advisers, at), next_on_shift(snapshot.advisers, at))
