"""A hunt rings advisers for a caller who waits, is won by one, and ends whatever happens."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.effects import EffectStatus, StartHunt
from ivr.engine.events import EffectResult
from ivr.store import heartbeat, hunts, provider_resources
from ivr.store.cipher import Cipher
from ivr.store.database import Store
from ivr.store.tables import advisers
from tests.store.fixtures import LOST, NOW
from tests.store.hunt_driver import AMY, BEN, CAT, DEADLINE, HuntDriver

TAKEN, GONE = EffectResult(EffectStatus.nothing, "taken"), EffectResult(EffectStatus.nothing, "gone")
HUNT = StartHunt("school", DEADLINE, 20)


@pytest.fixture
def driver(store: Store) -> HuntDriver:
    return HuntDriver(store)


# It begins.


async def test_a_hunt_is_written_down_without_saying_who_calls(driver: HuntDriver) -> None:
    name = await driver.start("CA1")
    row = await driver.hunt(name)
    assert (row.topic, row.deadline, row.seconds, row.all_at_once) == ("school", DEADLINE, 20, False)
    assert (row.state, row.way, row.began) == ("ringing", None, NOW)
    assert row.call == driver.store.cipher.blind_index("CA1")


async def test_the_same_webhook_again_has_the_same_hunt_whatever_has_changed(driver: HuntDriver) -> None:
    name = await driver.start()
    driver.advance(60)  # nobody hunts any more
    driver.numbers = ()
    assert await driver.perform(HUNT) == EffectResult(EffectStatus.kept, name)
    assert await driver.perform(HUNT, turn=2) != EffectResult(EffectStatus.kept, name)


async def test_two_processes_with_the_same_webhook_have_one_hunt(driver: HuntDriver) -> None:
    await driver.record_heartbeat()
    kept = await asyncio.gather(*(driver.perform(HUNT) for _ in range(4)))
    assert len({(one.status, one.value) for one in kept}) == 1
    assert len(await driver.assign()) == 1


async def test_there_is_no_hunt_without_a_hunter(driver: HuntDriver) -> None:
    assert await driver.perform(HUNT) == EffectResult(EffectStatus.down)
    await driver.record_heartbeat()
    driver.advance(9)
    assert (await driver.perform(HUNT)).status is EffectStatus.kept
    driver.advance(1)
    assert await driver.perform(HUNT, turn=2) == EffectResult(EffectStatus.down)


async def test_a_hunter_that_cannot_ring_is_none(driver: HuntDriver) -> None:
    await driver.record_heartbeat()
    async with driver.store.begin() as db:
        await heartbeat.clear_heartbeat(db, heartbeat.CALL_DISTRIBUTOR)
    assert await driver.perform(HUNT) == EffectResult(EffectStatus.down)


async def test_there_is_no_hunt_when_nobody_is_on_duty(store: Store) -> None:
    driver = HuntDriver(store, numbers=())
    await driver.record_heartbeat()
    assert await driver.perform(HUNT) == EffectResult(EffectStatus.nothing)


# How it stands.


async def test_a_caller_is_told_how_the_hunt_stands(driver: HuntDriver) -> None:
    name = await driver.start()
    assert await driver.poll(name) == "ringing"
    for _ in range(2):
        [rung] = await driver.assign()
        assert await driver.poll(name) == "ringing"
        await driver.call_status(rung.leg, "no-answer")
    await driver.assign()
    assert await driver.poll(name) == "nobody"


async def test_a_hunt_that_nobody_looks_after_has_stalled(driver: HuntDriver) -> None:
    name = await driver.start()
    driver.advance(8)
    assert await driver.poll(name) == "ringing"
    driver.advance(1)
    assert await driver.poll(name) == "stalled"


async def test_a_hunt_that_somebody_looks_after_has_not_however_long_it_rings(driver: HuntDriver) -> None:
    name = await driver.start()
    [rung] = await driver.assign()
    await driver.call_status(rung.leg, "ringing")
    for _ in range(10):
        driver.advance(2.5)
        await driver.assign()
        assert await driver.poll(name) == "ringing"
    driver.advance(8.5)
    assert await driver.poll(name) == "stalled"


async def test_a_hunt_for_which_the_provider_does_not_ring_has_stalled_at_once(driver: HuntDriver) -> None:
    name = await driver.start()
    async with driver.store.begin() as db:
        await hunts.stall(db, name, driver.now)
    assert await driver.poll(name) == "stalled"
    assert await driver.assign() == []


async def test_a_hunt_that_is_not_there_any_more_has_stalled(driver: HuntDriver) -> None:
    assert await driver.poll("none") == "stalled"


# An adviser takes it.


async def test_the_first_to_take_a_caller_has_them(driver: HuntDriver) -> None:
    name = await driver.start(all_at_once=True)
    amy, ben = await driver.assign()
    assert await driver.accept(name, ben.leg) == EffectResult(EffectStatus.kept, name)
    assert await driver.accept(name, amy.leg) == TAKEN
    assert (await driver.leg(ben.leg)).state == "talking"
    assert await driver.poll(name) == "taken"


async def test_of_many_who_take_a_caller_at_the_same_moment_one_has_them(driver: HuntDriver, url: str) -> None:
    driver.numbers = tuple(f"+4477009001{place:02}" for place in range(10))
    name = await driver.start(all_at_once=True)
    legs = await driver.assign()
    assert len(legs) == 10
    async with Store(url, [bytes(32)], 30) as other:
        processes = HuntDriver(other), driver
        kept = await asyncio.gather(*(processes[place % 2].accept(name, one.leg) for place, one in enumerate(legs)))
    assert sorted(one.status for one in kept) == [EffectStatus.kept] + [EffectStatus.nothing] * 9
    assert [state for state, _ in await driver.states()].count("talking") == 1


async def test_the_same_key_again_takes_the_same_caller(driver: HuntDriver) -> None:
    name = await driver.start()
    [rung] = await driver.assign()
    for _ in range(2):
        assert await driver.accept(name, rung.leg) == EffectResult(EffectStatus.kept, name)


async def test_an_adviser_is_told_that_the_caller_has_rung_off(driver: HuntDriver) -> None:
    name = await driver.start()
    [rung] = await driver.assign()
    await driver.end(name, "gone")
    assert await driver.accept(name, rung.leg) == GONE
    assert await driver.accept("none", rung.leg) == GONE


async def test_an_adviser_is_told_that_another_has_talked_to_the_caller(driver: HuntDriver) -> None:
    name = await driver.start(all_at_once=True)
    amy, ben = await driver.assign()
    await driver.accept(name, amy.leg)
    await driver.end(name, "talked")
    assert await driver.accept(name, ben.leg) == TAKEN


async def test_a_caller_who_was_taken_and_not_connected_is_hunted_for_again(driver: HuntDriver) -> None:
    name = await driver.start()
    [amy] = await driver.assign()
    await driver.accept(name, amy.leg)
    driver.advance(8)
    assert await driver.poll(name) == "taken"
    driver.advance(1)
    assert await driver.poll(name) == "ringing"
    [ben] = await driver.assign()
    assert ben.adviser.number == BEN
    assert await driver.accept(name, amy.leg) == EffectResult(EffectStatus.kept, name)  # she has come back before him
    assert await driver.accept(name, ben.leg) == TAKEN


# The caller does not wait any longer.


async def test_a_caller_who_leaves_goes_the_way_they_chose(driver: HuntDriver) -> None:
    name = await driver.start()
    assert (await driver.leave(name, "message")).status is EffectStatus.kept
    assert await driver.poll(name) == "left"
    assert await driver.end(name, "left") == "message"


async def test_the_same_key_again_leaves_once(driver: HuntDriver) -> None:
    name = await driver.start()
    assert [(await driver.leave(name, way)).status for way in ("call_back", "message")] == [EffectStatus.kept] * 2
    assert await driver.end(name, "left") == "call_back"


async def test_a_caller_cannot_leave_an_adviser_who_was_faster(driver: HuntDriver) -> None:
    name = await driver.start()
    [rung] = await driver.assign()
    await driver.accept(name, rung.leg)
    assert await driver.leave(name) == TAKEN
    assert await driver.end(name, "talked") == "talked"


async def test_an_adviser_cannot_take_a_caller_who_was_faster(driver: HuntDriver) -> None:
    name = await driver.start()
    [rung] = await driver.assign()
    await driver.leave(name)
    assert await driver.accept(name, rung.leg) == GONE


async def test_either_the_caller_leaves_or_the_adviser_takes_them(driver: HuntDriver, url: str) -> None:
    async with Store(url, [bytes(32)], 30) as other:
        for place in range(6):
            name = await driver.start(f"CA{place}")
            [rung] = await driver.assign()
            left, taken = await asyncio.gather(HuntDriver(other).leave(name), driver.accept(name, rung.leg))
            assert {left.status, taken.status} == {EffectStatus.kept, EffectStatus.nothing}
            await driver.end(name, "gone")
            await driver.call_status(rung.leg, "completed")


@pytest.mark.parametrize("how", ["talked", "failed", "gone", "left"])
async def test_the_end_told_twice_is_told_the_same(driver: HuntDriver, how: str) -> None:
    name = await driver.start()
    assert [await driver.end(name, how) for _ in range(2)] == [how, how]
    assert (await driver.hunt(name)).state == "over"


async def test_the_end_of_a_hunt_that_is_not_there_any_more_is_told_as_it_was(driver: HuntDriver) -> None:
    assert await driver.end("none", "left") == "left"
    assert (await driver.leave("none")).status is EffectStatus.kept


async def test_why_the_caller_was_let_go_is_known_when_they_come_out(driver: HuntDriver) -> None:
    driver.numbers = (AMY,)
    name = await driver.start()
    [rung] = await driver.assign()
    await driver.call_status(rung.leg, "busy")
    await driver.assign()
    await driver.leave(name, "nobody")
    assert await driver.end(name, "left") == "nobody"


async def test_the_queue_is_deleted_at_the_provider_as_soon_as_nobody_is_in_it(driver: HuntDriver) -> None:
    name = await driver.start()
    for _ in range(2):
        await driver.end(name, "talked", "QU1")
    async with driver.store.begin() as db:
        [due] = await provider_resources.due(db, driver.now, 10)
    assert (due.kind, due.sid) == ("queue", "QU1")


# The caller's call is over.


async def rang_off(driver: HuntDriver, call: str = "CA1") -> bool:
    async with driver.store.begin() as db:
        return await hunts.caller_hung_up(db, driver.store.cipher.blind_index(call), driver.now)


async def test_the_hunts_of_a_call_that_is_over_are_over(driver: HuntDriver) -> None:
    mine, other = await driver.start("CA1"), await driver.start("CA2")
    assert not await rang_off(driver)
    assert await driver.poll(mine) == "left"
    assert await driver.poll(other) == "ringing"
    assert await driver.end(mine, "left") == "gone"


async def test_a_call_that_is_over_in_the_middle_of_a_talk_has_had_an_adviser(driver: HuntDriver) -> None:
    name = await driver.start()
    [rung] = await driver.assign()
    await driver.accept(name, rung.leg)
    assert [await rang_off(driver) for _ in range(2)] == [True, True]
    assert (await driver.hunt(name)).way == "talked"


async def test_that_a_caller_has_talked_is_known_though_their_call_was_told_to_be_over_before(
    driver: HuntDriver,
) -> None:
    name = await driver.start()
    await rang_off(driver)
    assert await driver.end(name, "talked") == "talked"
    assert await rang_off(driver)


async def test_a_heartbeat_does_not_depend_on_two_clocks_being_the_same(driver: HuntDriver) -> None:
    async with driver.store.begin() as db:
        await heartbeat.record_heartbeat(db, heartbeat.CALL_DISTRIBUTOR, NOW + timedelta(seconds=3))
        assert await heartbeat.is_alive(db, heartbeat.CALL_DISTRIBUTOR, NOW)
        assert not await heartbeat.is_alive(db, "another", NOW)


async def test_whoever_is_on_the_rota_comes_before_those_of_the_setting(driver: HuntDriver) -> None:
    assert CAT not in driver.numbers
    async with driver.store.begin() as db:
        await put_on_the_rota(driver.store.cipher, db, CAT)
    await driver.start()
    assert await driver.numbers_rung() == [CAT]


async def test_a_rota_that_cannot_be_read_does_not_leave_the_caller_alone(driver: HuntDriver) -> None:
    async with driver.store.begin() as db:
        await put_on_the_rota(LOST, db, CAT)
    await driver.start()
    assert await driver.numbers_rung() == [AMY]


async def put_on_the_rota(cipher: Cipher, db: AsyncConnection, number: str) -> None:
    row = {
        "id": "cat",
        "name": "Cat",
        "number": cipher.encrypt(number),
        "blind_index": cipher.blind_index(number),
        "place": 1,
    }
    await db.execute(advisers.insert().values(**row, away=False))
