"""No more calls are placed in a second than the provider begins, over all processes; callers who wait come first."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.store import call_pace, legs
from ivr.store.database import Store
from tests.store.hunt_driver import AMY, BEN, CAT, HuntDriver


@pytest.fixture
def driver(store: Store) -> HuntDriver:
    return HuntDriver(store, (AMY, BEN, CAT), calls_per_second=1)


async def rung_in(driver: HuntDriver, seconds: float) -> list[tuple[float, str]]:
    """Return who is rung and after how many seconds, by a worker that looks four times a second."""
    began, rung = driver.now, list[tuple[float, str]]()
    for _ in range(round(seconds * 4)):
        now = (driver.now - began).total_seconds()
        rung += [(now, number) for number in await driver.numbers_rung()]
        driver.advance(0.25)
    return rung


async def test_all_at_once_are_rung_in_the_order_of_the_rota_a_second_apart(driver: HuntDriver) -> None:
    await driver.start(all_at_once=True)
    assert await rung_in(driver, 4) == [(0, AMY), (1, BEN), (2, CAT)]


@pytest.mark.parametrize(("per_second", "times"), [(0.5, [0, 2, 4]), (2, [0, 0, 1]), (3.9, [0, 0, 0])])
async def test_the_setting_says_how_far_apart(driver: HuntDriver, per_second: float, times: list[float]) -> None:
    driver.calls_per_second = per_second
    await driver.start(all_at_once=True)
    assert [time for time, _ in await rung_in(driver, 5)] == times


async def test_each_caller_has_somebody_rung_before_any_has_a_second(driver: HuntDriver) -> None:
    first = await driver.start("CA1", all_at_once=True)
    driver.advance(0.1)
    second = await driver.start("CA2", all_at_once=True)
    hunted = []
    for _ in range(3):
        hunted += [one.hunt for one in await driver.assign()]
        driver.advance(1)
    assert hunted == [first, second, first]


async def test_a_caller_whose_turn_has_not_come_hears_that_we_ring(driver: HuntDriver) -> None:
    await driver.start("CA1")
    second = await driver.start("CA2")
    await driver.assign()
    assert await driver.poll(second) == "ringing"


async def test_several_workers_place_no_more_calls_than_one(driver: HuntDriver, url: str) -> None:
    for call in range(3):
        await driver.start(f"CA{call}")
    async with Store(url, [bytes(32)], 30) as other:
        workers = [driver, HuntDriver(other, driver.numbers, calls_per_second=1)] * 2
        assert sum(map(len, await asyncio.gather(*(one.assign() for one in workers)))) == 1


async def may_ring_back(driver: HuntDriver) -> bool:
    async with driver.store.begin() as db:
        return await call_pace.allows_call_back(db, 1, driver.now)


async def test_a_call_back_waits_for_callers_for_whom_nobody_was_rung_yet(driver: HuntDriver) -> None:
    assert await may_ring_back(driver)
    await driver.start("CA1")
    await driver.start("CA2")
    assert not await may_ring_back(driver)
    await driver.assign()
    driver.advance(1)
    assert not await may_ring_back(driver), "the second waits"
    await driver.assign()
    assert not await may_ring_back(driver), "it was in this second"
    driver.advance(1)
    assert await may_ring_back(driver)


async def test_a_call_back_does_not_wait_for_callers_who_cannot_be_rung_for_now(driver: HuntDriver) -> None:
    driver.numbers = (AMY,)
    await driver.start("CA1")
    await driver.assign()
    await driver.start("CA2")
    await driver.assign()  # she is engaged
    driver.advance(1)
    assert await may_ring_back(driver)


async def test_a_call_back_does_not_wait_for_a_worker_that_is_not_there(driver: HuntDriver) -> None:
    await driver.start()
    driver.advance(9)
    assert await may_ring_back(driver)


async def test_a_call_back_counts_like_any_other_call(driver: HuntDriver) -> None:
    async with driver.store.begin() as db:
        await legs.add(db, "leg", None, b"somebody", driver.now)
    await driver.start()
    assert [time for time, _ in await rung_in(driver, 2)] == [1]


@pytest.mark.parametrize("jump", [-3600, 3600])
async def test_a_clock_that_is_set_holds_nobody_up(driver: HuntDriver, jump: float) -> None:
    hunt = await driver.start("CA1")
    await driver.assign()
    driver.advance(jump)
    await driver.end(hunt, "gone")
    await driver.start("CA2")
    assert await rung_in(driver, 1)


@given(st.floats(0.05, 20))
def test_no_setting_leaves_no_call_at_all(per_second: float) -> None:
    seconds = call_pace.span(per_second).total_seconds()
    assert call_pace.most(per_second) >= 1
    assert call_pace.most(per_second) <= max(per_second * seconds + 1e-6, 1)
    assert seconds >= 1
