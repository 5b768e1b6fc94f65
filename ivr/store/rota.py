"""The rota: which advisers to ring, when, and in what order.

Every change locks the whole rota, so that two people who change it at once do so one after the other, and writes to
the audit log. Names are compared without regard to case.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import RotaRefused
from ivr.helpline.hours_format import WEEKDAYS, parse_spans, written_spans
from ivr.helpline.opening_hours import Span, Week
from ivr.helpline.rota import Adviser, RotaSnapshot, on_shift
from ivr.helpline.timezone import LONDON
from ivr.store import absences, audit, shift_overrides, tables
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.rota_rows import lock, lock_one, named
from ivr.store.shift_overrides import ShiftOverride
from ivr.store.tables import advisers, shifts


async def read(db: AsyncConnection, cipher: Cipher) -> tuple[Adviser, ...]:
    """Return the advisers, in their order; a number that cannot be decrypted is empty."""
    weeks, days, away = await _weeks(db), await shift_overrides.read(db), await absences.read(db)
    return tuple(
        Adviser(
            id=row.id,
            name=row.name,
            number=cipher.decrypt_or_none(row.number) or "",
            week=weeks.get(row.id),
            changes={day: one.spans for day, one in days.get(row.id, {}).items()},
            away=row.away,
            absences=away.get(row.id, ()),
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
    rows = await lock(db)
    for row in rows:
        if row.name.casefold() == name.casefold():
            raise RotaRefused(f"{row.name} is on the rota already.")
    await _refuse_number_in_use(db, cipher, number)
    place = max((row.place for row in rows), default=0) + 1
    encrypted = cipher.encrypt_number(number)
    await db.execute(insert(advisers).values(id=str(uuid4()), name=name, place=place, away=False, **encrypted))
    await audit.write(db, by, f"put {name} on the rota")


async def set_number(db: AsyncConnection, cipher: Cipher, name: str, number: str, by: By) -> None:
    """Ring an adviser at another number (E.164); raise RotaRefused if it is on the rota already."""
    row = await lock_one(db, name)
    await _refuse_number_in_use(db, cipher, number)
    await db.execute(update(advisers).where(advisers.c.id == row.id).values(cipher.encrypt_number(number)))
    await audit.write(db, by, f"{row.name} has another number")


async def _refuse_number_in_use(db: AsyncConnection, cipher: Cipher, number: str) -> None:
    if theirs := await name_of(db, cipher, number):
        raise RotaRefused(f"That number is on the rota already: it is {theirs}'s.")


async def remove(db: AsyncConnection, name: str, by: By) -> None:
    """Remove an adviser with their number and shifts."""
    row = await lock_one(db, name)
    for table in (shifts, tables.shift_overrides, tables.absences):
        await db.execute(delete(table).where(table.c.adviser == row.id))
    await db.execute(delete(advisers).where(advisers.c.id == row.id))
    await audit.write(db, by, f"took {row.name} off the rota")


async def set_shifts(db: AsyncConnection, name: str, weekdays: Sequence[int], spans: tuple[Span, ...], by: By) -> None:
    """Set the shifts that start on some weekdays; whoever has shifts is off on every other day."""
    await set_week(db, name, dict.fromkeys(weekdays, spans), by)


async def set_week(db: AsyncConnection, name: str, week: Week, by: By) -> None:
    """Set the shifts that start on each of some weekdays; whoever has shifts is off on every other day."""
    row = await lock_one(db, name)
    await db.execute(delete(shifts).where(shifts.c.adviser == row.id, shifts.c.weekday.in_(list(week))))
    written = [{"adviser": row.id, "weekday": day, "spans": written_spans(spans)} for day, spans in week.items()]
    await db.execute(insert(shifts), written)
    await audit.write(db, by, f"{row.name}: {_week_in_words(week)}")


async def forget_shifts(db: AsyncConnection, name: str, by: By) -> None:
    """Delete the weekly shifts: they are on shift at any hour again, but for single days."""
    row = await lock_one(db, name)
    await db.execute(delete(shifts).where(shifts.c.adviser == row.id))
    await audit.write(db, by, f"{row.name}: there at any hour")


async def set_day(
    db: AsyncConnection, name: str, day: date, spans: tuple[Span, ...] | None, by: By, why: str = ""
) -> None:
    """Override the shifts that start on one day; with None it is as in every week again."""
    await set_days(db, name, [day], spans, by, why)


async def set_days(
    db: AsyncConnection, name: str, days: Sequence[date], spans: tuple[Span, ...] | None, by: By, why: str = ""
) -> None:
    """Override the shifts that start on each of some days; with None they are as in every week again."""
    row = await lock_one(db, name)
    override = None if spans is None else ShiftOverride(spans, why, by.who)
    await shift_overrides.write(db, row.id, dict.fromkeys(days, override))
    written = "as in every week" if spans is None else written_spans(spans) or "off"
    await audit.write(db, by, f"{row.name}: {_days_in_words(days)} {written}{f' ({why})' if why else ''}")


async def set_away(db: AsyncConnection, name: str, away: bool, by: By) -> None:
    """Set whether an adviser is rung at all."""
    row = await lock_one(db, name)
    await db.execute(update(advisers).where(advisers.c.id == row.id).values(away=away))
    await audit.write(db, by, f"{row.name} is {'away' if away else 'back'}")


async def put_first(db: AsyncConnection, names: Sequence[str], by: By) -> None:
    """Ring these advisers first, in this order; the others follow in theirs."""
    rows = await lock(db)
    first = [named(rows, name) for name in names]
    await _put_in_order(db, [*(row.id for row in first), *(row.id for row in rows)])
    await audit.write(db, by, f"{', '.join(row.name for row in first)} first")


async def move(db: AsyncConnection, name: str, by: By, *, earlier: bool) -> None:
    """Ring an adviser before the one who is rung before them, or after the one after; raise RotaRefused at an end."""
    rows = list(await lock(db))
    place = rows.index(row := named(rows, name))
    other = place - 1 if earlier else place + 1
    if not 0 <= other < len(rows):
        raise RotaRefused(f"{row.name} is rung {'first' if earlier else 'last'} already.")
    rows[place], rows[other] = rows[other], rows[place]
    await _put_in_order(db, [one.id for one in rows])
    await audit.write(db, by, f"{row.name} {'before' if earlier else 'after'} {rows[place].name}")


async def _put_in_order(db: AsyncConnection, ids: Iterable[str]) -> None:
    for place, id in enumerate(dict.fromkeys(ids)):
        await db.execute(update(advisers).where(advisers.c.id == id).values(place=place))


def _week_in_words(week: Week) -> str:
    """Return weekdays with their shifts, those that have the same together."""
    alike: dict[str, list[str]] = {}
    for weekday, spans in week.items():
        alike.setdefault(written_spans(spans) or "off", []).append(WEEKDAYS[weekday])
    return "; ".join(f"{', '.join(days)} {written}" for written, days in alike.items())


def _days_in_words(days: Sequence[date]) -> str:
    first, last = min(days), max(days)
    if first == last:
        return f"{first:%d %b %Y}"
    return f"{len(days)} days from {first:%d %b %Y} to {last:%d %b %Y}"


async def _weeks(db: AsyncConnection) -> Mapping[str, Week]:
    rows = await db.execute(select(shifts).order_by(shifts.c.adviser))
    by_adviser = groupby(rows, key=lambda row: row.adviser)
    return {adviser: {row.weekday: _spans(row) for row in group} for adviser, group in by_adviser}


def _spans(row: Row[Any]) -> tuple[Span, ...]:
    return parse_spans(row.spans.split())
