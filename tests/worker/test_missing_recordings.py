"""Every recording of a call that left a message is found, though no news of it ever reached us."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import Row, delete

from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.resources.recording import RecordingResource
from ivr.simulator.twilio_api.routes import rest_api
from ivr.staff import voicemails as staff
from ivr.store import call_events, erasure, provider_resources, voicemail_list
from ivr.store.database import Store
from ivr.store.missing_recordings import FIRST_WAIT, MOST_TRIES, id_for
from ivr.store.tables import voicemails
from ivr.telephony.rest import Provider
from ivr.worker.maintenance import Maintenance
from ivr.worker.missing_recordings import LOOK_BACK, SETTLED_AFTER, MissingRecordings
from ivr.worker.recordings import Recordings
from tests.store.conftest import SECRETS
from tests.store.fixtures import ADVISER, PARENT, call_event
from tests.store.voicemail_driver import ALERTS, WORDS, Caller, alerts, row, state
from tests.worker.conftest import Clock

CALL, OURS = "CA" + "1" * 32, "+448081570000"
MINUTE = timedelta(minutes=1)


@dataclass
class Work:
    """A worker between a store and an account, and a caller of whom no news comes."""

    store: Store
    twilio: TwilioAccount
    provider: Provider
    clock: Clock
    numbers: tuple[str, ...] = (OURS,)

    def __post_init__(self) -> None:
        self.missing = MissingRecordings(self.store, self.provider, self.clock, ALERTS, self.numbers)
        self.recordings = Recordings(self.store, self.provider, self.clock, ALERTS)
        self.maintenance = Maintenance(self.store, self.provider, self.clock)
        self.caller = Caller(self.store, CALL, now=self.clock())

    def rings(self, call: str = CALL, called: str = OURS) -> None:
        """Begin a call, as the provider knows it."""
        self.twilio.add_inbound_call(call, PARENT, called)

    def hangs_up(self, call: str = CALL) -> None:
        self.twilio.inbound[call].set_status("completed")

    def says(self, words: str = "This is Alex.", seconds: float = 17, call: str = CALL) -> RecordingResource:
        """Record something at the provider, which tells nobody."""
        recording = self.twilio.add_recording(call, words, seconds)
        recording.status = "completed"
        return recording

    async def left(self) -> tuple[str, RecordingResource]:
        """Leave a message and hang up; return its id, and the recording."""
        self.rings()
        id, recording = await self.caller.start(), self.says()
        self.hangs_up()
        return id, recording

    async def asks(self, after: timedelta = FIRST_WAIT) -> int:
        self.clock.passes(after.total_seconds())
        return await self.missing.ask()

    async def hours_pass(self, hours: int, step: timedelta = 15 * MINUTE) -> None:
        for _ in range(hours * 60 * MINUTE // step):
            await self.asks(step)

    async def messages(self) -> list[Row[Any]]:
        async with self.store.begin() as db:
            return list((await db.execute(voicemails.select().order_by(voicemails.c.began, voicemails.c.id))).all())

    async def deleted_at_the_provider(self) -> None:
        while await self.maintenance.delete_at_the_provider():
            pass


@pytest.fixture
async def work(store: Store, clock: Clock) -> AsyncIterator[Work]:
    twilio = TwilioAccount(clock=clock)
    async with provider_of(twilio) as provider:
        yield Work(store, twilio, provider, clock)


def provider_of(twilio: TwilioAccount) -> Provider:
    return Provider(ACCOUNT_SID, "token", "http://office", 10, httpx2.ASGITransport(rest_api(twilio)))


async def test_a_message_of_which_no_news_came_is_found_and_passed_on_like_any_other(work: Work) -> None:
    id, recording = await work.left()
    assert await work.asks() == 1
    kept = await row(work.store, id)
    assert (kept.state, kept.recording, kept.seconds) == ("sent", recording.sid, 17)
    assert [(to, body) for to, body, _ in await alerts(work.store)] == [(ADVISER, WORDS)]
    await work.recordings.fetch()
    await work.deleted_at_the_provider()
    assert ((await row(work.store, id)).sound is not None, work.twilio.recordings) == (True, [])
    await work.hours_pass(24, 120 * MINUTE)
    assert len(await alerts(work.store)) == 1


async def test_the_provider_is_not_asked_while_news_may_still_come(work: Work) -> None:
    await work.left()
    assert await work.asks(FIRST_WAIT - timedelta(seconds=1)) == 0
    assert await work.asks(timedelta(seconds=1)) == 1


async def test_a_message_of_which_news_came_is_not_asked_for(work: Work) -> None:
    id, recording = await work.left()
    await work.caller.recording_completed(id, recording.sid)
    work.twilio.requests.clear()
    await work.hours_pass(2)
    assert work.twilio.requests == []


async def test_a_message_is_passed_on_when_its_call_is_over(work: Work) -> None:
    work.rings()
    id = await work.caller.start()
    work.says()
    await work.asks()
    assert (await state(work.store, id), await alerts(work.store)) == ("recorded", [])
    await work.caller.hang_up()
    assert (await state(work.store, id), len(await alerts(work.store))) == ("sent", 1)


async def test_a_recording_that_is_not_complete_yet_is_waited_for(work: Work) -> None:
    id, recording = await work.left()
    recording.status = "processing"
    await work.hours_pass(2)
    assert await state(work.store, id) == "begun"
    recording.status = "completed"
    await work.hours_pass(2)
    assert await state(work.store, id) == "sent"


@pytest.mark.parametrize("absent", [True, False])
async def test_a_call_in_which_nothing_was_said_is_asked_for_twice_and_never_again(work: Work, absent: bool) -> None:
    work.rings()
    id = await work.caller.start()
    if absent:
        work.says("", 0).status = "absent"
    work.hangs_up()
    await work.hours_pass(1)
    asked = [request for request in work.twilio.requests if "Recordings" in request]
    assert len(asked) == 2
    await work.hours_pass(24, 120 * MINUTE)
    assert [request for request in work.twilio.requests if "Recordings" in request] == asked
    kept = await row(work.store, id)
    assert (kept.state, kept.look_at, await alerts(work.store)) == ("begun", None, [])


async def test_a_click_that_is_found_is_no_message(work: Work) -> None:
    work.rings()
    id, click = await work.caller.start(), work.says("er", 1)
    work.hangs_up()
    await work.hours_pass(1)
    await work.deleted_at_the_provider()
    assert (await state(work.store, id), await alerts(work.store)) == ("begun", [])
    assert click not in work.twilio.recordings


async def test_each_of_two_messages_in_one_call_is_found(work: Work) -> None:
    work.rings()
    ids = [await work.caller.start(), await work.caller.start()]
    sids = {work.says(words).sid for words in ("One.", "Two.", "Three.")}
    work.hangs_up()
    await work.asks()
    found = await work.messages()
    assert {one.recording for one in found} == sids
    assert {one.state for one in found} == {"sent"}
    assert set(ids) < {one.id for one in found}
    assert {work.store.cipher.decrypt(one.number) for one in found} == {PARENT}


async def test_what_was_thrown_away_stays_so_and_is_not_found_again(work: Work) -> None:
    work.rings()
    first, thrown_away = await work.caller.start(), work.says("One.")
    await work.caller.record(first, thrown_away.sid)
    await work.caller.discard(first)
    second, kept = await work.caller.start(), work.says("Two.")
    work.hangs_up()
    await work.asks()
    assert [await state(work.store, id) for id in (first, second)] == ["discarded", "sent"]
    assert (await row(work.store, second)).recording == kept.sid
    assert len(await work.messages()) == 2


async def test_of_two_workers_one_asks(url: str, clock: Clock) -> None:
    twilio = TwilioAccount(clock=clock)
    async with Store(url, SECRETS, 30) as one, Store(url, SECRETS, 30) as other, provider_of(twilio) as provider:
        works = [Work(store, twilio, provider, clock) for store in (one, other)]
        await works[0].left()
        clock.passes(FIRST_WAIT.total_seconds())
        assert sum(await asyncio.gather(*(work.missing.ask() for work in works))) == 1
        assert len(await alerts(one)) == 1


async def test_what_the_provider_cannot_tell_for_days_is_put_on_the_list(
    work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    id, _ = await work.left()
    work.twilio.sid = "AC" + "2" * 32  # it answers nothing but 404 without a code of its own
    await work.hours_pass(24 * 4, 61 * MINUTE)
    async with work.store.begin() as db:
        [listed] = await voicemail_list.read(db, work.store.cipher)
    assert (listed.id, listed.recording, listed.number) == (id, None, PARENT)
    assert staff.why_not_here(listed) == staff.NOBODY_KNOWS
    assert (len(await alerts(work.store)), (await row(work.store, id)).tries) == (1, MOST_TRIES)
    assert [record.levelname for record in caplog.records].count("ERROR") == 1
    assert PARENT[3:] not in caplog.text


async def test_a_message_that_was_given_up_is_played_once_its_recording_is_found(work: Work) -> None:
    id, recording = await work.left()
    sid, work.twilio.sid = work.twilio.sid, "AC" + "2" * 32
    await work.hours_pass(24 * 4, 61 * MINUTE)
    work.twilio.sid = sid
    await work.caller.recording_completed(id, recording.sid)
    assert (await row(work.store, id)).recording == recording.sid
    assert len(await alerts(work.store)) == 1


async def test_a_caller_who_is_erased_is_erased_at_the_provider_before_anything_was_found(work: Work) -> None:
    await work.left()
    work.says("A second one.")
    async with work.store.begin() as db:
        await erasure.erase(db, work.store.cipher, PARENT, work.clock())
        [left] = await provider_resources.due(db, work.clock(), 9)
    assert (left.kind, left.sid) == ("recordings", f"{CALL}/Recordings")
    await work.hours_pass(2)
    await work.missing.find_unknown()
    assert await work.messages() == []
    await work.deleted_at_the_provider()
    assert work.twilio.recordings == []
    await work.missing.find_unknown()
    assert await work.messages() == []


async def test_a_caller_who_is_erased_in_the_middle_of_a_message_is_erased_when_they_have_hung_up(work: Work) -> None:
    work.rings()
    await work.caller.start()
    async with work.store.begin() as db:
        await erasure.erase(db, work.store.cipher, PARENT, work.clock())
    await work.deleted_at_the_provider()
    work.says()
    work.hangs_up()
    for _ in range(6):
        work.clock.passes(600)
        await work.maintenance.delete_at_the_provider()
    assert work.twilio.recordings == []


async def is_settled(work: Work) -> None:
    """Let so much time pass that news would have come."""
    work.clock.passes((SETTLED_AFTER + MINUTE).total_seconds())
    await work.missing.find_unknown()


async def row_is_lost(work: Work, id: str) -> None:
    async with work.store.begin() as db:
        await db.execute(delete(voicemails).where(voicemails.c.id == id))


async def test_a_recording_whose_row_is_lost_is_found(work: Work) -> None:
    id, recording = await work.left()
    await row_is_lost(work, id)
    await is_settled(work)
    [found] = await work.messages()
    assert (found.id, found.recording, found.seconds) == (id_for(recording.sid), recording.sid, 17)
    assert work.store.cipher.decrypt(found.number) == PARENT
    await work.caller.hang_up()
    assert (await state(work.store, found.id), len(await alerts(work.store))) == ("sent", 1)
    await is_settled(work)
    assert len(await work.messages()) == 1


async def test_one_whose_row_is_lost_may_still_get_its_news(work: Work) -> None:
    id, _ = await work.left()
    await row_is_lost(work, id)
    work.clock.passes((SETTLED_AFTER - MINUTE).total_seconds())
    await work.missing.find_unknown()
    assert await work.messages() == []


async def test_recordings_that_are_not_of_our_callers_are_left_alone(work: Work) -> None:
    elsewhere, conference = "CA" + "2" * 32, "CA" + "3" * 32
    work.rings(elsewhere, called="+441632960999")
    work.says("Of another program.", call=elsewhere)
    work.rings(conference)
    work.says("A whole call.", call=conference).source = "DialVerb"
    work.says("Of a call that nobody knows.", call="CA" + "4" * 32)
    await is_settled(work)
    await work.deleted_at_the_provider()
    assert (await work.messages(), len(work.twilio.recordings)) == ([], 3)


async def test_a_call_that_we_answered_is_ours_whatever_number_was_rung(work: Work) -> None:
    call = "CA" + "2" * 32
    work.rings(call, called="+441632960999")
    async with work.store.begin() as db:
        await call_events.append(db, [call_event(work.store.cipher.blind_index(call), work.clock())])
    work.says(call=call)
    await is_settled(work)
    assert len(await work.messages()) == 1


async def test_older_recordings_are_not_looked_for(work: Work) -> None:
    id, _ = await work.left()
    await row_is_lost(work, id)
    work.clock.passes((LOOK_BACK + timedelta(days=1)).total_seconds())
    await work.missing.find_unknown()
    assert await work.messages() == []


async def test_more_recordings_than_a_page_are_compared(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr.telephony.rest_client.PAGE_SIZE", 2)
    for n in range(5):
        call = f"CA{n:032x}"
        work.rings(call)
        work.says(call=call)
    await is_settled(work)
    assert len(await work.messages()) == 5


async def test_a_provider_in_trouble_is_compared_with_later(work: Work, caplog: pytest.LogCaptureFixture) -> None:
    id, _ = await work.left()
    await row_is_lost(work, id)
    sid, work.twilio.sid = work.twilio.sid, "AC" + "2" * 32
    await is_settled(work)
    assert (await work.messages(), caplog.text.count("not compared")) == ([], 1)
    work.twilio.sid = sid
    await is_settled(work)
    assert len(await work.messages()) == 1


async def test_a_voicemail_of_a_lost_key_is_asked_for_later_and_hides_no_other(url: str, clock: Clock) -> None:
    twilio = TwilioAccount(clock=clock)
    with_old, both, without = ([b"x" * 32], [*SECRETS, b"x" * 32], SECRETS)
    async with (
        Store(url, with_old, 30) as before,
        Store(url, both, 30) as between,
        Store(url, without, 30) as store,
        provider_of(twilio) as provider,
    ):
        lost, work = Work(before, twilio, provider, clock), Work(store, twilio, provider, clock)
        unreadable, _ = await lost.left()
        async with between.begin():
            pass  # from now on the new secret fits too
        work.caller.call = "CA" + "2" * 32
        work.rings(work.caller.call)
        id = await work.caller.start()
        work.says(call=work.caller.call)
        work.hangs_up(work.caller.call)
        assert await work.asks() == 2
        assert [await state(store, one) for one in (unreadable, id)] == ["begun", "sent"]
