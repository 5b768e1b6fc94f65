"""Audio is stored before it is deleted at the provider, and what cannot be fetched is not deleted there."""

import asyncio
from datetime import datetime, timedelta

import pytest

from ivr.engine.effects import EffectStatus
from ivr.store import erasure, voicemail_audio, voicemails
from ivr.store.database import Store
from ivr.store.voicemail_audio import A_WHILE, MOST_TRIES, PendingRecording
from tests.store.conftest import SECRETS
from tests.store.fixtures import HOUR, LEASE, NOW, PARENT
from tests.store.voicemail_driver import ANOTHER, RECORDING, Caller, row, to_be_deleted

SOUND = b"RIFF" + bytes(range(256)) * 40


@pytest.fixture
def caller(store: Store) -> Caller:
    return Caller(store)


async def due(store: Store, at: datetime = NOW) -> list[PendingRecording]:
    """Claim recordings as a worker does."""
    async with store.begin() as db:
        return await voicemail_audio.due(db, at, 10, LEASE)


async def fetched(store: Store, id: str) -> PendingRecording:
    """Fetch and store a recording, without reading it back."""
    waiting = PendingRecording(id, RECORDING, 1)
    async with store.begin() as db:
        assert await voicemail_audio.save(db, store.cipher, waiting, SOUND)
    return waiting


async def test_a_recording_is_fetched_when_the_provider_says_that_it_is_complete(store: Store, caller: Caller) -> None:
    id = await caller.leave()
    assert await due(store) == []
    await caller.recording_completed(id)
    assert await due(store) == [PendingRecording(id, RECORDING, 1)]


async def test_without_such_news_it_is_tried_after_a_while(store: Store, caller: Caller) -> None:
    id = await caller.leave()
    assert await due(store, NOW + A_WHILE - timedelta(seconds=1)) == []
    assert await due(store, NOW + A_WHILE) == [PendingRecording(id, RECORDING, 1)]


async def test_of_two_workers_one_is_given_it(url: str) -> None:
    async with Store(url, SECRETS, 30) as one, Store(url, SECRETS, 30) as other:
        caller = Caller(one)
        for sid in (RECORDING, ANOTHER):
            await caller.recording_completed(await caller.start(), sid)
        given = [waiting.recording for taken in await asyncio.gather(due(one), due(other)) for waiting in taken]
        assert sorted(given) == [RECORDING, ANOTHER]


async def test_a_worker_does_not_wait_for_another_that_is_taking_some_at_this_moment(url: str) -> None:
    if url.startswith("sqlite"):
        return  # there is one writer at a time
    async with Store(url, SECRETS, 30) as one, Store(url, SECRETS, 2) as other:
        caller = Caller(one)
        await caller.recording_completed(await caller.start())
        async with one.begin() as db:
            assert len(await voicemail_audio.due(db, NOW, 10, LEASE)) == 1
            assert await due(other) == []


async def test_what_a_worker_died_with_is_given_to_another(store: Store, caller: Caller) -> None:
    id = await caller.start()
    await caller.recording_completed(id)
    await due(store)
    assert await due(store, NOW + LEASE / 2) == []
    assert await due(store, NOW + LEASE) == [PendingRecording(id, RECORDING, 2)]


async def test_a_sound_is_sealed_and_the_same_when_it_is_opened(store: Store, caller: Caller) -> None:
    id = await caller.leave()
    assert (await caller.play(id)).status is EffectStatus.nothing
    await fetched(store, id)
    assert SOUND[:64] not in (await row(store, id)).sound
    async with store.begin() as db:
        assert await voicemail_audio.sound(db, store.cipher, id) == SOUND
    heard = await caller.play(id)
    assert (heard.status, heard.value) == (EffectStatus.kept, id)


async def test_the_provider_forgets_it_only_when_it_was_read_back(store: Store, caller: Caller) -> None:
    id = await caller.start()
    await caller.recording_completed(id)
    await due(store)
    waiting = await fetched(store, id)
    assert await to_be_deleted(store) == []
    assert await due(store, NOW + LEASE) != []  # a worker died before it could read it back
    async with store.begin() as db:
        await voicemail_audio.verified(db, waiting, NOW)
    assert await to_be_deleted(store) == [RECORDING]
    await caller.recording_completed(id)  # once more, late
    assert await due(store, NOW + 10 * HOUR) == []


async def test_what_cannot_be_fetched_is_tried_ever_more_rarely_and_in_the_end_given_up(
    store: Store, caller: Caller
) -> None:
    id, waits = await caller.leave(), []
    for tries in range(1, MOST_TRIES + 1):
        async with store.begin() as db:
            given_up = await voicemail_audio.failed(db, PendingRecording(id, RECORDING, tries), NOW)
        look_at = (await row(store, id)).look_at
        waits.append(look_at and look_at - NOW)
        assert given_up == (tries == MOST_TRIES)
    assert waits[:3] == [timedelta(seconds=seconds) for seconds in (10, 20, 40)]
    assert waits[-2:] == [HOUR, None]
    assert await to_be_deleted(store, NOW + 1000 * HOUR) == []  # it is all that there is of the message


async def test_news_that_come_after_it_was_given_up_begin_anew(store: Store, caller: Caller) -> None:
    id = await caller.leave()
    async with store.begin() as db:
        await voicemail_audio.failed(db, PendingRecording(id, RECORDING, MOST_TRIES), NOW)
    await caller.recording_completed(id)
    assert await due(store) == [PendingRecording(id, RECORDING, 1)]


async def test_one_that_is_done_and_cannot_be_fetched_is_not_kept_at_the_provider(store: Store, caller: Caller) -> None:
    done_first, lost_first = await caller.leave(), await caller.leave(ANOTHER)
    await caller.submit(done_first)
    await caller.submit(lost_first)
    async with store.begin() as db:
        await voicemail_audio.failed(db, PendingRecording(lost_first, ANOTHER, MOST_TRIES), NOW)
        for id in (done_first, lost_first):
            await voicemails.done(db, id, "Ruth", NOW)
    assert await to_be_deleted(store) == [ANOTHER]
    async with store.begin() as db:
        await voicemail_audio.failed(db, PendingRecording(done_first, RECORDING, MOST_TRIES), NOW)
    assert await to_be_deleted(store) == [RECORDING, ANOTHER]


async def test_a_silence_of_which_there_is_no_recording_does_not_harm_the_message_after_it(
    store: Store, caller: Caller
) -> None:
    id = await caller.leave()
    async with store.begin() as db:
        assert not await voicemail_audio.absent(db, id, ANOTHER)
        assert not await voicemail_audio.absent(db, "nowhere", RECORDING)
    assert len(await due(store, NOW + A_WHILE)) == 1


async def test_a_recording_that_turns_out_absent_is_not_looked_for(store: Store, caller: Caller) -> None:
    id = await caller.leave()
    async with store.begin() as db:
        assert await voicemail_audio.absent(db, id, RECORDING)
    assert await due(store, NOW + HOUR) == []


async def test_one_that_is_here_is_never_told_to_be_absent(store: Store, caller: Caller) -> None:
    id = await caller.leave()
    await fetched(store, id)
    async with store.begin() as db:
        assert not await voicemail_audio.absent(db, id, RECORDING)


async def test_what_was_thrown_away_or_erased_while_it_was_fetched_is_not_kept(store: Store, caller: Caller) -> None:
    thrown_away, erased = await caller.leave(), await Caller(store, "CA2", "+447700900456").leave(ANOTHER)
    await caller.discard(thrown_away)
    async with store.begin() as db:
        await erasure.erase(db, store.cipher, "+447700900456", NOW)
        for id, sid in ((thrown_away, RECORDING), (erased, ANOTHER)):
            waiting = PendingRecording(id, sid, 1)
            assert not await voicemail_audio.save(db, store.cipher, waiting, SOUND)
            await voicemail_audio.verified(db, waiting, NOW)
            await voicemail_audio.failed(db, waiting, NOW)
            assert await voicemail_audio.sound(db, store.cipher, id) is None
    assert await due(store, NOW + HOUR) == []
    assert await to_be_deleted(store) == [RECORDING, ANOTHER]


async def test_whoever_is_erased_is_erased_at_the_provider_before_anything_was_fetched(
    store: Store, caller: Caller
) -> None:
    await caller.leave()
    async with store.begin() as db:
        shown = await erasure.export(db, store.cipher, PARENT)
        gone = await erasure.erase(db, store.cipher, PARENT, NOW)
    assert [(one["seconds"], one["deadline"], one["sound"]) for one in shown["messages"]] == [(42, "2026-12-14", False)]
    assert (gone["messages"], await to_be_deleted(store)) == (1, [RECORDING])


async def test_a_clock_that_is_set_back_holds_up_no_recording(store: Store, caller: Caller) -> None:
    id = await caller.leave()
    await caller.recording_completed(id)
    assert await due(store, NOW - 5 * HOUR) == [PendingRecording(id, RECORDING, 1)]
