"""What waits for staff is one list, in the order of the date that the caller was told."""

from datetime import date, datetime, timedelta

from ivr.store import callback_list, sms_inbox, voicemail_list, waiting_list
from ivr.store.claims import A_CLAIM
from ivr.store.database import Store
from ivr.store.item_kinds import ItemKind
from ivr.store.waiting_list import WaitingItem
from tests.store.fixtures import BODY, HOUR, MINUTE, NOW, OTHER, PARENT, callback_items, request_callback
from tests.store.voicemail_driver import Caller

SOON, LATER = date(2026, 11, 27), date(2027, 1, 11)


async def waiting(store: Store, who: str = "Ann", now: datetime = NOW, limit: int = 50) -> list[WaitingItem]:
    async with store.begin() as db:
        return await waiting_list.read(db, who, now, limit)


async def text_in(store: Store, number: str = PARENT, at: datetime = NOW) -> str:
    """Receive a text; return its id."""
    async with store.begin() as db:
        await sms_inbox.receive(db, store.cipher, f"SM {at} {number}", number, BODY, at)
        return (await sms_inbox.read(db, store.cipher, 1))[0].id


async def message(store: Store, at: datetime = NOW) -> str:
    """Leave a message whose caller was told of 14 December; return its id."""
    caller = Caller(store, call=f"CA {at}", now=at)
    id = await caller.leave(f"RE{at:%H%M}")
    await caller.submit(id)
    return id


async def test_the_nearest_date_comes_first_whatever_it_is_and_those_without_one_last(store: Store) -> None:
    await request_callback(store, "1", deadline=LATER)
    text = await text_in(store, at=NOW - HOUR)
    left = await message(store, NOW + MINUTE)
    await request_callback(store, "2", OTHER, deadline=SOON, at=NOW + HOUR)
    await request_callback(store, "3", OTHER, topic="health", at=NOW - 2 * HOUR)
    found = await waiting(store)
    assert [(item.kind, item.deadline, item.topic) for item in found] == [
        (ItemKind.callback, SOON, "school"),
        (ItemKind.message, date(2026, 12, 14), "deadline"),
        (ItemKind.callback, LATER, "school"),
        (ItemKind.callback, None, "health"),
        (ItemKind.text, None, ""),
    ]
    assert (found[1].id, found[4].id) == (left, text)
    assert [item.urgent for item in found] == [True, False, False, False, False]
    assert [item.since for item in found[3:]] == [NOW - 2 * HOUR, NOW - HOUR]


async def test_the_list_is_read_page_by_page_and_by_kind(store: Store) -> None:
    texts = [await text_in(store, at=NOW + n * MINUTE) for n in range(3)]
    await request_callback(store)
    async with store.begin() as db:
        second = await waiting_list.read(db, "Ann", NOW, 2, 2)
        only = await waiting_list.read(db, "Ann", NOW, 9, 0, [ItemKind.text])
        counted = {kind: n for kind, n in (await waiting_list.counts(db)).items() if n}
    assert counted == {ItemKind.callback: 1, ItemKind.text: 3}
    assert [item.id for item in only] == texts
    assert len(second) == 2


async def test_who_has_claimed_what_is_told_until_the_claim_lapses(store: Store) -> None:
    await request_callback(store)
    [item] = await callback_items(store)
    left, text = await message(store), await text_in(store)
    async with store.begin() as db:
        assert await callback_list.claim(db, item.id, "Ann", NOW)
        assert await voicemail_list.claim(db, left, "Ben", NOW)
        assert await sms_inbox.claim(db, text, "Cat", NOW)
    assert sorted(str(one.claimed_by) for one in await waiting(store)) == ["Ann", "Ben", "Cat"]
    later = await waiting(store, now=NOW + A_CLAIM + MINUTE)
    assert [one.claimed_by for one in later] == [None, None, None]


async def test_what_somebody_wanted_to_be_reminded_of_is_on_top_for_them_alone_once_it_is_time(store: Store) -> None:
    await request_callback(store, "1", deadline=SOON)
    await request_callback(store, "2", OTHER)
    [_, item] = await callback_items(store)
    at = NOW + timedelta(hours=5)
    async with store.begin() as db:
        assert not await callback_list.remind(db, item.id, "Ann", at, NOW)
        await callback_list.claim(db, item.id, "Ann", NOW)
        assert await callback_list.remind(db, item.id, "Ann", at, NOW)
        assert not await callback_list.remind(db, item.id, "Ben", at, NOW)
    assert [one.id == item.id for one in await waiting(store, "Ann", at - MINUTE)] == [False, True]
    assert [(one.id == item.id, one.is_due) for one in await waiting(store, "Ann", at)] == [
        (True, True),
        (False, False),
    ]
    assert [one.is_due for one in await waiting(store, "Ben", at)] == [False, False]
    async with store.begin() as db:
        assert await callback_list.claim(db, item.id, "Ben", at)  # Ann's claim has lapsed, and her reminder goes
    assert [one.is_due for one in await waiting(store, "Ann", at)] == [False, False]


async def test_what_is_finished_waits_no_more_and_what_is_undone_waits_again(store: Store) -> None:
    await request_callback(store)
    [item] = await callback_items(store)
    text = await text_in(store)
    async with store.begin() as db:
        await callback_list.settle(db, item.id, "Ann", NOW, reached=True)
        await sms_inbox.done(db, text, "Ann", NOW)
    assert await waiting(store) == []
    async with store.begin() as db:
        assert await callback_list.undo(db, item.id, NOW)
        assert not await callback_list.undo(db, item.id, NOW)
        assert await sms_inbox.undo(db, text)
    assert [one.claimed_by for one in await waiting(store)] == [None, None]
