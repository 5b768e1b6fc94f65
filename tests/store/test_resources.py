from ivr.store import provider_resources, sms_outbox
from ivr.store.database import Store
from tests.store.made_up import DAY, MINUTE, NOW, PARENT, sending


async def test_what_the_provider_keeps_is_deleted_there_in_its_time(store: Store) -> None:
    async with store.begin() as db:
        await provider_resources.add(db, "recording", "RE1", b"blind_index", NOW)
        assert await provider_resources.due(db, NOW + 6 * DAY, 10) == []
        [one] = await provider_resources.due(db, NOW + 7 * DAY, 10)
        assert (one.sid, one.kind, one.tries) == ("RE1", "recording", 0)
        await provider_resources.done(db, "RE1")
        assert await provider_resources.of(db, b"blind_index") == []


async def test_the_same_thing_is_remembered_once(store: Store) -> None:
    async with store.begin() as db:
        await provider_resources.add(db, "message", "SM1", b"blind_index", NOW)
        await provider_resources.add(db, "message", "SM1", b"blind_index", NOW + DAY)
        assert len(await provider_resources.of(db, b"blind_index")) == 1


async def test_deleting_is_tried_again_more_and_more_slowly(store: Store) -> None:
    waits = []
    async with store.begin() as db:
        await provider_resources.add(db, "message", "SM1", b"blind_index", NOW, due=NOW)
        for _ in range(14):
            [one] = await provider_resources.of(db, b"blind_index")
            await provider_resources.failed(db, one, NOW)
            waits.append((await provider_resources.of(db, b"blind_index"))[0].due - NOW)
    assert waits[:3] == [MINUTE, 2 * MINUTE, 4 * MINUTE]
    assert waits[-1] == DAY


async def test_every_sending_of_a_text_is_remembered(store: Store) -> None:
    text = await sending(store)
    async with store.begin() as db:
        await sms_outbox.sent(db, text.id, "SM1", NOW)
        await sms_outbox.delivery(db, text.id, "SM2", "sent", None, NOW)
        found = await provider_resources.of(db, store.cipher.blind_index(PARENT))
    assert sorted(one.sid for one in found) == ["SM1", "SM2"]


async def test_what_the_provider_took_of_a_text_that_was_erased_is_deleted_there_at_once(store: Store) -> None:
    async with store.begin() as db:
        await sms_outbox.sent(db, "an erased text", "SM1", NOW)
        assert [one.sid for one in await provider_resources.due(db, NOW, 10)] == ["SM1"]
