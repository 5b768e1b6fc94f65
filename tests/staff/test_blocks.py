"""A manager blocks a caller for a while, with a reason, and nobody of our own."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.errors import InvalidInput
from ivr.helpline.timezone import LONDON
from ivr.staff import blocks
from ivr.staff.blocks import PRESETS, WITHHELD, CannotBlock, last_day_of, number_to_block
from ivr.staff.lookup import NoSuchItem
from ivr.store import audit, rota
from ivr.store.audit import By
from ivr.store.blocks import Block
from ivr.store.database import Store
from tests.store.fixtures import ADVISER, DAY, NOW, OTHER, PARENT

MAX = By("Max", NOW)
LAST = date(2026, 12, 14)
WHY = "Threatened Jo, twice."
OUR_NUMBER = "+441632960000"


async def block(store: Store, number: str = PARENT, last_day: date = LAST, why: str = WHY) -> Block:
    async with store.begin() as db:
        return await blocks.block(db, store.cipher, number, last_day, why, {OUR_NUMBER}, MAX)


async def log(store: Store) -> list[str]:
    async with store.begin() as db:
        return [entry.what for entry in await audit.read(db, 10)]


async def test_a_block_holds_to_the_end_of_its_last_day_in_london(store: Store) -> None:
    made = await block(store)
    assert made.until == datetime(2026, 12, 15, tzinfo=LONDON)
    assert blocks.last_day(made) == LAST
    assert (made.number, made.why, made.set_by) == (PARENT, WHY, "Max")


async def test_the_audit_log_tells_of_it_without_the_number_and_the_reason(store: Store) -> None:
    made = await block(store)
    async with store.begin() as db:
        await blocks.end(db, store.cipher, made.id[:8], MAX)
    assert await log(store) == [
        f"block {made.id[:8]}: ended",
        f"block {made.id[:8]}: a caller blocked until the end of 14 December 2026",
    ]


async def test_a_block_is_ended_once(store: Store) -> None:
    made = await block(store)
    async with store.begin() as db:
        await blocks.end(db, store.cipher, made.id, MAX)
    with pytest.raises(NoSuchItem):
        async with store.begin() as db:
            await blocks.end(db, store.cipher, made.id, By("Max", NOW + DAY))


async def test_nobody_of_our_own_is_blocked(store: Store) -> None:
    async with store.begin() as db:
        await rota.add(db, store.cipher, "Jo", ADVISER, MAX)
    with pytest.raises(CannotBlock, match="Jo"):
        await block(store, ADVISER)
    with pytest.raises(CannotBlock, match="our own"):
        await block(store, OUR_NUMBER)
    assert await log(store) == ["put Jo on the rota"]


@pytest.mark.parametrize("why", ["", "  \n ", "x" * 501])
async def test_a_reason_must_be_given_and_be_short(store: Store, why: str) -> None:
    with pytest.raises(InvalidInput, match=r"reason|why"):
        await block(store, OTHER, why=why)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(-400, 800))
def test_a_block_lasts_from_today_to_a_year_from_now_at_most(today: date, days: int) -> None:
    last = today + timedelta(days=days)
    if 0 <= days <= 365:
        assert last_day_of(str(last), today) == last
    else:
        with pytest.raises(InvalidInput):
            last_day_of(str(last), today)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_block_may_last_for_as_long_as_is_offered(preset: str) -> None:
    assert last_day_of(preset, LAST) == LAST + PRESETS[preset]


@pytest.mark.parametrize("written", ["", "soon", "31/02/2027"])
def test_what_is_no_day_is_refused_with_what_to_write(written: str) -> None:
    with pytest.raises(InvalidInput, match="14/12/2026"):
        last_day_of(written, LAST)


def test_a_number_is_read_as_people_write_it() -> None:
    assert number_to_block(" (07700) 900 123 ") == number_to_block("+44 7700 900123") == PARENT


@pytest.mark.parametrize("written", ["anonymous", "", "Withheld", "07700", "soon"])
def test_what_nobody_can_be_known_by_is_refused(written: str) -> None:
    with pytest.raises(InvalidInput):
        number_to_block(written)
    if written in ("anonymous", ""):
        with pytest.raises(InvalidInput, match=WITHHELD):
            number_to_block(written)
