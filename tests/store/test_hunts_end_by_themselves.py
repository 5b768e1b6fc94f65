"""A hunt whose caller has gone without our hearing of it ends by itself, and nobody is rung while we are closed."""

from datetime import time, timedelta

import pytest

from ivr.engine.effects import EffectStatus
from ivr.engine.environment import OneOffHoliday
from ivr.helpline.hours_format import WEEKDAYS, WeeklyHours, parse_spans
from ivr.helpline.opening_hours import ALWAYS, Closure, OpeningHours, Span
from ivr.helpline.opening_hours_file import OpeningHoursFile
from ivr.helpline.working_days import england_and_wales
from ivr.store import closures, hunt_presence, hunts, one_off_holidays, opening_hours
from ivr.store.audit import By
from ivr.store.database import Store
from tests.store.fixtures import NOW
from tests.store.hunt_driver import AMY, BEN, HuntDriver

HOUR, DAY = 3600, 86_400
UNTIL_NOON = OpeningHours({0: (Span(time(9), time(12)),)})


@pytest.fixture
def driver(store: Store) -> HuntDriver:
    return HuntDriver(store)


async def waits(driver: HuntDriver, hunt: str, seconds: float, every: float = 10) -> list[str]:
    """Have a caller wait, and a worker look whom to ring; return how the hunt stood each time."""
    standings = []
    for _ in range(round(seconds / every)):
        driver.advance(every)
        await driver.assign()
        standings.append(await driver.poll(hunt))
    return standings


# The caller has gone, and nobody told us.


async def test_for_a_caller_of_whom_nothing_is_heard_for_half_a_minute_nobody_else_is_rung(driver: HuntDriver) -> None:
    hunt = await driver.start()
    [amy] = await driver.assign()
    await waits(driver, hunt, 20)
    driver.advance(29)
    await driver.assign()
    assert (await driver.hunt(hunt)).state == "ringing"
    driver.advance(1)
    await driver.call_status(amy.leg, "no-answer")
    assert await driver.assign() == []
    assert ((await driver.hunt(hunt)).state, (await driver.hunt(hunt)).way) == ("over", "unheard")


@pytest.mark.parametrize("later", [15 * HOUR, 3 * DAY, 4 * DAY + 13 * HOUR])
@pytest.mark.parametrize("all_at_once", [False, True])
async def test_nor_is_anybody_on_another_day(driver: HuntDriver, later: float, all_at_once: bool) -> None:
    driver.numbers = (AMY,)
    await driver.start(all_at_once=all_at_once)
    [amy] = await driver.assign()
    await driver.call_status(amy.leg, "busy")
    driver.numbers = (AMY, BEN)
    driver.advance(later)
    assert await driver.assign() == []


async def test_a_telephone_that_rings_for_them_ceases(driver: HuntDriver) -> None:
    await driver.start(seconds=60)
    [amy] = await driver.assign()
    await driver.call_status(amy.leg, "ringing")
    driver.advance(30)
    assert [leg.id for leg in (await driver.assign_calls())[1]] == [amy.leg]


async def test_an_adviser_who_answers_then_is_told_that_the_caller_has_gone(driver: HuntDriver) -> None:
    hunt = await driver.start()
    [amy] = await driver.assign()
    driver.advance(30)
    await driver.assign()
    assert (await driver.accept(hunt, amy.leg)).value == "gone"


async def test_a_caller_who_is_heard_of_waits_for_as_long_as_they_like(driver: HuntDriver) -> None:
    driver.numbers = (AMY,)
    first = await driver.start("CA1")
    [amy] = await driver.assign()
    second = await driver.start("CA2")
    await driver.accept(first, amy.leg)
    assert set(await waits(driver, second, 100)) == {"busy"}


async def test_a_hunt_that_lasts_longer_than_anybody_waits_ends(driver: HuntDriver) -> None:
    driver.numbers = (AMY,)
    first = await driver.start("CA1")
    [amy] = await driver.assign()
    second = await driver.start("CA2")
    await driver.accept(first, amy.leg)
    driver.advance(hunt_presence.LONGEST.total_seconds() - 10)
    await driver.poll(second)
    assert await waits(driver, second, 20) == ["left", "left"]
    assert (await driver.hunt(second)).state == "over"


async def test_a_caller_who_is_there_after_all_is_rung_for_again(driver: HuntDriver) -> None:
    hunt = await driver.start(seconds=60)
    [amy] = await driver.assign()
    await driver.call_status(amy.leg, "ringing")
    driver.advance(40)  # their questions did not reach us
    await driver.assign()
    await driver.call_status(amy.leg, "canceled")
    assert [await driver.poll(hunt) for _ in range(2)] == ["ringing"] * 2
    assert await driver.numbers_rung() == [AMY], "her telephone ceased for nothing"
    assert (await driver.leave(hunt, "message")).status is EffectStatus.kept


async def test_one_who_comes_out_of_the_queue_meanwhile_is_rung_for_without_it(driver: HuntDriver) -> None:
    hunt = await driver.start()
    driver.advance(40)
    await driver.assign()
    assert await driver.end(hunt, "left") == "unheard"


async def test_a_hunt_that_has_stalled_ends_too(driver: HuntDriver) -> None:
    hunt = await driver.start()
    async with driver.store.begin() as db:
        await hunts.stall(db, hunt, driver.now)
    driver.advance(31)
    await driver.assign()
    assert (await driver.hunt(hunt)).state == "over"


@pytest.mark.parametrize("jump", [-HOUR, HOUR / 2, -20 * DAY])
async def test_a_clock_that_is_set_ends_the_hunts_of_callers_who_have_gone_and_of_no_others(
    driver: HuntDriver, jump: float
) -> None:
    driver.numbers = (AMY,)
    talks = await driver.start("CA1")
    [amy] = await driver.assign()
    gone, there = await driver.start("CA2"), await driver.start("CA3")
    await driver.accept(talks, amy.leg)
    driver.advance(jump)
    await driver.assign()
    assert set(await waits(driver, there, 60)) <= {"busy", "ringing"}
    assert (await driver.hunt(there)).state == "ringing"
    assert (await driver.hunt(gone)).state == "over"


async def test_a_leg_that_was_begun_by_a_clock_that_was_ahead_is_not_waited_for(driver: HuntDriver) -> None:
    hunt = await driver.start()
    await driver.assign()
    driver.advance(-HOUR)
    await driver.poll(hunt)
    await driver.assign()
    assert await driver.states() == [("over", "lost")]


async def test_a_caller_is_not_written_down_oftener_than_need_be(driver: HuntDriver) -> None:
    hunt = await driver.start()
    heard = []
    for _ in range(4):
        driver.advance(2)
        await driver.poll(hunt)
        heard.append((await driver.hunt(hunt)).heard)
    assert heard == [None, None, NOW + timedelta(seconds=6), NOW + timedelta(seconds=6)]


# We are closed.


async def test_nobody_is_rung_any_more_once_we_close(driver: HuntDriver) -> None:
    driver.hours = UNTIL_NOON
    driver.now = NOW.replace(hour=11, minute=59, second=50)
    hunt = await driver.start()
    [amy] = await driver.assign()
    await driver.call_status(amy.leg, "ringing")
    assert await waits(driver, hunt, 20) == ["ringing"] * 2, "one that rings may be answered"
    await driver.call_status(amy.leg, "no-answer")
    assert await driver.assign() == []
    assert await driver.poll(hunt) == "nobody"


async def test_nobody_is_rung_during_a_closure_that_staff_set_meanwhile(driver: HuntDriver) -> None:
    hunt = await driver.start()
    [amy] = await driver.assign()
    async with driver.store.begin() as db:
        await closures.add(db, Closure(NOW, NOW + timedelta(hours=1), "training"), By("pat", NOW))
    await driver.call_status(amy.leg, "busy")
    assert await driver.assign() == []
    assert await driver.poll(hunt) == "nobody"


async def test_nobody_is_rung_on_a_bank_holiday_that_staff_added_meanwhile(driver: HuntDriver) -> None:
    driver.hours = OpeningHours(ALWAYS, england_and_wales())
    hunt = await driver.start()
    [amy] = await driver.assign()
    async with driver.store.begin() as db:
        await one_off_holidays.add(db, OneOffHoliday(NOW.date(), "the coronation"), By("pat", NOW))
    await driver.call_status(amy.leg, "busy")
    assert await driver.assign() == []
    assert await driver.poll(hunt) == "nobody"


async def test_hours_that_staff_set_count_from_their_day_on_and_no_earlier(driver: HuntDriver) -> None:
    driver.hours = UNTIL_NOON
    afternoons = WeeklyHours(**dict.fromkeys(WEEKDAYS, parse_spans(["13:00-17:00"])))
    about = {"bank_holidays": "open", "source": "pat", "checked_on": NOW.date(), "good_until": NOW.date()}
    ours = OpeningHoursFile.model_validate({"weekly": afternoons, **about})
    async with driver.store.begin() as db:
        await opening_hours.replace(db, NOW.date() + timedelta(days=1), ours, By("pat", NOW))
    await driver.start()
    assert await driver.numbers_rung() == [AMY], "in the morning, as until today"
    driver.now = NOW + timedelta(days=1)
    await driver.start("CA2")
    assert await driver.assign() == []
    driver.now = driver.now.replace(hour=13)
    await driver.start("CA3")
    assert await driver.assign() != []


async def test_in_our_hours_they_are_rung(driver: HuntDriver) -> None:
    driver.hours = UNTIL_NOON
    driver.now = NOW.replace(hour=11, minute=59)
    await driver.start()
    assert await driver.numbers_rung() == [AMY]
