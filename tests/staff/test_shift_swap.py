"""Swaps and covers in the database, also two at a time."""

import asyncio
from datetime import date

import pytest

from ivr.errors import RotaRefused
from ivr.helpline.hours_format import parse_spans
from ivr.helpline.opening_hours import OpeningHours
from ivr.helpline.rota import Adviser
from ivr.helpline.staffing import gaps
from ivr.helpline.timezone import whole_day
from ivr.staff import shift_swap
from ivr.store import audit, rota, shift_overrides
from ivr.store.audit import By
from ivr.store.database import Store
from ivr.store.shift_overrides import ShiftOverride
from tests.store.conftest import SECRETS
from tests.store.fixtures import NOW

BY = By("Max", NOW)
OFFICE = OpeningHours({day: parse_spans(["09:00-17:00"]) for day in range(5)})
MORNING, AFTERNOON = parse_spans(["09:00-13:00"]), parse_spans(["13:00-17:00"])
MONDAY = date(2026, 12, 7)
TEAM = {"Jo": ("+447700900001", MORNING), "Sam": ("+447700900002", AFTERNOON), "Lee": ("+447700900003", ())}


@pytest.fixture(autouse=True)
async def team(store: Store) -> None:
    async with store.begin() as db:
        for name, (number, spans) in TEAM.items():
            await rota.add(db, store.cipher, name, number, BY)
            await rota.set_shifts(db, name, range(5), spans, BY)


async def read(store: Store) -> dict[str, Adviser]:
    async with store.read() as db:
        return {one.name: one for one in await rota.read(db, store.cipher)}


async def swap(store: Store, one: str, other: str, back: date = MONDAY) -> None:
    async with store.begin() as db:
        await shift_swap.swap(db, store.cipher, OFFICE, one, MONDAY, other, back, BY)


async def cover(store: Store, one: str, other: str, *hours: str) -> None:
    spans = parse_spans(hours) if hours else None
    async with store.begin() as db:
        await shift_swap.cover(db, store.cipher, OFFICE, one, MONDAY, other, BY, spans)


async def test_both_sides_of_a_swap_tell_with_whom_and_who_set_it(store: Store) -> None:
    await swap(store, "jo", "Sam")
    found = await read(store)
    async with store.read() as db:
        overrides = await shift_overrides.read(db)
        [entry] = await audit.read(db, 1)
    assert overrides[found["Jo"].id] == {MONDAY: ShiftOverride(AFTERNOON, "swapped with Sam", "Max")}
    assert overrides[found["Sam"].id] == {MONDAY: ShiftOverride(MORNING, "swapped with Jo", "Max")}
    assert entry.what == "swapped Jo's 07 Dec 2026 for Sam's 07 Dec 2026"


async def test_a_swap_that_is_swapped_back_leaves_days_as_in_every_week(store: Store) -> None:
    await swap(store, "Jo", "Sam")
    await swap(store, "Jo", "Sam")
    assert all(one.changes == {} for one in (await read(store)).values())


async def test_what_is_refused_changes_nothing(store: Store) -> None:
    with pytest.raises(RotaRefused, match="Mon 07 Dec 2026 11:00 to 13:00"):
        await cover(store, "Jo", "Lee", "09:00-11:00")
    with pytest.raises(RotaRefused, match="“Pat” is not on the rota; those on it: Jo, Sam, Lee"):
        await cover(store, "Jo", "Pat")
    with pytest.raises(RotaRefused, match="Lee has no shift on Mon 07 Dec 2026"):
        await swap(store, "Lee", "Jo")
    assert all(one.changes == {} for one in (await read(store)).values())


async def test_of_two_covers_at_a_time_the_second_sees_the_first(store: Store, url: str) -> None:
    """Sam takes Jo's morning while Lee takes over Sam's day: whoever comes second hands on what the first took."""
    async with Store(url, SECRETS, 30) as one, Store(url, SECRETS, 30) as other:
        await asyncio.gather(cover(one, "Jo", "Sam"), cover(other, "Sam", "Lee"), return_exceptions=True)
    after = await read(store)
    assert gaps(OFFICE, after.values(), *whole_day(MONDAY)) == []
    assert sum(len(one.shifts(MONDAY)) for one in after.values()) == 2
