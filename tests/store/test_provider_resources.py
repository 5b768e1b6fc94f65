from ivr.store import provider_resources, sms_results
from ivr.store.database import Store
from tests.store.fixtures import DAY, MINUTE, NOW, PARENT, sending


async def test_what_the_provider_keeps_is_deleted_there_in_its_time(store: Store) -> None:
    async with store.begin() as db:
        await provider_resources.add(db, "recording", "RE1", b"blind_index", NOW)
        assert await provider_resources.due(db, NOW + 6 * DAY, 10) == []
        [one] = await provider_resources.due(db, NOW + 7 * DAY, 10)
        assert (one.sid, one.kind, one.tries) == ("RE1", "recording", 0)
        await provider_resources.deleted(db, "RE1")
        assert await provider_resources.for_number(db, b"blind_index") == []


async def test_they_are_listed_in_the_order_of_their_time_and_then_of_their_names(store: Store) -> None:
    added = {"RE4": MINUTE, "RE3": 0 * MINUTE, "RE2": MINUTE, "RE1": 2 * MINUTE}
    async with store.begin() as db:
        for sid, later in added.items():
            await provider_resources.add(db, "recording", sid, b"blind_index", NOW + later, due=NOW - later)
        assert [one.sid for one in await provider_resources.for_number(db, b"blind_index")] == [
            "RE3",
            "RE2",
            "RE4",
            "RE1",
        ]
        assert [one.sid for one in await provider_resources.due(db, NOW, 3)] == ["RE1", "RE2", "RE4"]
        assert [one.sid for one in await provider_resources.due(db, NOW - MINUTE, 9)] == ["RE1", "RE2", "RE4"]


async def test_what_is_to_be_deleted_soon_is_not_put_off(store: Store) -> None:
    async with store.begin() as db:
        for sid, due in (("RE1", NOW - DAY), ("RE2", NOW + DAY)):
            await provider_resources.add(db, "recording", sid, b"blind_index", NOW, due=due)
        await provider_resources.delete_soon(db, NOW, b"blind_index")
        found = {one.sid: one.due for one in await provider_resources.for_number(db, b"blind_index")}
    assert found == {"RE1": NOW - DAY, "RE2": NOW}


async def test_the_same_thing_is_remembered_once(store: Store) -> None:
    async with store.begin() as db:
        await provider_resources.add(db, "message", "SM1", b"blind_index", NOW)
        await provider_resources.add(db, "message", "SM1", b"blind_index", NOW + DAY)
        assert len(await provider_resources.for_number(db, b"blind_index")) == 1


async def test_deleting_is_tried_again_more_and_more_slowly(store: Store) -> None:
    waits = []
    async with store.begin() as db:
        await provider_resources.add(db, "message", "SM1", b"blind_index", NOW, due=NOW)
        for _ in range(14):
            [one] = await provider_resources.for_number(db, b"blind_index")
            await provider_resources.failed(db, one, NOW)
            waits.append((await provider_resources.for_number(db, b"blind_index"))[0].due - NOW)
    assert waits[:3] == [MINUTE, 2 * MINUTE, 4 * MINUTE]
    assert waits[-1] == DAY


async def test_every_sending_of_a_text_is_remembered(store: Store) -> None:
    text = await sending(store)
    async with store.begin() as db:
        await sms_results.sent(db, text.id, "SM1", NOW)
        await sms_results.delivery(db, text.id, "SM2", "sent", None, NOW)
        found = await provider_resources.for_number(db, store.cipher.blind_index(PARENT))
    assert sorted(one.sid for one in found) == ["SM1", "SM2"]


async def test_what_the_provider_took_of_a_text_that_was_erased_is_deleted_there_at_once(store: Store) -> None:
    async with store.begin() as db:
        await sms_results.sent(db, "an erased text", "SM1", NOW)
        assert [one.sid for one in await provider_resources.due(db, NOW, 10)] == ["SM1"]
