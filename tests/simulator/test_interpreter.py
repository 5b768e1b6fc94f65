"""The other verbs, the webhooks, and what happens when the app fails."""

import asyncio

import pytest
from starlette.responses import Response

from ivr.simulator.network import webhooks
from ivr.simulator.network.interpreter import APPLICATION_ERROR
from ivr.simulator.phone import Phone
from ivr.simulator.twiml.errors import TwimlError
from tests.simulator.twiml_app import TOKEN, Answer, MakePhone, TwimlApp

WITHHELD = [
    "+266696687",
    "+7378742833",
    "+2562533",
    "+8656696",
    "+86282452253",
    "+464",
    "anonymous",
    "Anonymous",
    "unavailable",
    "restricted",
    "unknown",
    "",
]
"""What has been seen in From when the caller's number is withheld."""


async def test_a_call_is_announced_as_twilio_does(make_phone: MakePhone) -> None:
    phone, app = make_phone("<Redirect>on</Redirect>", on="<Gather numDigits='1'/>")
    await phone.dials()
    await phone.presses("1")
    first, second, third = (form for _, form in app.asked)
    assert first == second
    assert first["CallSid"].startswith("CA")
    assert len(first["CallSid"]) == len(first["AccountSid"]) == 34
    assert (first["From"], first["Caller"]) == ("+447700900123", "+447700900123")
    assert (first["To"], first["Called"]) == ("+448081570000", "+448081570000")
    assert (first["Direction"], first["ApiVersion"], first["CallStatus"]) == ("inbound", "2010-04-01", "ringing")
    assert third == first | {"CallStatus": "in-progress", "Digits": "1"}


@pytest.mark.parametrize("caller", WITHHELD)
async def test_a_withheld_number_is_passed_on_as_it_comes(caller: str) -> None:
    documents = TwimlApp({"voice": "<Say>Hello</Say><Dial>+447700900001</Dial>"})
    phone = Phone(documents.app, token=TOKEN, caller=caller)
    (await phone.dials()).hears("hello")
    assert documents.last_form["From"] == documents.last_form["Caller"] == caller
    assert phone.dialled[0].caller_id == caller


async def test_an_app_behind_a_path_prefix_is_asked_without_it_and_signed_with_it() -> None:
    public = "https://charity.example/ivr"
    documents = TwimlApp(
        {"voice": "<Gather numDigits='1' action='voice/menu?m=1'/>", "voice/menu": "<Hangup/>"}, public
    )
    phone = Phone(documents.app, token=TOKEN, public_url=public)
    await phone.dials()
    await phone.presses("1")
    assert documents.paths == ["voice", "voice/menu?m=1"]


async def test_an_action_that_forgets_the_prefix_reaches_nobody() -> None:
    public = "https://charity.example/ivr"
    documents = TwimlApp({"voice": "<Redirect>/voice/menu</Redirect>"}, public)
    phone = await Phone(documents.app, token=TOKEN, public_url=public).dials()
    assert phone.failed
    assert "Nothing answers outside https://charity.example/ivr" in phone.failed


async def test_another_process_takes_over_between_two_keys(make_phone: MakePhone) -> None:
    phone, _ = make_phone("<Gather numDigits='1' action='menu'/>")
    await phone.dials()
    phone.app = TwimlApp({"menu": "<Say>Still here</Say>"}).app
    (await phone.presses("1")).hears("still here")


async def test_the_last_webhook_can_come_twice(make_phone: MakePhone) -> None:
    phone, app = make_phone("<Gather numDigits='1' action='menu'/>", menu="<Gather/>")
    await phone.dials()
    await phone.presses("1")
    assert await phone.replays() == phone.documents[-1]
    assert app.asked[-1] == app.asked[-2]


@pytest.mark.parametrize("verb", ["<Say loop='0'>Hello</Say>", "<Play loop='0'>beep.mp3</Play>"])
async def test_a_loop_of_nought_is_a_thousand(make_phone: MakePhone, verb: str) -> None:
    """Say/Play loop=0: repeat up to 1000."""
    beep: dict[str, Answer] = {"beep.mp3": Response(b"ID3", media_type="audio/mpeg")}
    phone, _ = make_phone(verb, **beep)
    await phone.dials()
    once, _ = make_phone(verb.replace("0", "1"), **beep)
    await once.dials()
    assert phone.clock == pytest.approx(1000 * once.clock)


async def test_pauses_pass_time_that_is_not_speech(make_phone: MakePhone) -> None:
    phone, _ = make_phone(
        "<Say voice='Polly.Amy'>one two<break time='500ms'/> three four five</Say><Pause/><Pause length='3'/>"
    )
    await phone.dials()
    assert (phone.clock, phone.heard_seconds) == (6.5, 2.5)


async def test_seconds_until_a_phrase_count_only_speech(make_phone: MakePhone) -> None:
    phone, _ = make_phone("<Say>one two three four five</Say><Pause length='9'/><Gather><Say>six seven</Say></Gather>")
    await phone.dials()
    assert phone.seconds_until("five") == 2
    assert phone.seconds_until("seven") == pytest.approx(2.8)


async def test_a_redirect_posts_without_digits(make_phone: MakePhone) -> None:
    phone, app = make_phone("<Gather numDigits='1' action='menu'/>", menu="<Redirect>on?m=2</Redirect>", on="<Hangup/>")
    await phone.dials()
    await phone.presses("1")
    assert app.asked[-1][0] == "on?m=2"
    assert "Digits" not in app.last_form


async def test_verbs_after_a_hangup_or_a_redirect_never_run(make_phone: MakePhone) -> None:
    phone, _ = make_phone("<Redirect>on</Redirect><Say>Never</Say>", on="<Say>Bye</Say><Hangup/><Say>Never</Say>")
    (await phone.dials()).hears("bye").hears_not("never")
    assert phone.ended


@pytest.mark.parametrize(("attribute", "reason"), [("", "rejected"), ("reason='busy'", "busy")])
async def test_a_call_can_be_rejected_before_it_is_answered(make_phone: MakePhone, attribute: str, reason: str) -> None:
    """Reject reason: rejected|busy."""
    phone, _ = make_phone(f"<Reject {attribute}/>")
    await phone.dials()
    assert phone.ended
    assert f"the call is rejected: {reason}" in str(phone.transcript)


async def test_a_call_that_was_answered_cannot_be_rejected(make_phone: MakePhone) -> None:
    """Reject not first verb: call already answered."""
    phone, _ = make_phone("<Say>Hello</Say><Reject/>")
    (await phone.dials()).hears("hello")
    assert phone.ended
    assert "rejected" not in str(phone.transcript)


async def test_a_recording_without_an_action_asks_for_the_same_document_again(make_phone: MakePhone) -> None:
    """Record no action: current document is requested again (loop risk)."""
    phone, app = make_phone("<Record/>")
    await phone.dials()
    await phone.says("My name is Ann", key="#")
    assert app.paths == ["voice", "voice"]
    assert (app.last_form["Digits"], app.last_form["RecordingDuration"]) == ("#", "2")


async def test_a_silent_recording_asks_nobody(make_phone: MakePhone) -> None:
    """Record silence: no action request, next verb runs. Record timeout default: 5 s."""
    phone, app = make_phone("<Record action='kept'/><Say>Nothing was said</Say>")
    await phone.dials()
    (await phone.waits()).hears("nothing was said")
    assert app.paths == ["voice"]
    assert phone.clock == pytest.approx(5 + 3 / 2.5)


async def test_a_recording_ends_when_nothing_more_is_said(make_phone: MakePhone) -> None:
    """Record timeout default: 5 s."""
    phone, app = make_phone("<Record action='kept'/>", kept="<Hangup/>")
    await phone.dials()
    await phone.says("one two three four five")
    assert phone.clock == 2 + 5
    assert app.last_form["Digits"] == ""


async def test_a_recording_lasts_an_hour_at_most(make_phone: MakePhone) -> None:
    """Record maxLength default: 3600 s."""
    phone, app = make_phone("<Record action='kept'/>", kept="<Hangup/>")
    await phone.dials()
    await phone.says("word " * 10_000)
    assert app.last_form["RecordingDuration"] == "3600"


@pytest.mark.parametrize("key", "1234567890*#")
async def test_any_key_ends_a_recording(make_phone: MakePhone, key: str) -> None:
    """Record finishOnKey default: 1234567890*#."""
    phone, app = make_phone("<Record action='kept'/>", kept="<Hangup/>")
    await phone.dials()
    await phone.says("one two three four five", key=key)
    assert app.last_form["Digits"] == key
    assert phone.clock == 2


async def test_a_message_is_kept_when_the_caller_hangs_up_after_it(make_phone: MakePhone) -> None:
    phone, app = make_phone("<Record action='kept'/>", kept="<Say>Too late</Say>")
    await phone.dials()
    (await phone.says("My name is Ann", hangs_up=True)).hears_not("too late")
    assert phone.ended
    assert (app.last_form["Digits"], app.last_form["CallStatus"]) == ("hangup", "completed")


async def test_nothing_can_be_said_where_nothing_records(make_phone: MakePhone) -> None:
    phone, _ = make_phone("<Gather/>")
    await phone.dials()
    with pytest.raises(AssertionError, match="Expected something that records"):
        await phone.says("Hello")


async def test_an_app_that_fails_leaves_the_caller_with_an_error(make_phone: MakePhone) -> None:
    phone, _ = make_phone("<Gather numDigits='1' action='menu'/>")
    await phone.dials()
    (await phone.presses("1")).hears(APPLICATION_ERROR)
    assert phone.ended
    assert phone.failed
    assert phone.failed.startswith("11200 HTTP status 500")


@pytest.mark.parametrize(
    ("inside", "code"), [("<Foo/>", 12200), ("<Say>", 12100), ("<Redirect/>", 12200), ("<!DOCTYPE a>", 12100)]
)
async def test_a_document_that_cannot_be_played_is_a_failure(make_phone: MakePhone, inside: str, code: int) -> None:
    phone, _ = make_phone(inside)
    await phone.dials()
    assert [failure.code for failure in phone.failures] == [code]


async def test_an_answer_that_is_not_xml_is_a_failure() -> None:
    async def app(scope: object, receive: object, send: object) -> None:
        headers = [(b"content-type", b"text/html; charset=utf-8")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b"<Response/>"})  # type: ignore[operator]

    phone = await Phone(app).dials()
    assert [failure.code for failure in phone.failures] == [12300]


async def test_an_app_with_another_secret_refuses_the_call() -> None:
    phone = await Phone(TwimlApp({"voice": "<Say>Hello</Say>"}).app, token="another").dials()
    assert phone.failed
    assert "HTTP status 403" in phone.failed


async def test_documents_that_lead_round_in_circles_are_a_failure(make_phone: MakePhone) -> None:
    phone, app = make_phone("<Redirect/>".replace("/>", ">voice</Redirect>"))
    await phone.dials()
    assert phone.failed
    assert "round in circles" in phone.failed
    assert len(app.asked) == 200


async def test_the_fallback_document_is_played_when_the_app_fails(make_phone: MakePhone) -> None:
    fallback = "<Response><Say>We have a fault.</Say><Dial>+447700900001</Dial><Say>Goodbye.</Say></Response>"
    phone = Phone(TwimlApp({}).app, token=TOKEN, fallback=fallback)
    (await phone.dials()).hears("we have a fault", "goodbye").hears_not("application error")
    assert not phone.failed
    assert [failure.code for failure in phone.failures] == [11200]
    assert [ring.number for ring in phone.dialled] == ["+447700900001"]


async def test_the_fallback_document_is_played_once(make_phone: MakePhone) -> None:
    fallback = "<Response><Say>We have a fault.</Say><Redirect>/voice</Redirect></Response>"
    phone = Phone(TwimlApp({}).app, token=TOKEN, fallback=fallback)
    (await phone.dials()).hears("we have a fault", APPLICATION_ERROR)
    assert phone.failed


def test_a_fallback_document_is_checked_before_it_is_needed() -> None:
    with pytest.raises(TwimlError):
        Phone(TwimlApp({}).app, fallback="<Response><Foo/></Response>")


async def test_the_transcript_tells_the_time_and_who_spoke(make_phone: MakePhone) -> None:
    phone, _ = make_phone(
        "<Gather numDigits='1' action='menu'><Say>one two three four five</Say></Gather>", menu="<Hangup/>"
    )
    await phone.dials()
    await phone.presses("1", after="five")
    assert str(phone.transcript).splitlines() == [
        "0:00 caller: dials",
        "0:00 helpline: one two three four five",
        "0:02 caller: presses 1",
        "0:02 line: the helpline hangs up",
    ]


async def test_an_app_that_never_answers_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    async def app(scope: object, receive: object, send: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(webhooks, "TIMEOUT", 0)
    phone = await Phone(app).dials()
    assert phone.failed
    assert "No answer in time" in phone.failed
