"""The last talks tell who talked, for how long, and who was rung and did not pick up."""

from ivr.helpline.hours_format import parse_spans
from ivr.helpline.rota import of_setting
from ivr.store import callback_list, rota, talk_list
from ivr.store.audit import By
from ivr.store.database import Store
from ivr.store.item_kinds import ItemKind
from ivr.store.talk_list import OF_SETTING, Talk
from tests.store.fixtures import HOUR, NOW, PARENT, callback_items, request_callback
from tests.store.hunt_driver import AMY, BEN, DEADLINE, HuntDriver

ADVISERS = of_setting([AMY, BEN])


async def talks(store: Store, limit: int = 50, offset: int = 0) -> list[Talk]:
    async with store.begin() as db:
        return await talk_list.read(db, store.cipher, ADVISERS, limit, offset)


async def talked(store: Store, caller: str = PARENT) -> str:
    """Have Amy not pick up and Ben talk for 120 seconds; return the id of the hunt."""
    driver = HuntDriver(store, caller=caller)
    hunt = await driver.start()
    [first] = await driver.assign()
    await driver.call_status(first.leg, "ringing", "no-answer")
    [second] = await driver.assign()
    await driver.call_status(second.leg, "ringing", "in-progress", sid="CA8")
    await driver.accept(hunt, second.leg)
    await driver.record_talk_time(second.leg, 120)
    await driver.call_status(second.leg, "completed", sid="CA8")
    await driver.end(hunt, "talked")
    return hunt


async def test_who_talked_and_who_did_not_pick_up_is_told_by_name(store: Store) -> None:
    async with store.begin() as db:
        for name, number in (("Amy", AMY), ("Ben", BEN)):
            await rota.add(db, store.cipher, name, number, By("Sam", NOW))
            await rota.set_shifts(db, name, [NOW.weekday()], parse_spans(["09:00-17:00"]), By("Sam", NOW))
    hunt = await talked(store)
    [talk] = await talks(store)
    assert (talk.kind, talk.id, talk.at, talk.topic, talk.deadline) == (ItemKind.talk, hunt, NOW, "school", DEADLINE)
    assert (talk.who, talk.seconds, talk.missed, talk.outcome) == ("Ben", 120, (("Amy", "unanswered"),), "talked")
    assert talk.number == PARENT
    async with store.begin() as db:
        assert await talk_list.find(db, store.cipher, ADVISERS, hunt[:8]) == [talk]


async def test_an_adviser_of_the_settings_has_no_name(store: Store) -> None:
    await talked(store)
    assert [talk.who for talk in await talks(store)] == [OF_SETTING]


async def test_the_number_is_kept_only_if_it_is_an_ordinary_one(store: Store) -> None:
    await talked(store, "Anonymous")
    [talk] = await talks(store)
    assert talk.number is None


async def test_a_caller_who_still_waits_is_no_talk_yet(store: Store) -> None:
    await HuntDriver(store).start()
    assert await talks(store) == []


async def test_who_was_rung_back_is_among_them_with_what_came_of_it(store: Store) -> None:
    await talked(store)
    await request_callback(store)
    [item] = await callback_items(store)
    async with store.begin() as db:
        await callback_list.attempt(db, item.id, "Ann", "no answer", NOW + HOUR)
    back, talk = await talks(store)
    assert (back.kind, back.id, back.who, back.outcome) == (ItemKind.callback, item.id, "Ann", "no answer")
    assert (back.number, talk.kind) == (PARENT, ItemKind.talk)
    assert await talks(store, 1, 1) == [talk]
