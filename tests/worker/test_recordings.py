"""What callers have said is fetched, kept and read back, and only then forgotten at the provider."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from ivr.store import erasure, sms_states, voicemail_audio
from ivr.store.cipher import Cipher
from ivr.store.database import Store
from ivr.store.tables import sms_outbox as texts_table
from ivr.store.voicemail_audio import MOST_TRIES
from ivr.telephony.rest import Provider
from ivr.worker.maintenance import Maintenance
from ivr.worker.recordings import Recordings
from tests.fake_provider import FakeProvider
from tests.store.conftest import SECRETS
from tests.store.fixtures import PARENT
from tests.store.voicemail_driver import ALERTS, ANOTHER, RECORDING, WORDS, Caller, row, state, to_be_deleted
from tests.worker.conftest import Clock

SOUND = b"RIFF" + bytes(range(256)) * 500
DAY = 86_400


@dataclass
class Work:
    """A worker between a store and the provider's fake, and a caller who leaves messages."""

    store: Store
    fake: FakeProvider
    provider: Provider
    clock: Clock

    def __post_init__(self) -> None:
        self.recordings = Recordings(self.store, self.provider, self.clock, ALERTS)
        self.maintenance = Maintenance(self.store, self.provider, self.clock)
        self.caller = Caller(self.store, now=self.clock())

    async def left(self, recording: str = RECORDING) -> str:
        """A message whose recording the provider has finished; its name."""
        id = await self.caller.start()
        self.fake.recordings[recording] = SOUND
        await self.caller.recording_completed(id, recording)
        return id

    async def sound(self, id: str) -> bytes | None:
        async with self.store.begin() as db:
            return await voicemail_audio.sound(db, self.store.cipher, id)

    async def time_passes(self, seconds: int, step: int) -> None:
        """What a worker does in that time, every so many seconds."""
        for _ in range(seconds // step):
            self.clock.passes(step)
            await self.recordings.fetch()
            await self.maintenance.delete_at_the_provider()


@pytest.fixture
async def work(store: Store, clock: Clock) -> AsyncIterator[Work]:
    fake = FakeProvider()
    async with fake.client() as provider:
        yield Work(store, fake, provider, clock)


async def test_a_recording_is_fetched_and_kept_and_then_deleted_at_the_provider(work: Work) -> None:
    id = await work.left()
    assert await work.recordings.fetch() == 1
    assert (await work.sound(id), work.fake.recordings) == (SOUND, {RECORDING: SOUND})
    await work.maintenance.delete_at_the_provider()
    assert (await work.sound(id), work.fake.recordings) == (SOUND, {})
    await work.time_passes(DAY, DAY // 4)
    assert work.fake.requests == {f"GET {RECORDING}": 1, f"DELETE {RECORDING}": 1}


async def test_what_is_not_complete_yet_is_fetched_later(work: Work) -> None:
    id = await work.caller.leave()
    await work.time_passes(60, 10)
    assert await work.sound(id) is None
    work.fake.recordings[RECORDING] = SOUND
    await work.time_passes(60, 10)
    assert await work.sound(id) == SOUND


@pytest.mark.parametrize("status", [401, 404, 408, 429, 500, 503])
async def test_a_provider_in_trouble_is_asked_again_and_nothing_is_deleted_meanwhile(work: Work, status: int) -> None:
    id = await work.left()
    work.fake.statuses = [status] * 3
    await work.recordings.fetch()
    await work.maintenance.delete_at_the_provider()
    assert (await work.sound(id), work.fake.requests) == (None, {f"GET {RECORDING}": 1})
    await work.time_passes(300, 10)
    assert await work.sound(id) == SOUND
    assert work.fake.requests == {f"GET {RECORDING}": 4, f"DELETE {RECORDING}": 1}


async def test_two_workers_fetch_it_once(url: str, clock: Clock) -> None:
    fake = FakeProvider()
    async with (
        Store(url, SECRETS, 30) as one,
        Store(url, SECRETS, 30) as other,
        fake.client() as provider,
    ):
        works = [Work(store, fake, provider, clock) for store in (one, other)]
        ids = [await works[0].left(sid) for sid in (RECORDING, ANOTHER)]
        fetched = await asyncio.gather(*(work.recordings.fetch() for work in works))
        assert sum(fetched) == 2
        assert [await works[0].sound(id) for id in ids] == [SOUND, SOUND]
    assert fake.requests == {f"GET {RECORDING}": 1, f"GET {ANOTHER}": 1}


async def test_a_worker_that_died_before_it_had_read_it_back_leaves_it_to_another(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = await work.left()
    with monkeypatch.context() as patch:
        patch.setattr(Recordings, "_is_stored", dies)
        with pytest.raises(KeyError):
            await work.recordings.fetch()
    assert await work.sound(id) == SOUND
    assert await to_be_deleted(work.store, work.clock() + timedelta(days=30)) == []
    await work.time_passes(120, 60)
    assert work.fake.requests == {f"GET {RECORDING}": 2, f"DELETE {RECORDING}": 1}


async def test_what_cannot_be_read_back_stays_at_the_provider(
    work: Work, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    id = await work.left()
    tokens = Cipher.encrypt_bytes
    with monkeypatch.context() as patch:
        patch.setattr(Cipher, "encrypt_bytes", lambda cipher, data: tokens(cipher, data[:-1]))
        await work.recordings.fetch()
    assert [line.partition(" reason=")[2] for line in caplog.messages] == [
        "'the recording read back is not the one received'"
    ]
    assert await to_be_deleted(work.store, work.clock() + timedelta(days=30)) == []
    await work.time_passes(60, 10)
    assert (await work.sound(id), work.fake.recordings) == (SOUND, {})


async def test_staff_are_told_of_one_that_is_given_up(work: Work, caplog: pytest.LogCaptureFixture) -> None:
    id = await work.left()
    del work.fake.recordings[RECORDING]
    caplog.set_level("INFO")
    await work.time_passes(4 * DAY, 1800)
    assert (await row(work.store, id)).tries == MOST_TRIES
    assert caplog.messages[-1].startswith("recording given up, it is still at the provider: voicemail=")
    assert [record.levelname for record in caplog.records].count("ERROR") == 1
    assert work.fake.requests == {f"GET {RECORDING}": MOST_TRIES}
    assert PARENT[3:] not in caplog.text


async def test_what_was_erased_while_it_was_fetched_is_gone_everywhere(
    work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    id = await work.left()
    async with work.store.begin() as db:
        [waiting] = await voicemail_audio.due(db, work.clock(), 1, timedelta(minutes=1))
        await erasure.erase(db, work.store.cipher, PARENT, work.clock())
    caplog.set_level("INFO")
    await work.recordings._fetch(waiting)
    logged = caplog.text
    await work.maintenance.delete_at_the_provider()
    assert (await work.sound(id), work.fake.recordings, logged) == (None, {}, "")


async def test_what_was_thrown_away_is_deleted_at_the_provider_and_never_fetched(work: Work) -> None:
    id = await work.left()
    await work.caller.discard(id)
    await work.time_passes(60, 10)
    assert work.fake.requests == {f"DELETE {RECORDING}": 1}
    assert await work.sound(id) is None


async def test_a_message_of_which_the_end_of_the_call_was_never_told_is_passed_on(work: Work) -> None:
    id = await work.left()
    assert await work.recordings.send_forgotten() == 0
    work.clock.passes(3601)
    assert await work.recordings.send_forgotten() == 1
    assert await work.recordings.send_forgotten() == 0
    async with work.store.begin() as db:
        [alert] = [sms_states.read(text, work.store.cipher) for text in (await db.execute(texts_table.select())).all()]
    assert (await state(work.store, id), alert.body) == ("sent", WORDS)


async def dies(*_: object) -> None:
    raise KeyError
