"""News that we could not store is asked for again; a webhook that drives a call is always answered with TwiML."""

from uuid import uuid4

import pytest
from starlette.types import Receive, Scope, Send
from twilio.request_validator import RequestValidator

from ivr.simulator.twilio_api.connection_overrides import ConnectionOverrides, overrides_in
from ivr.store.tables import voicemails
from ivr.telephony.connection_overrides import IN_A_CALL, RETRIES
from ivr.tokens import SmsIdTokens
from tests.helplines import helplines_on
from tests.store.voicemail_driver import RECORDING
from tests.web.running_app import DOWN, SHORT, running_app
from tests.web.webhooks import CALLER, SETTINGS, TOKEN, URL, ask, form_of, helpline, said

TEXT = {"MessageSid": "SM1", "From": CALLER, "Body": "Hello"}
NEWS = {
    "the end of a call": ("/voice/status", form_of(CallStatus="completed")),
    "an adviser's leg": ("/voice/status?leg=1", form_of(CallStatus="ringing")),
    "a recording": (f"/voice/recording?id={uuid4()}", {"RecordingSid": RECORDING, "RecordingStatus": "completed"}),
    "a text that came in": ("/sms", TEXT),
    "what became of a text": (
        f"/sms/status?t={SmsIdTokens(SETTINGS.secrets).close(str(uuid4()))}",
        {"MessageSid": "SM1", "MessageStatus": "delivered"},
    ),
}
every_news = pytest.mark.parametrize(("path", "form"), NEWS.values(), ids=NEWS)


@every_news
async def test_news_that_could_not_be_stored_are_not_acknowledged(path: str, form: dict[str, str]) -> None:
    async with running_app(DOWN, SHORT) as here:
        assert (await here.post(path, form)).status_code == 503


async def test_a_caller_is_answered_with_the_database_down() -> None:
    async with running_app(DOWN, SHORT) as here:
        assert "special needs helpline" in said(await here.rings("CA1"))


@every_news
@pytest.mark.parametrize("fragment", ["", RETRIES])
async def test_news_are_taken_whether_or_not_the_fragment_is_signed(
    path: str, form: dict[str, str], fragment: str
) -> None:
    signature = RequestValidator(TOKEN).compute_signature(f"{URL}{path}{fragment}", form)
    async with running_app(DOWN, SHORT) as here:
        assert (await here.post(path, form, signature)).status_code == 503  # and not 403


@pytest.mark.parametrize("fragment", ["", IN_A_CALL])
async def test_a_call_begins_whether_or_not_the_fragment_is_signed(fragment: str) -> None:
    form = form_of(CallStatus="ringing")
    signature = RequestValidator(TOKEN).compute_signature(f"{URL}/voice{fragment}", form)
    assert (await ask(helpline(), f"{URL}/voice", form, signature=signature)).status_code == 200


@pytest.mark.parametrize("fragment", ["#", "#rc=2", RETRIES, IN_A_CALL + "0"])
async def test_a_call_begins_with_no_other_fragment(fragment: str) -> None:
    form = form_of(CallStatus="ringing")
    signature = RequestValidator(TOKEN).compute_signature(f"{URL}/voice{fragment}", form)
    assert (await ask(helpline(), f"{URL}/voice", form, signature=signature)).status_code == 403


def test_a_call_comes_to_the_fallback_within_ten_seconds() -> None:
    assert overrides_in(f"{URL}/voice{IN_A_CALL}") == ConnectionOverrides(2, frozenset({"ct", "rt", "5xx"}))
    assert "tt=10000" in IN_A_CALL


@every_news
@pytest.mark.parametrize("fragment", ["#", "#rc=5", "#rc=5&rp=all", RETRIES + "0"])
async def test_no_other_fragment_is_believed(path: str, form: dict[str, str], fragment: str) -> None:
    signature = RequestValidator(TOKEN).compute_signature(f"{URL}{path}{fragment}", form)
    assert (await ask(helpline(), f"{URL}{path}", form, signature=signature)).status_code == 403


def test_the_provider_is_asked_to_send_news_again_as_often_as_it_does() -> None:
    assert overrides_in(f"{URL}/sms{RETRIES}") == ConnectionOverrides(5, frozenset({"ct", "rt", "5xx"}))


@pytest.mark.parametrize("signs_fragments", [False, True])
async def test_the_recording_of_a_whole_call_is_told_again_until_it_is_stored(url: str, signs_fragments: bool) -> None:
    async with helplines_on(url) as helplines:
        phone = await helplines.rings("0", "2", "1")
        app, refused = phone.app, list[str]()

        async def stumbles(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["path"].endswith("/recording") and len(refused) < 5:
                refused.append(scope["path"])
                await send({"type": "http.response.start", "status": 503, "headers": []})
                return await send({"type": "http.response.body", "body": b""})
            return await app(scope, receive, send)

        phone.app, phone.webhooks.signs_fragments = stumbles, signs_fragments
        await phone.says("This is Alex, and I would like to be rung.", hangs_up=True, told=False)
        assert len(refused) == 5
        async with helplines.store.begin() as db:
            [row] = (await db.execute(voicemails.select())).all()
        assert (row.state, row.recording) == ("recorded", phone.carrier.twilio.recordings[0].sid)
