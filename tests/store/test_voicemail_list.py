"""The list of voicemails for advisers."""

from ivr.store import voicemail_audio, voicemail_list, voicemails
from ivr.store.database import Store
from ivr.store.voicemail_audio import MOST_TRIES, PendingRecording
from ivr.store.voicemail_list import Voicemail
from tests.store.fixtures import MINUTE, NOW, PARENT
from tests.store.voicemail_driver import ANOTHER, DEADLINE, RECORDING, Caller

SOUND = b"RIFF and so on"


async def listed(store: Store, everything: bool = False) -> list[Voicemail]:
    async with store.begin() as db:
        return await voicemail_list.read(db, store.cipher, everything=everything)


async def sent(caller: Caller, recording: str = RECORDING) -> str:
    id = await caller.leave(recording)
    await caller.submit(id)
    return id


async def test_what_was_passed_on_is_listed_with_all_that_is_known_of_it(store: Store) -> None:
    caller = Caller(store)
    id = await sent(caller)
    [one] = await listed(store)
    assert (one.id, one.number, one.topic, one.deadline) == (id, PARENT, "deadline", DEADLINE)
    assert (one.state, one.seconds, one.sound, one.by, one.began) == ("sent", 42, "coming", None, NOW)
    assert PARENT not in repr(one)


async def test_the_oldest_comes_first(store: Store) -> None:
    caller = Caller(store, now=NOW + MINUTE)
    later = await sent(caller)
    caller.now = NOW
    earlier = await sent(caller, ANOTHER)
    assert [one.id for one in await listed(store)] == [earlier, later]


async def test_what_is_not_passed_on_yet_or_never_is_not_listed(store: Store) -> None:
    caller = Caller(store)
    await caller.start()
    await caller.leave()
    await caller.discard(await caller.leave(ANOTHER))
    assert await listed(store, everything=True) == []


async def test_what_is_done_is_listed_only_if_one_asks_for_everything(store: Store) -> None:
    id = await sent(Caller(store))
    async with store.begin() as db:
        await voicemails.done(db, id, "Ruth", NOW)
    assert await listed(store) == []
    assert [(one.state, one.by) for one in await listed(store, everything=True)] == [("done", "Ruth")]


async def test_it_is_said_whether_it_can_be_heard(store: Store) -> None:
    caller = Caller(store)
    here, lost = await sent(caller), await sent(caller, ANOTHER)
    async with store.begin() as db:
        await voicemail_audio.save(db, store.cipher, PendingRecording(here, RECORDING, 1), SOUND)
        await voicemail_audio.failed(db, PendingRecording(lost, ANOTHER, MOST_TRIES), NOW)
    assert {one.id: (one.sound, one.recording) for one in await listed(store)} == {
        here: ("here", RECORDING),
        lost: ("lost", ANOTHER),
    }


async def test_a_message_is_found_by_how_its_name_begins(store: Store) -> None:
    caller = Caller(store)
    id, _ = await sent(caller), await sent(caller, ANOTHER)
    async with store.begin() as db:
        assert [one.id for one in await voicemail_list.find(db, store.cipher, id[:8])] == [id]
        assert len(await voicemail_list.find(db, store.cipher, "")) == 2
        assert await voicemail_list.find(db, store.cipher, "%") == []
