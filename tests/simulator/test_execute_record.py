"""<Record>, the recording it creates, and its status callback."""

from datetime import UTC, datetime

import pytest

from ivr.simulator.network.answers import Speech
from ivr.simulator.phone import Phone
from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twiml.timing import wav_duration
from ivr.telephony.wav import silence
from tests.simulator.twiml_app import TOKEN, Answer, TwimlApp

CALLBACK = "recordingStatusCallback='news?id=7'"
RECORD = (
    f"<Record action='kept' {CALLBACK} recordingStatusCallbackEvent='completed absent'/><Say>Nothing was said</Say>"
)
KEPT = "<Gather><Say>Kept</Say></Gather>"
WORDS = "one two three four five"


def recorder(voice: str = RECORD) -> tuple[Phone, TwimlApp]:
    answers: dict[str, Answer] = {"voice": voice, "kept": KEPT, "news": ""}
    documents = TwimlApp(answers)
    twilio = TwilioAccount(clock=lambda: datetime(2026, 11, 23, 10, tzinfo=UTC))
    return Phone(documents.app, token=TOKEN, twilio=twilio), documents


async def test_the_recording_callback_comes_after_the_action() -> None:
    phone, app = recorder()
    await phone.dials()
    (await phone.says(WORDS, key="#")).hears("Kept")
    assert app.paths == ["voice", "kept", "news?id=7"]
    (kept, callback), recording = (form for _, form in app.asked[1:]), phone.carrier.twilio.recordings[0]
    assert kept["RecordingSid"] == callback["RecordingSid"] == recording.sid
    assert (
        kept["RecordingUrl"] == f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}/Recordings/{recording.sid}"
    )
    assert (kept["RecordingDuration"], kept["Digits"]) == ("2", "#")
    assert (recording.words, recording.seconds, recording.status) == (WORDS, 2.0, "completed")
    assert callback == {
        "AccountSid": ACCOUNT_SID,
        "CallSid": kept["CallSid"],
        "RecordingSid": recording.sid,
        "RecordingUrl": kept["RecordingUrl"],
        "RecordingStatus": "completed",
        "RecordingDuration": "2",
        "RecordingChannels": "1",
        "RecordingSource": "RecordVerb",
        "RecordingStartTime": "Mon, 23 Nov 2026 10:00:00 +0000",
        "RecordingTrack": "inbound",
    }


@pytest.mark.parametrize(
    ("arrives", "first", "in_the_end"),
    [
        ("before", ["news?id=7", "kept"], ["news?id=7", "kept"]),
        ("after", ["kept", "news?id=7"], ["kept", "news?id=7"]),
        ("twice", ["kept", "news?id=7"], ["kept", "news?id=7", "news?id=7"]),
        ("late", ["kept"], ["kept", "news?id=7"]),
        ("never", ["kept"], ["kept"]),
    ],
)
async def test_the_recording_callback_can_come_at_any_time(
    arrives: str, first: list[str], in_the_end: list[str]
) -> None:
    phone, app = recorder()
    phone.carrier.status_callbacks.recordings = arrives
    await phone.dials()
    await phone.says(WORDS, key="#")
    assert app.paths[1:] == first
    assert (phone.carrier.twilio.recordings[0].status == "processing") == (arrives == "late")
    await phone.hangs_up()
    assert app.paths[1:] == in_the_end
    assert phone.carrier.twilio.recordings[0].status == "completed"


async def test_the_recording_callback_comes_alone_when_a_hang_up_skips_the_action() -> None:
    phone, app = recorder()
    await phone.dials()
    await phone.says(WORDS, hangs_up=True, told=False)
    assert app.paths == ["voice", "news?id=7"]
    assert app.last_form["RecordingStatus"] == "completed"


async def test_a_silence_asks_no_action_and_is_absent() -> None:
    phone, app = recorder()
    await phone.dials()
    (await phone.waits()).hears("Nothing was said")
    assert app.paths == ["voice", "news?id=7"]
    assert (app.last_form["RecordingStatus"], app.last_form["ErrorCode"]) == ("absent", "16102")
    assert phone.carrier.twilio.recordings[0].status == "absent"


async def test_a_caller_who_hangs_up_without_a_word_leaves_nothing() -> None:
    phone, app = recorder()
    await phone.dials()
    await phone.hangs_up()
    assert app.paths == ["voice", "news?id=7"]
    assert app.last_form["RecordingStatus"] == "absent"


async def test_only_the_callbacks_that_were_asked_for_come() -> None:
    phone, app = recorder(f"<Record action='kept' {CALLBACK}/><Say>Nothing was said</Say>")
    await phone.dials()
    (await phone.waits()).hears("Nothing was said")
    assert app.paths == ["voice"]
    assert phone.carrier.twilio.recordings[0].status == "absent"


async def test_the_recording_callback_can_come_by_get() -> None:
    phone, app = recorder(f"<Record action='kept' {CALLBACK} recordingStatusCallbackMethod='GET'/>")
    await phone.dials()
    await phone.says(WORDS)
    assert app.paths[-1].startswith("news?id=7&AccountSid=AC")


async def test_a_recording_lasts_as_long_as_what_was_said() -> None:
    phone, _ = recorder()
    await phone.dials()
    await phone.says(WORDS + " " + WORDS)
    sound = phone.carrier.twilio.recordings[0].wav()
    assert wav_duration(sound) == 4.0
    assert WORDS.encode() in sound


@pytest.mark.parametrize(("seconds", "lasts"), [(2.5, 2.5), (4000, 3600)])
async def test_a_recording_of_audio_is_that_audio_and_as_long(seconds: float, lasts: float) -> None:
    phone, app = recorder()
    await phone.dials()
    await phone.act(Speech(WORDS, "#", audio=silence(seconds)))
    recording = phone.carrier.twilio.recordings[0]
    assert (recording.seconds, wav_duration(recording.wav())) == (lasts, lasts)
    assert app.asked[1][1]["RecordingDuration"] == str(round(lasts))
