"""The rota: which advisers to ring, when, and in what order.

Every change locks the whole rota, so that two people who change it at once do so one after the other, and writes to
the audit log. Names are compared without regard to case.
"""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, Table, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import RotaRefused
from ivr.helpline.hours_format import WEEKDAYS, parse_spans
from ivr.helpline.opening_hours import Span
from ivr.helpline.rota import Adviser, RotaSnapshot, on_shift
from ivr.helpline.timezone import LONDON
from ivr.store import audit
from ivr.store.advisory_lock import advisory_lock
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.tables import advisers, shift_overrides, shifts


async def read(db: AsyncConnection, cipher: Cipher) -> tuple[Adviser, ...]:
    """Return the advisers, in their order; a number that cannot be decrypted is empty."""
    weeks = {adviser: {row.weekday: _spans(row) for row in rows} for adviser, rows in await _by_adviser(db, shifts)}
    days = {adviser: {row.day: _spans(row) for row in rows} for adviser, rows in await _by_adviser(db, shift_overrides)}
    return tuple(
        Adviser(
            id=row.id,
            name=row.name,
            number=cipher.decrypt_or_none(row.number) or "",
            week=weeks.get(row.id),
            changes=days.get(row.id, {}),
            away=row.away,
        )
        for row in await db.execute(select(advisers).order_by(advisers.c.place))
    )


async def size(db: AsyncConnection) -> int:
    """Return how many are on the rota."""
    return await db.scalar(select(func.count()).select_from(advisers)) or 0


async def read_or_else(db: AsyncConnection, cipher: Cipher, of_setting: tuple[Adviser, ...]) -> tuple[Adviser, ...]:
    """Return the advisers, in their order; those of the setting while there is no rota that can be read."""
    return RotaSnapshot(await read(db, cipher)).or_else(of_setting).advisers


async def advisers_on_shift(
    db: AsyncConnection, cipher: Cipher, of_setting: tuple[Adviser, ...], now: datetime
) -> tuple[Adviser, ...]:
    """Return those to be rung now, in their order; those of the setting while there is no rota that can be read."""
    return on_shift(await read_or_else(db, cipher, of_setting), now.astimezone(LONDON))


async def name_of(db: AsyncConnection, cipher: Cipher, number: str) -> str | None:
    """Return the name of the adviser with a number (E.164)."""
    name: str | None = await db.scalar(
        select(advisers.c.name).where(advisers.c.blind_index.in_(cipher.blind_indexes(number)))
    )
    return name


async def add(db: AsyncConnection, cipher: Cipher, name: str, number: str, by: By) -> None:
    """Add an adviser at the end of the rota, on shift at any hour until they have shifts; `number` is E.164."""
    rows = await _lock(db)
    for row in rows:
        if row.name.casefold() == name.casefold():
            raise RotaRefused(f"{row.name} is on the rota already.")
    if theirs := await name_of(db, cipher, number):
        raise RotaRefused(f"That number is on the rota already: it is {theirs}'s.")
    place = max((row.place for row in rows), default=0) + 1
    encrypted = cipher.encrypt_number(number)
    await db.execute(insert(advisers).values(id=str(uuid4()), name=name, place=place, away=False, **encrypted))
    await audit.write(db, by, f"put {name} on the rota")


async def remove(db: AsyncConnection, name: str, by: By) -> None:
    """Remove an adviser with their number and shifts."""
    row = _named(await _lock(db), name)
    for table in (shifts, shift_overrides):
        await db.execute(delete(table).where(table.c.adviser == row.id))
    await db.execute(delete(advisers).where(advisers.c.id == row.id))
    await audit.write(db, by, f"took {row.name} off the rota")


async def set_shifts(db: AsyncConnection, name: str, weekdays: Sequence[int], spans: tuple[Span, ...], by: By) -> None:
    """Set the shifts that start on some weekdays; whoever has shifts is off on every other day."""
    row = _named(await _lock(db), name)
    await db.execute(delete(shifts).where(shifts.c.adviser == row.id, shifts.c.weekday.in_(weekdays)))
    written = [{"adviser": row.id, "weekday": weekday, "spans": _written(spans)} for weekday in weekdays]
    await db.execute(insert(shifts), written)
    days = ", ".join(WEEKDAYS[weekday] for weekday in weekdays)
    await audit.write(db, by, f"{row.name}: {days} {_written(spans) or 'off'}")


async def forget_shifts(db: AsyncConnection, name: str, by: By) -> None:
    """Delete the weekly shifts: they are on shift at any hour again, but for single days."""
    row = _named(await _lock(db), name)
    await db.execute(delete(shifts).where(shifts.c.adviser == row.id))
    await audit.write(db, by, f"{row.name}: there at any hour")


async def set_day(db: AsyncConnection, name: str, day: date, spans: tuple[Span, ...] | None, by: By) -> None:
    """Override the shifts that start on one day; with None it is as in every week again."""
    row = _named(await _lock(db), name)
    await db.execute(delete(shift_overrides).where(shift_overrides.c.adviser == row.id, shift_overrides.c.day == day))
    if spans is not None:
        await db.execute(insert(shift_overrides).values(adviser=row.id, day=day, spans=_written(spans)))
    written = "as in every week" if spans is None else _written(spans) or "off"
    await audit.write(db, by, f"{row.name}: {day:%d %b %Y} {written}")


async def set_away(db: AsyncConnection, name: str, away: bool, by: By) -> None:
    """Set whether an adviser is rung at all."""
    row = _named(await _lock(db), name)
    await db.execute(update(advisers).where(advisers.c.id == row.id).values(away=away))
    await audit.write(db, by, f"{row.name} is {'away' if away else 'back'}")


async def put_first(db: AsyncConnection, names: Sequence[str], by: By) -> None:
    """Ring these advisers first, in this order; the others follow in theirs."""
    rows = await _lock(db)
    first = [_named(rows, name) for name in names]
    order = [*dict.fromkeys([*(row.id for row in first), *(row.id for row in rows)])]
    for place, id in enumerate(order):
        await db.execute(update(advisers).where(advisers.c.id == id).values(place=place))
    await audit.write(db, by, f"{', '.join(row.name for row in first)} first")


async def _lock(db: AsyncConnection) -> Sequence[Row[Any]]:
    """Return the rota, which nobody else changes until the transaction ends."""
    await advisory_lock(db, "rota")
    return (await db.execute(select(advisers).order_by(advisers.c.place))).all()


def _named(rows: Sequence[Row[Any]], name: str) -> Row[Any]:
    found = next((row for row in rows if row.name.casefold() == name.casefold()), None)
    if found is None:
        known = ", ".join(row.name for row in rows) or "nobody"
        raise RotaRefused(f"“{name}” is not on the rota; those on it: {known}.")
    return found


async def _by_adviser(db: AsyncConnection, table: Table) -> list[tuple[str, list[Row[Any]]]]:
    rows = await db.execute(select(table).order_by(table.c.adviser))
    return [(adviser, list(group)) for adviser, group in groupby(rows, key=lambda row: row.adviser)]


def _spans(row: Row[Any]) -> tuple[Span, ...]:
    return parse_spans(row.spans.split())


def _written(spans: tuple[Span, ...]) -> str:
    return " ".join(map(str, spans))
