"""<Play>: sounds of the app's are fetched, and have to be sounds."""

from datetime import UTC, datetime

import pytest
from starlette.responses import Response

from ivr.simulator.network.interpreter import APPLICATION_ERROR
from ivr.simulator.twilio_api.resources.recording import RecordingResource
from tests.simulator.twiml_app import MakePhone

SOUND = RecordingResource("AC", "CA", "It is Ann", 3.0, datetime(2026, 11, 23, tzinfo=UTC)).wav()


@pytest.mark.parametrize("voice", ["<Play>sound?t=1</Play>", "<Gather timeout='1'><Play>/sound?t=1</Play></Gather>"])
async def test_a_sound_of_the_apps_lasts_as_long_as_it_says(make_phone: MakePhone, voice: str) -> None:
    phone, app = make_phone(voice, sound=Response(SOUND, media_type="audio/x-wav"))
    await phone.dials()
    if not phone.ended:
        await phone.waits()
    assert phone.heard_seconds == 3
    assert app.paths == ["voice"]
    assert "(recording " in str(phone.transcript)


@pytest.mark.parametrize("sound", [b"ID3 and so on", b"RIFF"])
async def test_a_sound_that_does_not_tell_its_length_counts_as_usual(make_phone: MakePhone, sound: bytes) -> None:
    phone, _ = make_phone("<Play>sound</Play>", sound=Response(sound, media_type="audio/mpeg"))
    await phone.dials()
    assert phone.heard_seconds == 5


async def test_a_sound_of_somebody_elses_is_not_fetched(make_phone: MakePhone) -> None:
    phone, _ = make_phone("<Play>https://music.example/tune.mp3</Play>")
    await phone.dials()
    assert phone.heard_seconds == 5
    assert not phone.failures


async def test_key_tones_are_no_sound_to_fetch(make_phone: MakePhone) -> None:
    phone, _ = make_phone("<Play digits='1234'/>")
    await phone.dials()
    assert not phone.failures
    assert phone.clock == 2


@pytest.mark.parametrize(
    ("sound", "code"),
    [
        (Response(SOUND, status_code=404, media_type="audio/x-wav"), 11200),
        (Response(SOUND, media_type="text/html"), 12300),
        (Response(SOUND), 12300),
    ],
)
@pytest.mark.parametrize("voice", ["<Play>sound</Play>", "<Gather><Play>sound</Play></Gather>"])
async def test_what_is_no_sound_is_a_failure(make_phone: MakePhone, voice: str, sound: Response, code: int) -> None:
    phone, _ = make_phone(voice, sound=sound)
    (await phone.dials()).hears(APPLICATION_ERROR)
    assert [failure.code for failure in phone.failures] == [code]
