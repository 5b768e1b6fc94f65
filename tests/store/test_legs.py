"""Legs: whom to ring, when to cancel, and their states, whatever status callbacks come and when."""

import asyncio
from itertools import permutations

import pytest

from ivr.store import hunts, legs
from ivr.store.database import Store
from ivr.store.hunt_assignment import NewLeg, assign_call
from tests.store.fixtures import NOW
from tests.store.hunt_driver import AMY, BEN, CAT, HuntDriver


@pytest.fixture
def driver(store: Store) -> HuntDriver:
    return HuntDriver(store)


# Whom to ring.


async def test_one_is_rung_after_the_other(driver: HuntDriver) -> None:
    await driver.start()
    [amy] = await driver.assign()
    assert (amy.adviser.number, amy.topic, amy.seconds) == (AMY, "school", 20)
    assert await driver.assign() == []
    await driver.call_status(amy.leg, "no-answer")
    [ben] = await driver.assign()
    assert ben.adviser.number == BEN


async def test_or_all_at_once(driver: HuntDriver) -> None:
    await driver.start(all_at_once=True)
    assert await driver.numbers_rung() == [AMY, BEN]
    assert await driver.numbers_rung() == []


@pytest.mark.parametrize("all_at_once", [False, True])
async def test_nobody_is_rung_twice_for_one_caller(driver: HuntDriver, all_at_once: bool) -> None:
    driver.numbers = (AMY, BEN, AMY)
    for status in ("no-answer", "busy", "failed", "completed", "canceled"):
        name = await driver.start(f"CA{status}", all_at_once=all_at_once)
        rung: list[str] = []
        while legs_ := await driver.assign():
            rung += [one.adviser.number for one in legs_]
            for one in legs_:
                await driver.call_status(one.leg, status)
        assert rung == [AMY, BEN], status
        await driver.end(name, "left")


async def test_nobody_who_is_on_a_call_with_us_is_rung(driver: HuntDriver) -> None:
    driver.numbers = (AMY,)
    first = await driver.start("CA1")
    driver.advance(1)
    second = await driver.start("CA2")
    [amy] = await driver.assign()
    assert amy.hunt == first
    for news in ("ringing", "in-progress"):
        await driver.call_status(amy.leg, news)
        assert await driver.assign() == []
    await driver.accept(first, amy.leg)
    assert await driver.assign() == []
    assert await driver.poll(second) == "busy"
    await driver.record_talk_time(amy.leg, 60)
    assert await driver.assign() == [], "her telephone is not on the hook yet"
    await driver.call_status(amy.leg, "completed")
    [again] = await driver.assign()
    assert (again.hunt, again.adviser.number) == (second, AMY)
    assert await driver.poll(second) == "ringing"


async def test_whoever_waits_longest_is_looked_after_first(driver: HuntDriver) -> None:
    first = await driver.start("CA1")
    driver.advance(1)
    second = await driver.start("CA2")
    rung = await driver.assign()
    assert [(one.hunt, one.adviser.number) for one in rung] == [(first, AMY), (second, BEN)]


async def test_whoever_comes_on_duty_meanwhile_is_rung(driver: HuntDriver) -> None:
    driver.numbers = (AMY,)
    name = await driver.start()
    [amy] = await driver.assign()
    await driver.call_status(amy.leg, "busy")
    await driver.assign()
    assert await driver.poll(name) == "nobody"
    driver.numbers = (AMY, CAT)
    assert await driver.numbers_rung() == [CAT]
    assert await driver.poll(name) == "ringing"


async def test_two_hunters_at_the_same_moment_ring_nobody_twice(driver: HuntDriver, url: str) -> None:
    driver.numbers = tuple(f"+4477009001{place:02}" for place in range(5))
    for call in range(3):
        await driver.start(f"CA{call}")
    async with Store(url, [bytes(32)], 30) as other:
        hunters = driver, HuntDriver(other, driver.numbers), driver, HuntDriver(other, driver.numbers)
        rung = [one for some in await asyncio.gather(*(one.assign() for one in hunters)) for one in some]
    assert len(rung) == 3
    assert len({one.hunt for one in rung}) == len({one.adviser.number for one in rung}) == 3


async def test_a_hunter_who_comes_while_another_decides_waits_for_that(driver: HuntDriver, url: str) -> None:
    if url.startswith("sqlite"):
        return  # it has one writer at a time anyway
    await driver.start("CA1")
    async with driver.store.begin() as db:
        [amy], *_ = await assign_call(db, driver.store.cipher, driver.rules(), NOW)
        await driver.start("CA2")
        later = asyncio.create_task(driver.numbers_rung())
        await asyncio.sleep(0.1)
    assert (amy.adviser.number, await later) == (AMY, [BEN])


# When to cease.


async def test_whoever_rings_for_a_caller_who_is_gone_rings_for_nobody(driver: HuntDriver) -> None:
    name = await driver.start(all_at_once=True)
    amy, ben = await driver.assign()
    await driver.call_status(amy.leg, "ringing")
    await driver.call_status(ben.leg, "ringing", "in-progress")
    assert (await driver.assign_calls())[1] == []
    await driver.end(name, "gone")
    assert [leg.id for leg in (await driver.assign_calls())[1]] == [amy.leg], "he is told when he presses the key"


async def test_whoever_rings_for_a_caller_who_was_taken_rings_for_nobody(driver: HuntDriver) -> None:
    name = await driver.start(all_at_once=True)
    amy, ben = await driver.assign()
    await driver.accept(name, amy.leg)
    assert [leg.id for leg in (await driver.assign_calls())[1]] == [ben.leg]


# How far it has got.

WAYS = {
    ("initiated", "ringing", "no-answer"): "unanswered",
    ("initiated", "ringing", "busy"): "busy",
    ("initiated", "failed"): "failed",
    ("queued", "initiated", "ringing", "canceled"): "canceled",
    ("initiated", "ringing", "in-progress", "completed"): "declined",
    ("initiated", "ringing", "answered", "completed"): "declined",
}


async def test_how_a_leg_ends(driver: HuntDriver) -> None:
    for statuses, outcome in WAYS.items():
        rung = await rings_for(driver, "".join(statuses))
        await driver.call_status(rung.leg, *statuses, sid="CA7")
        leg = await driver.leg(rung.leg)
        assert (leg.state, leg.outcome, leg.sid, leg.blind_index) == (
            "over",
            outcome,
            "CA7",
            driver.store.cipher.blind_index(AMY),
        )
        await driver.end(rung.hunt, "gone")


async def test_how_far_a_leg_has_got(driver: HuntDriver) -> None:
    rung = await rings_for(driver)
    got = {"queued": "placing", "initiated": "placing", "ringing": "ringing", "in-progress": "screening"}
    for status, state in got.items():
        await driver.call_status(rung.leg, status)
        assert (await driver.leg(rung.leg)).state == state


async def rings_for(driver: HuntDriver, call: str = "CA1") -> NewLeg:
    """Return the only leg of a hunt."""
    await driver.start(call)
    [rung] = await driver.assign()
    return rung


async def test_news_in_any_order_and_twice_never_goes_backwards(driver: HuntDriver) -> None:
    order = ["placing", "ringing", "screening", "over"]
    for place, statuses in enumerate(permutations(["ringing", "in-progress", "completed"])):
        name = await driver.start(f"CA{place}")
        [rung] = await driver.assign()
        reached = 0
        for status in (*statuses, *statuses):
            await driver.call_status(rung.leg, status)
            now = order.index((await driver.leg(rung.leg)).state)
            assert now >= reached
            reached = now
        assert (await driver.leg(rung.leg)).outcome == "declined"
        await driver.end(name, "gone")


async def test_news_never_brings_back_an_adviser_who_talks(driver: HuntDriver) -> None:
    name = await driver.start()
    [rung] = await driver.assign()
    await driver.accept(name, rung.leg)
    await driver.call_status(rung.leg, "ringing", "in-progress")
    assert (await driver.leg(rung.leg)).state == "talking"


async def test_the_end_is_how_it_was_told_first(driver: HuntDriver) -> None:
    await driver.start()
    [rung] = await driver.assign()
    await driver.call_status(rung.leg, "busy", "completed")
    assert (await driver.leg(rung.leg)).outcome == "busy"


async def test_news_of_no_leg_or_that_nobody_understands_is_nothing(driver: HuntDriver) -> None:
    await driver.start()
    [rung] = await driver.assign()
    await driver.call_status("none", "ringing")
    await driver.call_status(rung.leg, "", "nonsense")
    assert (await driver.leg(rung.leg)).state == "placing"


async def talks(driver: HuntDriver) -> str:
    name = await driver.start()
    [rung] = await driver.assign()
    await driver.call_status(rung.leg, "ringing", "in-progress")
    driver.advance(10)
    await driver.accept(name, rung.leg)
    driver.advance(300)
    return rung.leg


async def test_how_long_they_talked_is_known(driver: HuntDriver) -> None:
    leg = await talks(driver)
    await driver.record_talk_time(leg, 295)
    await driver.record_talk_time(leg, 0)  # the same again, less well
    driver.advance(5)
    await driver.call_status(leg, "completed")
    row = await driver.leg(leg)
    assert (row.state, row.outcome, row.seconds) == ("over", "talked", 295)


async def test_how_long_they_talked_is_known_from_its_end_where_nobody_told_us(driver: HuntDriver) -> None:
    leg = await talks(driver)
    await driver.call_status(leg, "completed")
    row = await driver.leg(leg)
    assert (row.outcome, row.seconds) == ("talked", 300)


async def test_an_adviser_who_found_nobody_there_has_not_talked(driver: HuntDriver) -> None:
    leg = await talks(driver)
    await driver.record_talk_time(leg, 0)
    await driver.call_status(leg, "completed")
    row = await driver.leg(leg)
    assert (row.outcome, row.seconds) == ("gone", 0)


# No news comes.


async def test_a_leg_of_which_no_news_comes_is_over_after_its_time(driver: HuntDriver) -> None:
    times = {"": (8, "lost"), "initiated": (30, "unanswered"), "ringing": (30, "unanswered")}
    for status, (seconds, outcome) in (times | {"in-progress": (90, "unanswered")}).items():
        rung = await rings_for(driver, f"CA{status}")
        if status:
            await driver.call_status(rung.leg, status)
        driver.advance(seconds - 1)
        await driver.assign()
        assert (await driver.leg(rung.leg)).state != "over"
        driver.advance(1)
        for other in await driver.assign():
            await driver.call_status(other.leg, "busy")
        leg = await driver.leg(rung.leg)
        assert (leg.state, leg.outcome) == ("over", outcome)
        await driver.end(rung.hunt, "gone")


async def test_a_leg_of_which_the_provider_has_never_been_heard_stalls_the_hunt(driver: HuntDriver) -> None:
    name = await driver.start()
    await driver.assign()
    driver.advance(8)
    assert await driver.numbers_rung() == []
    assert await driver.poll(name) == "stalled"


async def test_a_leg_that_the_provider_has_a_name_for_is_waited_for(driver: HuntDriver) -> None:
    name = await driver.start()
    [rung] = await driver.assign()
    async with driver.store.begin() as db:
        await legs.set_sid(db, rung.leg, "CA7")
        await legs.set_sid(db, rung.leg, "CA8")
    driver.advance(8)
    assert await driver.numbers_rung() == []
    assert await driver.poll(name) == "ringing"
    assert (await driver.leg(rung.leg)).sid == "CA7"


@pytest.mark.parametrize(("told", "seconds"), [(True, 60), (False, 4 * 3600)])
async def test_an_adviser_whose_end_nobody_told_us_is_free_again_in_the_end(
    driver: HuntDriver, told: bool, seconds: int
) -> None:
    driver.numbers = (AMY,)
    leg = await talks(driver)
    if told:
        await driver.record_talk_time(leg, 300)
    driver.advance(seconds - (0 if told else 300) - 1)
    await driver.start("CA2")
    for rung in ([], [AMY]):
        async with driver.store.begin() as db:
            await legs.end_longest(db, driver.now)
        assert await driver.numbers_rung() == rung
        driver.advance(1)


async def test_a_worker_whose_clock_may_be_wrong_rings_nobody_who_talks(driver: HuntDriver) -> None:
    driver.numbers = (AMY,)
    leg = await talks(driver)
    driver.advance(20 * 86_400)
    await driver.start("CA2")
    assert await driver.numbers_rung() == []
    assert (await driver.leg(leg)).state == "talking"


async def test_a_hunt_is_written_only_now_and_then_while_nothing_happens(driver: HuntDriver) -> None:
    name = await driver.start()
    looked = []
    for _ in range(9):
        await driver.assign()
        looked.append((await driver.hunt(name)).looked)
        driver.advance(0.5)
    assert looked == [None] * 4 + [NOW + 4 * hunts.LOOKED_EVERY / 4] * 4 + [NOW + 8 * hunts.LOOKED_EVERY / 4]
