"""Advisers' telephones: whom to ring, when to cease, and how far each has got, whatever news comes and when."""

import asyncio
from itertools import permutations

import pytest

from ivr.helpline.rota import of_setting
from ivr.store import hunts, legs
from ivr.store.database import Store
from ivr.store.hunt_assignment import Rung, assign_call
from tests.store.hunted import AMY, BEN, CAT, Hunted
from tests.store.made_up import NOW


@pytest.fixture
def hunted(store: Store) -> Hunted:
    return Hunted(store)


# Whom to ring.


async def test_one_is_rung_after_the_other(hunted: Hunted) -> None:
    await hunted.begins()
    [amy] = await hunted.rings()
    assert (amy.adviser.number, amy.topic, amy.seconds) == (AMY, "school", 20)
    assert await hunted.rings() == []
    await hunted.news(amy.leg, "no-answer")
    [ben] = await hunted.rings()
    assert ben.adviser.number == BEN


async def test_or_all_at_once(hunted: Hunted) -> None:
    await hunted.begins(all_at_once=True)
    assert await hunted.rung() == [AMY, BEN]
    assert await hunted.rung() == []


@pytest.mark.parametrize("all_at_once", [False, True])
async def test_nobody_is_rung_twice_for_one_caller(hunted: Hunted, all_at_once: bool) -> None:
    hunted.numbers = (AMY, BEN, AMY)
    for status in ("no-answer", "busy", "failed", "completed", "canceled"):
        name = await hunted.begins(f"CA{status}", all_at_once=all_at_once)
        rung: list[str] = []
        while legs_ := await hunted.rings():
            rung += [one.adviser.number for one in legs_]
            for one in legs_:
                await hunted.news(one.leg, status)
        assert rung == [AMY, BEN], status
        await hunted.ends(name, "left")


async def test_nobody_who_is_on_a_call_with_us_is_rung(hunted: Hunted) -> None:
    hunted.numbers = (AMY,)
    first = await hunted.begins("CA1")
    hunted.passes(1)
    second = await hunted.begins("CA2")
    [amy] = await hunted.rings()
    assert amy.hunt == first
    for news in ("ringing", "in-progress"):
        await hunted.news(amy.leg, news)
        assert await hunted.rings() == []
    await hunted.takes(first, amy.leg)
    assert await hunted.rings() == []
    assert await hunted.looks(second) == "busy"
    await hunted.talked(amy.leg, 60)
    assert await hunted.rings() == [], "her telephone is not on the hook yet"
    await hunted.news(amy.leg, "completed")
    [again] = await hunted.rings()
    assert (again.hunt, again.adviser.number) == (second, AMY)
    assert await hunted.looks(second) == "ringing"


async def test_whoever_waits_longest_is_looked_after_first(hunted: Hunted) -> None:
    first = await hunted.begins("CA1")
    hunted.passes(1)
    second = await hunted.begins("CA2")
    rung = await hunted.rings()
    assert [(one.hunt, one.adviser.number) for one in rung] == [(first, AMY), (second, BEN)]


async def test_whoever_comes_on_duty_meanwhile_is_rung(hunted: Hunted) -> None:
    hunted.numbers = (AMY,)
    name = await hunted.begins()
    [amy] = await hunted.rings()
    await hunted.news(amy.leg, "busy")
    await hunted.rings()
    assert await hunted.looks(name) == "nobody"
    hunted.numbers = (AMY, CAT)
    assert await hunted.rung() == [CAT]
    assert await hunted.looks(name) == "ringing"


async def test_two_hunters_at_the_same_moment_ring_nobody_twice(hunted: Hunted, url: str) -> None:
    hunted.numbers = tuple(f"+4477009001{place:02}" for place in range(5))
    for call in range(3):
        await hunted.begins(f"CA{call}")
    async with Store(url, [bytes(32)], 30) as other:
        hunters = hunted, Hunted(other, hunted.numbers), hunted, Hunted(other, hunted.numbers)
        rung = [one for some in await asyncio.gather(*(one.rings() for one in hunters)) for one in some]
    assert len(rung) == 3
    assert len({one.hunt for one in rung}) == len({one.adviser.number for one in rung}) == 3


async def test_a_hunter_who_comes_while_another_decides_waits_for_that(hunted: Hunted, url: str) -> None:
    if url.startswith("sqlite"):
        return  # it has one writer at a time anyway
    await hunted.begins("CA1")
    async with hunted.store.begin() as db:
        [amy], _ = await assign_call(db, hunted.store.cipher, of_setting(hunted.numbers), NOW)
        await hunted.begins("CA2")
        later = asyncio.create_task(hunted.rung())
        await asyncio.sleep(0.1)
    assert (amy.adviser.number, await later) == (AMY, [BEN])


# When to cease.


async def test_whoever_rings_for_a_caller_who_is_gone_rings_for_nobody(hunted: Hunted) -> None:
    name = await hunted.begins(all_at_once=True)
    amy, ben = await hunted.rings()
    await hunted.news(amy.leg, "ringing")
    await hunted.news(ben.leg, "ringing", "in-progress")
    assert (await hunted.decides())[1] == []
    await hunted.ends(name, "gone")
    assert [leg.id for leg in (await hunted.decides())[1]] == [amy.leg], "he is told when he presses the key"


async def test_whoever_rings_for_a_caller_who_was_taken_rings_for_nobody(hunted: Hunted) -> None:
    name = await hunted.begins(all_at_once=True)
    amy, ben = await hunted.rings()
    await hunted.takes(name, amy.leg)
    assert [leg.id for leg in (await hunted.decides())[1]] == [ben.leg]


# How far it has got.

WAYS = {
    ("initiated", "ringing", "no-answer"): "unanswered",
    ("initiated", "ringing", "busy"): "busy",
    ("initiated", "failed"): "failed",
    ("queued", "initiated", "ringing", "canceled"): "canceled",
    ("initiated", "ringing", "in-progress", "completed"): "declined",
    ("initiated", "ringing", "answered", "completed"): "declined",
}


async def test_how_a_leg_ends(hunted: Hunted) -> None:
    for statuses, outcome in WAYS.items():
        rung = await rings_for(hunted, "".join(statuses))
        await hunted.news(rung.leg, *statuses, sid="CA7")
        leg = await hunted.leg(rung.leg)
        assert (leg.state, leg.outcome, leg.sid, leg.blind_index) == (
            "over",
            outcome,
            "CA7",
            hunted.store.cipher.blind_index(AMY),
        )
        await hunted.ends(rung.hunt, "gone")


async def test_how_far_a_leg_has_got(hunted: Hunted) -> None:
    rung = await rings_for(hunted)
    got = {"queued": "placing", "initiated": "placing", "ringing": "ringing", "in-progress": "screening"}
    for status, state in got.items():
        await hunted.news(rung.leg, status)
        assert (await hunted.leg(rung.leg)).state == state


async def rings_for(hunted: Hunted, call: str = "CA1") -> Rung:
    """The only leg of a caller for whom the first adviser is rung."""
    await hunted.begins(call)
    [rung] = await hunted.rings()
    return rung


async def test_news_in_any_order_and_twice_never_goes_backwards(hunted: Hunted) -> None:
    order = ["placing", "ringing", "screening", "over"]
    for place, statuses in enumerate(permutations(["ringing", "in-progress", "completed"])):
        name = await hunted.begins(f"CA{place}")
        [rung] = await hunted.rings()
        reached = 0
        for status in (*statuses, *statuses):
            await hunted.news(rung.leg, status)
            now = order.index((await hunted.leg(rung.leg)).state)
            assert now >= reached
            reached = now
        assert (await hunted.leg(rung.leg)).outcome == "declined"
        await hunted.ends(name, "gone")


async def test_news_never_brings_back_an_adviser_who_talks(hunted: Hunted) -> None:
    name = await hunted.begins()
    [rung] = await hunted.rings()
    await hunted.takes(name, rung.leg)
    await hunted.news(rung.leg, "ringing", "in-progress")
    assert (await hunted.leg(rung.leg)).state == "talking"


async def test_the_end_is_how_it_was_told_first(hunted: Hunted) -> None:
    await hunted.begins()
    [rung] = await hunted.rings()
    await hunted.news(rung.leg, "busy", "completed")
    assert (await hunted.leg(rung.leg)).outcome == "busy"


async def test_news_of_no_leg_or_that_nobody_understands_is_nothing(hunted: Hunted) -> None:
    await hunted.begins()
    [rung] = await hunted.rings()
    await hunted.news("none", "ringing")
    await hunted.news(rung.leg, "", "nonsense")
    assert (await hunted.leg(rung.leg)).state == "placing"


async def talks(hunted: Hunted) -> str:
    name = await hunted.begins()
    [rung] = await hunted.rings()
    await hunted.news(rung.leg, "ringing", "in-progress")
    hunted.passes(10)
    await hunted.takes(name, rung.leg)
    hunted.passes(300)
    return rung.leg


async def test_how_long_they_talked_is_known(hunted: Hunted) -> None:
    leg = await talks(hunted)
    await hunted.talked(leg, 295)
    await hunted.talked(leg, 0)  # the same again, less well
    hunted.passes(5)
    await hunted.news(leg, "completed")
    row = await hunted.leg(leg)
    assert (row.state, row.outcome, row.seconds) == ("over", "talked", 295)


async def test_how_long_they_talked_is_known_from_its_end_where_nobody_told_us(hunted: Hunted) -> None:
    leg = await talks(hunted)
    await hunted.news(leg, "completed")
    row = await hunted.leg(leg)
    assert (row.outcome, row.seconds) == ("talked", 300)


async def test_an_adviser_who_found_nobody_there_has_not_talked(hunted: Hunted) -> None:
    leg = await talks(hunted)
    await hunted.talked(leg, 0)
    await hunted.news(leg, "completed")
    row = await hunted.leg(leg)
    assert (row.outcome, row.seconds) == ("gone", 0)


# No news comes.


async def test_a_leg_of_which_no_news_comes_is_over_after_its_time(hunted: Hunted) -> None:
    times = {"": (8, "lost"), "initiated": (30, "unanswered"), "ringing": (30, "unanswered")}
    for status, (seconds, outcome) in (times | {"in-progress": (90, "unanswered")}).items():
        rung = await rings_for(hunted, f"CA{status}")
        if status:
            await hunted.news(rung.leg, status)
        hunted.passes(seconds - 1)
        await hunted.rings()
        assert (await hunted.leg(rung.leg)).state != "over"
        hunted.passes(1)
        for other in await hunted.rings():
            await hunted.news(other.leg, "busy")
        leg = await hunted.leg(rung.leg)
        assert (leg.state, leg.outcome) == ("over", outcome)
        await hunted.ends(rung.hunt, "gone")


async def test_a_leg_of_which_the_provider_has_never_been_heard_stalls_the_hunt(hunted: Hunted) -> None:
    name = await hunted.begins()
    await hunted.rings()
    hunted.passes(8)
    assert await hunted.rung() == []
    assert await hunted.looks(name) == "stalled"


async def test_a_leg_that_the_provider_has_a_name_for_is_waited_for(hunted: Hunted) -> None:
    name = await hunted.begins()
    [rung] = await hunted.rings()
    async with hunted.store.begin() as db:
        await legs.placed(db, rung.leg, "CA7")
        await legs.placed(db, rung.leg, "CA8")
    hunted.passes(8)
    assert await hunted.rung() == []
    assert await hunted.looks(name) == "ringing"
    assert (await hunted.leg(rung.leg)).sid == "CA7"


@pytest.mark.parametrize(("told", "seconds"), [(True, 60), (False, 4 * 3600)])
async def test_an_adviser_whose_end_nobody_told_us_is_free_again_in_the_end(
    hunted: Hunted, told: bool, seconds: int
) -> None:
    hunted.numbers = (AMY,)
    leg = await talks(hunted)
    if told:
        await hunted.talked(leg, 300)
    hunted.passes(seconds - (0 if told else 300) - 1)
    await hunted.begins("CA2")
    assert await hunted.rung() == []
    hunted.passes(1)
    assert await hunted.rung() == [AMY]


async def test_a_hunt_is_written_only_now_and_then_while_nothing_happens(hunted: Hunted) -> None:
    name = await hunted.begins()
    looked = []
    for _ in range(9):
        await hunted.rings()
        looked.append((await hunted.hunt(name)).looked)
        hunted.passes(0.5)
    assert looked == [None] * 4 + [NOW + 4 * hunts.LOOKED_EVERY / 4] * 4 + [NOW + 8 * hunts.LOOKED_EVERY / 4]
