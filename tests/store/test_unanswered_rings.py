"""Whoever calls, and however often: an adviser who does not answer is rung twelve times in an hour and no oftener."""

import pytest

from ivr.store import unanswered_rings
from ivr.store.database import Store
from tests.store.hunt_driver import AMY, BEN, HuntDriver

MINUTE = 60


@pytest.fixture
def driver(store: Store) -> HuntDriver:
    return HuntDriver(store, (AMY,))


async def ring(driver: HuntDriver, *statuses: str, caller_leaves: bool = False) -> bool:
    """Have a caller ring; return whether an adviser was rung for them."""
    hunt = await driver.start(f"CA at {driver.now}")
    rung = await driver.assign()
    if caller_leaves:
        await driver.end(hunt, "gone")
    for one in rung:
        await driver.call_status(one.leg, *statuses)
    await driver.end(hunt, "gone")
    driver.advance(MINUTE)
    return bool(rung)


@pytest.mark.parametrize("statuses", [("ringing", "no-answer"), ("ringing", "in-progress", "completed")])
async def test_after_twelve_rings_without_an_answer_somebody_is_passed_over(
    driver: HuntDriver, statuses: tuple[str, ...]
) -> None:
    assert [await ring(driver, *statuses) for _ in range(14)] == [True] * 12 + [False] * 2


async def test_a_caller_who_hangs_up_again_and_again_does_not_ring_them_for_ever(driver: HuntDriver) -> None:
    rung = [await ring(driver, "ringing", "canceled", caller_leaves=True) for _ in range(20)]
    assert rung == [True] * 12 + [False] * 8


async def test_after_an_hour_they_are_rung_again(driver: HuntDriver) -> None:
    for _ in range(12):
        assert await ring(driver, "ringing", "no-answer")
    driver.advance(47 * MINUTE)
    assert [await ring(driver, "ringing", "no-answer") for _ in range(3)] == [False, True, True]


async def test_a_busy_line_and_one_that_cannot_be_rung_do_not_count(driver: HuntDriver) -> None:
    assert all([await ring(driver, status) for _ in range(7) for status in ("busy", "failed")])


async def test_a_ring_that_another_adviser_cut_short_does_not_count(driver: HuntDriver) -> None:
    driver.numbers = (AMY, BEN)
    for turn in range(14):
        hunt = await driver.start(f"CA{turn}", all_at_once=True)
        amy, ben = await driver.assign()
        await driver.accept(hunt, ben.leg)
        await driver.call_status(amy.leg, "ringing", "canceled")
        await driver.end(hunt, "talked")
        await driver.call_status(ben.leg, "completed")
        driver.advance(MINUTE)


async def test_the_others_are_rung_and_a_caller_for_whom_none_is_left_hears_so(driver: HuntDriver) -> None:
    for _ in range(12):
        await ring(driver, "ringing", "no-answer")
    hunt = await driver.start("CA1")
    [passed_over] = (await driver.assignment()).passed_over
    assert passed_over == "setting-0"
    assert await driver.poll(hunt) == "nobody"
    driver.numbers = (AMY, BEN)
    assert await driver.numbers_rung() == [BEN]


async def test_until_when_somebody_is_passed_over_is_known(driver: HuntDriver) -> None:
    first = driver.now
    for _ in range(12):
        await ring(driver, "ringing", "no-answer")
    async with driver.store.begin() as db:
        found = await unanswered_rings.passed_over(db, 12, driver.now)
    assert found == {driver.store.cipher.blind_index(AMY): first + unanswered_rings.WITHIN}
