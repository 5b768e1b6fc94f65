"""A block holds until its end, for one number; what a blocked caller asks for is refused in the store as well."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from ivr.engine.effects import (
    CancelReminders,
    Effect,
    EffectStatus,
    RequestCallback,
    ScheduleReminders,
    SendText,
    StartHunt,
    StartVoicemail,
)
from ivr.engine.events import QueueResult
from ivr.helpline.data_complaints import TOPIC
from ivr.helpline.hunt import HuntStatus
from ivr.helpline.rota import of_setting
from ivr.store import blocks, effects, heartbeat, hunts
from ivr.store.database import Store
from ivr.store.request_context import RequestContext
from ivr.store.tables import blocks as table
from tests.store.fixtures import ADVISER, BODY, DAY, LOST, NO_QUOTAS, NOW, OTHER, PARENT, SECOND
from tests.store.hunt_driver import HuntDriver

WHY = "Threatened Jo, twice."
END = NOW + 7 * DAY
WITHHELD = "anonymous"


async def block(store: Store, number: str = PARENT, why: str = WHY) -> str:
    async with store.begin() as db:
        return await blocks.replace(db, store.cipher, number, why, END, "Max", NOW)


async def asks(store: Store, effect: Effect, caller: str = PARENT, key: str = "CA1 person/queue 3") -> EffectStatus:
    async with store.begin() as db:
        context = RequestContext("CA1", key, NOW, NO_QUOTAS, of_setting([ADVISER]), caller=caller)
        return (await effects.perform(db, store.cipher, context, effect)).status


REACHING = {
    "a text": (SendText(PARENT, BODY, "school"), EffectStatus.down),
    "a reminder": (ScheduleReminders(PARENT, "deadline", ((NOW + DAY, BODY),)), EffectStatus.down),
    "a call back": (RequestCallback(PARENT, "school", None, "any"), EffectStatus.down),
    "a message": (StartVoicemail(PARENT, "school", None), EffectStatus.down),
    "an adviser": (StartHunt("school", None, 20), EffectStatus.nothing),
}
each_way = pytest.mark.parametrize(("effect", "refused"), REACHING.values(), ids=REACHING)


async def hears_of_a_worker(store: Store) -> None:
    async with store.begin() as db:
        await heartbeat.record_heartbeat(db, heartbeat.CALL_DISTRIBUTOR, NOW)


@each_way
async def test_whoever_is_blocked_is_refused_and_nobody_else(
    store: Store, effect: Effect, refused: EffectStatus
) -> None:
    await hears_of_a_worker(store)
    await block(store, OTHER)
    assert await asks(store, effect) is EffectStatus.kept
    await block(store)
    assert await asks(store, effect, key="CA1 person/queue 9") is refused


@each_way
async def test_what_was_done_before_the_block_is_told_the_same_again(
    store: Store, effect: Effect, refused: EffectStatus
) -> None:
    await hears_of_a_worker(store)
    assert await asks(store, effect) is EffectStatus.kept
    await block(store)
    assert await asks(store, effect) is EffectStatus.kept


async def test_nobody_else_has_a_blocked_number_texted_or_rung(store: Store) -> None:
    await block(store)
    assert await asks(store, SendText(PARENT, BODY, "school"), caller=WITHHELD) is EffectStatus.down
    assert await asks(store, RequestCallback(PARENT, "", None, "any"), caller=OTHER) is EffectStatus.down


async def test_a_blocked_caller_has_nobody_else_texted(store: Store) -> None:
    await block(store)
    assert await asks(store, SendText(OTHER, BODY, "school")) is EffectStatus.down


async def test_a_blocked_caller_can_still_stop_reminders(store: Store) -> None:
    await asks(store, ScheduleReminders(PARENT, "deadline", ((NOW + DAY, BODY),)))
    await block(store)
    assert await asks(store, CancelReminders(PARENT)) is EffectStatus.kept


async def test_a_complaint_about_data_is_taken_of_anybody(store: Store) -> None:
    await block(store)
    assert await asks(store, StartVoicemail(PARENT, TOPIC, None)) is EffectStatus.kept


async def test_a_block_is_over_at_its_end(store: Store) -> None:
    await block(store)
    async with store.begin() as db:
        assert await blocks.is_blocked(db, store.cipher, END - SECOND, PARENT)
        assert not await blocks.is_blocked(db, store.cipher, END, PARENT)
        assert await blocks.ends(db, END) == {}
        assert await blocks.read(db, store.cipher, END) == []


async def test_withheld_numbers_are_never_blocked(store: Store) -> None:
    await block(store)
    async with store.begin() as db:
        assert not await blocks.is_blocked(db, store.cipher, NOW, WITHHELD, "")


async def test_a_new_block_takes_the_place_of_the_one_before(store: Store) -> None:
    await block(store)
    second = await block(store, why="And Ann, too.")
    async with store.begin() as db:
        [found] = await blocks.read(db, store.cipher, NOW)
    assert (found.id, found.number, found.why, found.set_by) == (second, PARENT, "And Ann, too.", "Max")


async def test_a_block_that_was_ended_counts_no_more_and_is_told_for_as_long_as_it_is_kept(store: Store) -> None:
    id = await block(store)
    async with store.begin() as db:
        assert await blocks.end(db, id, NOW + DAY)
        assert not await blocks.end(db, id, NOW + 2 * DAY)
        assert not await blocks.is_blocked(db, store.cipher, NOW + DAY, PARENT)
        [kept] = await blocks.of_number(db, store.cipher, PARENT)
    assert kept.until == NOW + DAY


async def test_neither_the_number_nor_the_reason_can_be_read_in_the_database(store: Store) -> None:
    await block(store)
    async with store.begin() as db:
        row = (await db.execute(select(table))).one()
    told = b"".join(value if isinstance(value, bytes) else str(value).encode() for value in row)
    assert PARENT.encode() not in told
    assert b"Jo" not in told


async def test_a_block_whose_secret_is_gone_holds_all_the_same(store: Store) -> None:
    await block(store)
    async with store.begin() as db:
        await db.execute(table.update().values(number=LOST.encrypt(PARENT), body=LOST.encrypt(WHY)))
        [found] = await blocks.read(db, store.cipher, NOW)
        assert (found.number, found.why) == (None, None)
        assert await blocks.is_blocked(db, store.cipher, NOW + timedelta(days=1), PARENT)


async def test_nobody_is_rung_any_more_for_a_caller_who_is_blocked_while_they_wait(store: Store) -> None:
    driver = HuntDriver(store, caller=PARENT)
    hunt = await driver.start()
    other = HuntDriver(store, caller=OTHER)
    others = await other.start("CA2")
    [theirs] = [leg for leg in await driver.assign() if leg.hunt == hunt]
    async with store.begin() as db:
        await hunts.cease(db, store.cipher.blind_indexes(PARENT), driver.now)
    new, unwanted = await driver.assign_calls()
    assert (new, [leg.id for leg in unwanted]) == ([], [theirs.leg])
    assert await driver.poll(hunt) is HuntStatus.left
    assert await driver.end(hunt, QueueResult.left) == HuntStatus.nobody
    assert await other.poll(others) is HuntStatus.ringing
