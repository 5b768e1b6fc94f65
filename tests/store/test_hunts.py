"""A caller who waits is hunted for by somebody, is won by one adviser, and is let go whatever happens."""

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
from tests.store.hunted import AMY, BEN, CAT, DEADLINE, Hunted
from tests.store.made_up import NOW

TAKEN, GONE = EffectResult(EffectStatus.nothing, "taken"), EffectResult(EffectStatus.nothing, "gone")
HUNT = StartHunt("school", DEADLINE, 20)


@pytest.fixture
def hunted(store: Store) -> Hunted:
    return Hunted(store)


# It begins.


async def test_a_hunt_is_written_down_without_saying_who_calls(hunted: Hunted) -> None:
    name = await hunted.begins("CA1")
    row = await hunted.hunt(name)
    assert (row.topic, row.deadline, row.seconds, row.all_at_once) == ("school", DEADLINE, 20, False)
    assert (row.state, row.way, row.began) == ("ringing", None, NOW)
    assert row.call == hunted.store.cipher.blind_index("CA1")


async def test_the_same_webhook_again_has_the_same_hunt_whatever_has_changed(hunted: Hunted) -> None:
    name = await hunted.begins()
    hunted.passes(60)  # nobody hunts any more
    hunted.numbers = ()
    assert await hunted.keeps(HUNT) == EffectResult(EffectStatus.kept, name)
    assert await hunted.keeps(HUNT, turn=2) != EffectResult(EffectStatus.kept, name)


async def test_two_processes_with_the_same_webhook_have_one_hunt(hunted: Hunted) -> None:
    await hunted.beats()
    kept = await asyncio.gather(*(hunted.keeps(HUNT) for _ in range(4)))
    assert len({(one.status, one.value) for one in kept}) == 1
    assert len(await hunted.rings()) == 1


async def test_there_is_no_hunt_without_a_hunter(hunted: Hunted) -> None:
    assert await hunted.keeps(HUNT) == EffectResult(EffectStatus.down)
    await hunted.beats()
    hunted.passes(9)
    assert (await hunted.keeps(HUNT)).status is EffectStatus.kept
    hunted.passes(1)
    assert await hunted.keeps(HUNT, turn=2) == EffectResult(EffectStatus.down)


async def test_a_hunter_that_cannot_ring_is_none(hunted: Hunted) -> None:
    await hunted.beats()
    async with hunted.store.begin() as db:
        await heartbeat.clear_heartbeat(db, heartbeat.HUNTER)
    assert await hunted.keeps(HUNT) == EffectResult(EffectStatus.down)


async def test_there_is_no_hunt_when_nobody_is_on_duty(store: Store) -> None:
    hunted = Hunted(store, numbers=())
    await hunted.beats()
    assert await hunted.keeps(HUNT) == EffectResult(EffectStatus.nothing)


# How it stands.


async def test_a_caller_is_told_how_the_hunt_stands(hunted: Hunted) -> None:
    name = await hunted.begins()
    assert await hunted.looks(name) == "ringing"
    for _ in range(2):
        [rung] = await hunted.rings()
        assert await hunted.looks(name) == "ringing"
        await hunted.news(rung.leg, "no-answer")
    await hunted.rings()
    assert await hunted.looks(name) == "nobody"


async def test_a_hunt_that_nobody_looks_after_has_stalled(hunted: Hunted) -> None:
    name = await hunted.begins()
    hunted.passes(8)
    assert await hunted.looks(name) == "ringing"
    hunted.passes(1)
    assert await hunted.looks(name) == "stalled"


async def test_a_hunt_that_somebody_looks_after_has_not_however_long_it_rings(hunted: Hunted) -> None:
    name = await hunted.begins()
    [rung] = await hunted.rings()
    await hunted.news(rung.leg, "ringing")
    for _ in range(10):
        hunted.passes(2.5)
        await hunted.rings()
        assert await hunted.looks(name) == "ringing"
    hunted.passes(8.5)
    assert await hunted.looks(name) == "stalled"


async def test_a_hunt_for_which_the_provider_does_not_ring_has_stalled_at_once(hunted: Hunted) -> None:
    name = await hunted.begins()
    async with hunted.store.begin() as db:
        await hunts.stall(db, name, hunted.now)
    assert await hunted.looks(name) == "stalled"
    assert await hunted.rings() == []


async def test_a_hunt_that_is_not_there_any_more_has_stalled(hunted: Hunted) -> None:
    assert await hunted.looks("none") == "stalled"


# An adviser takes it.


async def test_the_first_to_take_a_caller_has_them(hunted: Hunted) -> None:
    name = await hunted.begins(all_at_once=True)
    amy, ben = await hunted.rings()
    assert await hunted.takes(name, ben.leg) == EffectResult(EffectStatus.kept, name)
    assert await hunted.takes(name, amy.leg) == TAKEN
    assert (await hunted.leg(ben.leg)).state == "talking"
    assert await hunted.looks(name) == "taken"


async def test_of_many_who_take_a_caller_at_the_same_moment_one_has_them(hunted: Hunted, url: str) -> None:
    hunted.numbers = tuple(f"+4477009001{place:02}" for place in range(10))
    name = await hunted.begins(all_at_once=True)
    legs = await hunted.rings()
    assert len(legs) == 10
    async with Store(url, [bytes(32)], 30) as other:
        processes = Hunted(other), hunted
        kept = await asyncio.gather(*(processes[place % 2].takes(name, one.leg) for place, one in enumerate(legs)))
    assert sorted(one.status for one in kept) == [EffectStatus.kept] + [EffectStatus.nothing] * 9
    assert [state for state, _ in await hunted.states()].count("talking") == 1


async def test_the_same_key_again_takes_the_same_caller(hunted: Hunted) -> None:
    name = await hunted.begins()
    [rung] = await hunted.rings()
    for _ in range(2):
        assert await hunted.takes(name, rung.leg) == EffectResult(EffectStatus.kept, name)


async def test_an_adviser_is_told_that_the_caller_has_rung_off(hunted: Hunted) -> None:
    name = await hunted.begins()
    [rung] = await hunted.rings()
    await hunted.ends(name, "gone")
    assert await hunted.takes(name, rung.leg) == GONE
    assert await hunted.takes("none", rung.leg) == GONE


async def test_an_adviser_is_told_that_another_has_talked_to_the_caller(hunted: Hunted) -> None:
    name = await hunted.begins(all_at_once=True)
    amy, ben = await hunted.rings()
    await hunted.takes(name, amy.leg)
    await hunted.ends(name, "talked")
    assert await hunted.takes(name, ben.leg) == TAKEN


async def test_a_caller_who_was_taken_and_not_connected_is_hunted_for_again(hunted: Hunted) -> None:
    name = await hunted.begins()
    [amy] = await hunted.rings()
    await hunted.takes(name, amy.leg)
    hunted.passes(8)
    assert await hunted.looks(name) == "taken"
    hunted.passes(1)
    assert await hunted.looks(name) == "ringing"
    [ben] = await hunted.rings()
    assert ben.adviser.number == BEN
    assert await hunted.takes(name, amy.leg) == EffectResult(EffectStatus.kept, name)  # she has come back before him
    assert await hunted.takes(name, ben.leg) == TAKEN


# The caller does not wait any longer.


async def test_a_caller_who_leaves_goes_the_way_they_chose(hunted: Hunted) -> None:
    name = await hunted.begins()
    assert (await hunted.leaves(name, "message")).status is EffectStatus.kept
    assert await hunted.looks(name) == "left"
    assert await hunted.ends(name, "left") == "message"


async def test_the_same_key_again_leaves_once(hunted: Hunted) -> None:
    name = await hunted.begins()
    assert [(await hunted.leaves(name, way)).status for way in ("call_back", "message")] == [EffectStatus.kept] * 2
    assert await hunted.ends(name, "left") == "call_back"


async def test_a_caller_cannot_leave_an_adviser_who_was_faster(hunted: Hunted) -> None:
    name = await hunted.begins()
    [rung] = await hunted.rings()
    await hunted.takes(name, rung.leg)
    assert await hunted.leaves(name) == TAKEN
    assert await hunted.ends(name, "talked") == "talked"


async def test_an_adviser_cannot_take_a_caller_who_was_faster(hunted: Hunted) -> None:
    name = await hunted.begins()
    [rung] = await hunted.rings()
    await hunted.leaves(name)
    assert await hunted.takes(name, rung.leg) == GONE


async def test_either_the_caller_leaves_or_the_adviser_takes_them(hunted: Hunted, url: str) -> None:
    async with Store(url, [bytes(32)], 30) as other:
        for place in range(6):
            name = await hunted.begins(f"CA{place}")
            [rung] = await hunted.rings()
            left, taken = await asyncio.gather(Hunted(other).leaves(name), hunted.takes(name, rung.leg))
            assert {left.status, taken.status} == {EffectStatus.kept, EffectStatus.nothing}
            await hunted.ends(name, "gone")
            await hunted.news(rung.leg, "completed")


@pytest.mark.parametrize("how", ["talked", "failed", "gone", "left"])
async def test_the_end_told_twice_is_told_the_same(hunted: Hunted, how: str) -> None:
    name = await hunted.begins()
    assert [await hunted.ends(name, how) for _ in range(2)] == [how, how]
    assert (await hunted.hunt(name)).state == "over"


async def test_the_end_of_a_hunt_that_is_not_there_any_more_is_told_as_it_was(hunted: Hunted) -> None:
    assert await hunted.ends("none", "left") == "left"
    assert (await hunted.leaves("none")).status is EffectStatus.kept


async def test_why_the_caller_was_let_go_is_known_when_they_come_out(hunted: Hunted) -> None:
    hunted.numbers = (AMY,)
    name = await hunted.begins()
    [rung] = await hunted.rings()
    await hunted.news(rung.leg, "busy")
    await hunted.rings()
    await hunted.leaves(name, "nobody")
    assert await hunted.ends(name, "left") == "nobody"


async def test_the_queue_is_deleted_at_the_provider_as_soon_as_nobody_is_in_it(hunted: Hunted) -> None:
    name = await hunted.begins()
    for _ in range(2):
        await hunted.ends(name, "talked", "QU1")
    async with hunted.store.begin() as db:
        [due] = await provider_resources.due(db, hunted.now, 10)
    assert (due.kind, due.sid) == ("queue", "QU1")


# The caller's call is over.


async def rang_off(hunted: Hunted, call: str = "CA1") -> bool:
    async with hunted.store.begin() as db:
        return await hunts.caller_rang_off(db, hunted.store.cipher.blind_index(call), hunted.now)


async def test_the_hunts_of_a_call_that_is_over_are_over(hunted: Hunted) -> None:
    mine, other = await hunted.begins("CA1"), await hunted.begins("CA2")
    assert not await rang_off(hunted)
    assert await hunted.looks(mine) == "left"
    assert await hunted.looks(other) == "ringing"
    assert await hunted.ends(mine, "left") == "gone"


async def test_a_call_that_is_over_in_the_middle_of_a_talk_has_had_an_adviser(hunted: Hunted) -> None:
    name = await hunted.begins()
    [rung] = await hunted.rings()
    await hunted.takes(name, rung.leg)
    assert [await rang_off(hunted) for _ in range(2)] == [True, True]
    assert (await hunted.hunt(name)).way == "talked"


async def test_that_a_caller_has_talked_is_known_though_their_call_was_told_to_be_over_before(hunted: Hunted) -> None:
    name = await hunted.begins()
    await rang_off(hunted)
    assert await hunted.ends(name, "talked") == "talked"
    assert await rang_off(hunted)


async def test_a_pulse_does_not_depend_on_two_clocks_being_the_same(hunted: Hunted) -> None:
    async with hunted.store.begin() as db:
        await heartbeat.record_heartbeat(db, heartbeat.HUNTER, NOW + timedelta(seconds=3))
        assert await heartbeat.is_alive(db, heartbeat.HUNTER, NOW)
        assert not await heartbeat.is_alive(db, "another", NOW)


async def test_whoever_is_on_the_rota_comes_before_those_of_the_setting(hunted: Hunted) -> None:
    assert CAT not in hunted.numbers
    async with hunted.store.begin() as db:
        await put_on_the_rota(hunted.store.cipher, db, CAT)
    await hunted.begins()
    assert await hunted.rung() == [CAT]


async def test_a_rota_that_cannot_be_read_does_not_leave_the_caller_alone(hunted: Hunted) -> None:
    async with hunted.store.begin() as db:
        await put_on_the_rota(Cipher([b"x" * 32]), db, CAT)
    await hunted.begins()
    assert await hunted.rung() == [AMY]


async def put_on_the_rota(cipher: Cipher, db: AsyncConnection, number: str) -> None:
    row = {
        "id": "cat",
        "name": "Cat",
        "number": cipher.encrypt(number),
        "blind_index": cipher.blind_index(number),
        "place": 1,
    }
    await db.execute(advisers.insert().values(**row, away=False))
