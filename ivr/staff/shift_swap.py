"""Swaps and covers of single days: one adviser comes in the place of another, and no caller misses anybody.

Both sides change in one transaction with the rota locked, so of two swaps at a time the second sees the first.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import InvalidInput
from ivr.helpline.handover import Handover, hand_over
from ivr.helpline.hours_format import written_spans
from ivr.helpline.opening_hours import OpeningHours, Span
from ivr.helpline.rota import Adviser, RotaSnapshot
from ivr.helpline.timezone import today_in_london
from ivr.store import audit, rota_rows, rota_snapshot, shift_overrides
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.shift_overrides import ShiftOverride


async def swap(
    db: AsyncConnection, cipher: Cipher, hours: OpeningHours | None, one: str, day: date, other: str, back: date, by: By
) -> None:
    """Have two advisers exchange a day each: the `other` comes on `day`, and the `one` on `back`.

    `hours` are those of the content. Raise RotaRefused where it would open a gap, with the hours, or cannot be; then
    nothing is changed.
    """
    snapshot = await _locked(db, cipher, by)
    first, second = _pair(snapshot, one, other)
    handovers = [Handover(first, second, day), Handover(second, first, back)]
    after = hand_over(snapshot.advisers, handovers, snapshot.hours(hours), today_in_london(by.at))
    await _write(db, after, handovers, first, f"swapped with {second.name}", by)
    await _write(db, after, handovers, second, f"swapped with {first.name}", by)
    await audit.write(db, by, f"swapped {first.name}'s {day:%d %b %Y} for {second.name}'s {back:%d %b %Y}")


async def cover(
    db: AsyncConnection,
    cipher: Cipher,
    hours: OpeningHours | None,
    one: str,
    day: date,
    other: str,
    by: By,
    spans: tuple[Span, ...] | None = None,
) -> None:
    """Have the `other` come on a day of the `one`, in the same hours unless `spans` are given; raise as `swap` does."""
    if spans == ():
        raise InvalidInput("Write the hours that they take over, or nothing for all of them.")
    snapshot = await _locked(db, cipher, by)
    first, second = _pair(snapshot, one, other)
    handover = Handover(first, second, day, spans)
    after = hand_over(snapshot.advisers, [handover], snapshot.hours(hours), today_in_london(by.at))
    await _write(db, after, [handover], first, f"covered by {second.name}", by)
    await _write(db, after, [handover], second, f"covers for {first.name}", by)
    await audit.write(db, by, f"{second.name} covers {first.name}'s {day:%d %b %Y} {written_spans(handover.taken)}")


async def _locked(db: AsyncConnection, cipher: Cipher, by: By) -> RotaSnapshot:
    await rota_rows.lock(db)
    return await rota_snapshot.read(db, cipher, by.at)


def _pair(snapshot: RotaSnapshot, one: str, other: str) -> tuple[Adviser, Adviser]:
    return rota_rows.named(snapshot.advisers, one), rota_rows.named(snapshot.advisers, other)


async def _write(
    db: AsyncConnection, after: Sequence[Adviser], handovers: Sequence[Handover], whose: Adviser, why: str, by: By
) -> None:
    """Write the days of an adviser; one that is as in every week again is no longer a day of its own."""
    [adviser] = [one for one in after if one.id == whose.id]
    shifts = {one.day: adviser.planned(one.day) for one in handovers}
    overrides = {
        day: None if spans == adviser.usual(day) else ShiftOverride(spans, why, by.who) for day, spans in shifts.items()
    }
    await shift_overrides.write(db, whose.id, overrides)
