"""A message is passed on whatever order its news come in, and is heard by nobody without an address of ours."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx2
import pytest

from ivr.store import voicemail_audio
from ivr.store.tables import calls, provider_resources, voicemails
from ivr.store.voicemail_audio import PendingRecording
from ivr.tokens import RECORDING_LINK_LIFETIME, RecordingLinks
from tests.conftest import Output
from tests.store.voicemail_driver import ANOTHER, RECORDING, Caller, alerts
from tests.web.running_app import DOWN, SHORT, RunningApp, has_number, locked, running_app
from tests.web.webhooks import ADVISERS, CALLER, SETTINGS, URL, form_of

SOUND = b"RIFF" + bytes(range(256)) * 16
LINKS = RecordingLinks(URL, SETTINGS.secrets)
ALERT = "A caller left a message on the helpline. To hear it: ivr messages"


@pytest.fixture
async def here(url: str) -> AsyncIterator[RunningApp]:
    async with running_app(url) as made:
        yield made


async def begun(here: RunningApp, call: str = "CA1") -> str:
    """A message that was begun in a call; its name."""
    return await Caller(here.store, call, CALLER, here.clock()).start()


async def news(
    here: RunningApp, id: str, status: str = "completed", recording: str = RECORDING, seconds: str = "42", **more: str
) -> int:
    """What the provider tells of a recording; our answer."""
    form = {"RecordingSid": recording, "RecordingStatus": status, "RecordingDuration": seconds, "CallSid": "CA1"}
    return (await here.post(f"/voice/recording?id={id}", form | more)).status_code


async def is_over(here: RunningApp, call: str = "CA1") -> int:
    return (await here.post("/voice/status", form_of(call, CallStatus="completed"))).status_code


async def state(here: RunningApp) -> str:
    [message] = await here.rows(voicemails)
    return str(message.state)


async def told(here: RunningApp) -> list[tuple[str, str]]:
    """Who is texted what about messages."""
    return [(to, body) for to, body, _ in await alerts(here.store)]


async def test_a_recording_whose_news_come_first_is_sent_when_the_call_is_over(here: RunningApp) -> None:
    id = await begun(here)
    assert await news(here, id) == 204
    assert (await state(here), await told(here)) == ("recorded", [])
    assert await is_over(here) == 204
    assert (await state(here), await told(here)) == ("sent", [(ADVISERS[0], ALERT)])
    assert (await here.record("CA1")).outcome == "message"


async def test_a_recording_whose_news_come_last_is_sent_at_once(here: RunningApp) -> None:
    id = await begun(here)
    assert await is_over(here) == 204
    assert (await state(here), await told(here)) == ("begun", [])
    assert await news(here, id) == 204
    assert (await state(here), await told(here)) == ("sent", [(ADVISERS[0], ALERT)])


async def test_news_and_ends_told_twice_are_told_once(here: RunningApp) -> None:
    id = await begun(here)
    for _ in "12":
        assert (await news(here, id), await is_over(here)) == (204, 204)
    [kept] = await here.rows(voicemails)
    assert (kept.state, kept.recording, kept.seconds, kept.look_at) == ("sent", RECORDING, 42, here.clock())
    assert len(await told(here)) == 1


@pytest.mark.parametrize("status", ["in-progress", "paused", "", "nonsense", "absent", "failed"])
async def test_a_recording_that_is_not_complete_is_none(here: RunningApp, status: str) -> None:
    id = await begun(here)
    assert await news(here, id, status) == 204
    assert await state(here) == "begun"


@pytest.mark.parametrize("seconds", ["", "-1", "long"])
async def test_a_length_that_makes_no_sense_is_none(here: RunningApp, seconds: str) -> None:
    id = await begun(here)
    assert await news(here, id, seconds=seconds) == 204
    [kept] = await here.rows(voicemails)
    assert (kept.state, kept.seconds) == ("recorded", None)


@pytest.mark.parametrize("sid", ["", "RE1", "../Calls/CA1", "RE" + "g" * 32])
async def test_what_is_no_recording_is_not_kept(here: RunningApp, sid: str) -> None:
    id = await begun(here)
    assert await news(here, id, recording=sid) == 204
    assert (await state(here), [one.sid for one in await here.rows(provider_resources)]) == ("begun", [])


@pytest.mark.parametrize("id", ["", "nowhere", "0f8fad5b-d9cb-469f-a165-70867728950e"])
async def test_a_recording_of_no_message_of_ours_is_deleted_at_the_provider(here: RunningApp, id: str) -> None:
    assert await news(here, id) == 204
    [left] = await here.rows(provider_resources)
    assert (left.sid, left.kind, left.due) == (RECORDING, "recording", here.clock())


async def test_staff_are_told_when_there_is_no_recording_of_a_message_after_all(
    here: RunningApp, output: Output
) -> None:
    id = await begun(here)
    await news(here, id)
    output()
    assert await news(here, id, "absent", ANOTHER) == 204
    assert "lost" not in output()
    assert await news(here, id, "absent") == 204
    logged = output()
    assert "voicemail lost" in logged
    assert id in logged


async def test_with_the_database_down_the_provider_is_asked_to_come_again(output: Output) -> None:
    async with running_app(DOWN, SHORT) as here:
        assert await news(here, "0f8fad5b-d9cb-469f-a165-70867728950e", From=CALLER) == 503
        address = LINKS.address("0f8fad5b-d9cb-469f-a165-70867728950e", here.clock())
        assert (await plays(here, address)).status_code == 503
    logged = output()
    assert "the database is down" in logged
    assert not has_number(logged)


async def test_with_the_database_locked_nothing_is_half_done(here: RunningApp, url: str) -> None:
    id = await begun(here)
    async with running_app(url, SHORT) as impatient, locked(url):
        assert await news(impatient, id) == 503
    assert await state(here) == "begun"


async def test_what_nobody_signed_is_refused(here: RunningApp) -> None:
    id = await begun(here)
    for signature in ("", "bm90IG91ciBzZWNyZXQ="):
        form = {"RecordingSid": RECORDING, "RecordingStatus": "completed", "RecordingDuration": "42"}
        assert (await here.post(f"/voice/recording?id={id}", form, signature)).status_code == 403
    assert await state(here) == "begun"


async def test_nobody_is_told_where_nothing_can_be_texted(url: str) -> None:
    async with running_app(url, sms_from=None) as here:
        id = await begun(here)
        await news(here, id)
        await is_over(here)
        assert (await state(here), await told(here)) == ("sent", [])


async def fetched(here: RunningApp) -> str:
    """A message whose sound is here."""
    id = await begun(here)
    await news(here, id)
    async with here.store.begin() as db:
        await voicemail_audio.save(db, here.store.cipher, PendingRecording(id, RECORDING, 1), SOUND)
    return id


async def plays(here: RunningApp, address: str, method: str = "GET") -> httpx2.Response:
    """Somebody asks for a recording, unsigned, as the provider's player does."""
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(here.app), base_url="http://10.0.0.7:8000") as client:
        return await client.request(method, address.removeprefix(URL))


async def test_a_recording_is_played_from_its_address(here: RunningApp) -> None:
    answer = await plays(here, LINKS.address(await fetched(here), here.clock()))
    assert (answer.status_code, answer.content) == (200, SOUND)
    assert answer.headers["content-type"] == "audio/wav"
    assert "no-store" in answer.headers["cache-control"]


async def test_one_may_ask_first_whether_it_is_there(here: RunningApp) -> None:
    answer = await plays(here, LINKS.address(await fetched(here), here.clock()), "HEAD")
    assert (answer.status_code, answer.headers["content-length"]) == (200, str(len(SOUND)))


async def test_an_address_is_good_for_ten_minutes(here: RunningApp) -> None:
    address = LINKS.address(await fetched(here), here.clock())
    here.clock.passes(RECORDING_LINK_LIFETIME - timedelta(seconds=1))
    assert (await plays(here, address)).status_code == 200
    here.clock.passes(timedelta(seconds=1))
    answer = await plays(here, address)
    assert (answer.status_code, SOUND in answer.content) == (410, False)
    assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize("token", ["x", "A" * 54, "0f8fad5b-d9cb-469f-a165-70867728950e"])
async def test_an_address_that_somebody_made_up_leads_nowhere(here: RunningApp, token: str) -> None:
    await fetched(here)
    assert (await plays(here, f"{URL}/recordings/{token}")).status_code == 404


async def test_an_address_sealed_with_somebody_elses_secret_leads_nowhere(here: RunningApp) -> None:
    forged = RecordingLinks(URL, [bytes(32)]).address(await fetched(here), here.clock())
    assert (await plays(here, forged)).status_code == 404


async def test_what_is_not_here_yet_or_was_thrown_away_or_erased_cannot_be_heard(here: RunningApp) -> None:
    coming = await begun(here)
    await news(here, coming)
    assert (await plays(here, LINKS.address(coming, here.clock()))).status_code == 404
    caller = Caller(here.store, "CA2", CALLER, here.clock())
    thrown_away = await caller.leave(ANOTHER)
    await caller.discard(thrown_away)
    assert (await plays(here, LINKS.address(thrown_away, here.clock()))).status_code == 404
    erased = LINKS.address("0f8fad5b-d9cb-469f-a165-70867728950e", here.clock())
    assert (await plays(here, erased)).status_code == 404


async def test_the_end_of_a_call_that_left_no_message_is_what_it_was(here: RunningApp) -> None:
    await begun(here)
    await is_over(here)
    await here.settle()
    [record] = await here.rows(calls)
    assert record.outcome == "abandoned"
