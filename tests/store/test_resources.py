from ivr.store import resources, texts
from ivr.store.database import Store
from tests.store.made_up import DAY, MINUTE, NOW, PARENT, sending


async def test_what_the_provider_keeps_is_deleted_there_in_its_time(store: Store) -> None:
    async with store.begin() as db:
        await resources.add(db, "recording", "RE1", b"mark", NOW)
        assert await resources.due(db, NOW + 6 * DAY, 10) == []
        [one] = await resources.due(db, NOW + 7 * DAY, 10)
        assert (one.sid, one.kind, one.tries) == ("RE1", "recording", 0)
        await resources.done(db, "RE1")
        assert await resources.of(db, b"mark") == []


async def test_the_same_thing_is_remembered_once(store: Store) -> None:
    async with store.begin() as db:
        await resources.add(db, "message", "SM1", b"mark", NOW)
        await resources.add(db, "message", "SM1", b"mark", NOW + DAY)
        assert len(await resources.of(db, b"mark")) == 1


async def test_deleting_is_tried_again_more_and_more_slowly(store: Store) -> None:
    waits = []
    async with store.begin() as db:
        await resources.add(db, "message", "SM1", b"mark", NOW, due=NOW)
        for _ in range(14):
            [one] = await resources.of(db, b"mark")
            await resources.failed(db, one, NOW)
            waits.append((await resources.of(db, b"mark"))[0].due - NOW)
    assert waits[:3] == [MINUTE, 2 * MINUTE, 4 * MINUTE]
    assert waits[-1] == DAY


async def test_every_sending_of_a_text_is_remembered(store: Store) -> None:
    text = await sending(store)
    async with store.begin() as db:
        await texts.sent(db, text.id, "SM1", NOW)
        await texts.delivery(db, text.id, "SM2", "sent", None, NOW)
        found = await resources.of(db, store.cipher.mark(PARENT))
    assert sorted(one.sid for one in found) == ["SM1", "SM2"]


async def test_what_the_provider_took_of_a_text_that_was_erased_is_deleted_there_at_once(store: Store) -> None:
    async with store.begin() as db:
        await texts.sent(db, "an erased text", "SM1", NOW)
        assert [one.sid for one in await resources.due(db, NOW, 10)] == ["SM1"]
