"""Each way in which asking the provider can go wrong means one of three things, and never costs a second text."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import httpx2
import pytest

from ivr.simulator.twilio_api.account import SENDER, TwilioAccount
from ivr.simulator.twilio_api.faults import (
    CONNECTION_LOST,
    CONNECTION_LOST_BEFORE,
    GATEWAY_ERROR,
    NOT_JSON,
    SERVER_ERROR,
    Fault,
    rejection,
)
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.resources.message import MessageResource
from ivr.simulator.twilio_api.routes import rest_api
from ivr.telephony.connection_overrides import RETRIES
from ivr.telephony.provider_errors import LONGEST_RETRY_AFTER, Indeterminate, ProviderError, Rejected, Retryable
from ivr.telephony.rest import Provider
from ivr.telephony.rest_client import LARGEST_RECORDING, PAGE_SIZE
from tests.fake_provider import FakeProvider

PARENT = "+447700900123"
STATUS = "https://helpline.example/sms/status?t=abc"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TOKEN = "token"
SILENTLY = Fault(statuses=())

Answer = Callable[[httpx2.Request], httpx2.Response]


@pytest.fixture
def twilio() -> TwilioAccount:
    return TwilioAccount(clock=lambda: NOW)


@pytest.fixture
async def provider(twilio: TwilioAccount) -> AsyncIterator[Provider]:
    async with client_of(twilio) as provider:
        yield provider


def client_of(twilio: TwilioAccount, timeout: float = 10) -> Provider:
    return Provider(ACCOUNT_SID, "token", "http://office", timeout, httpx2.ASGITransport(rest_api(twilio)))


async def send(provider: Provider, to: str = PARENT) -> str:
    return (await provider.send(to, "Hello.", SENDER, STATUS)).sid


async def failure_of(answer: Answer) -> ProviderError:
    """What a provider that answers like that makes of a text."""
    async with Provider(ACCOUNT_SID, "token", timeout=10, transport=httpx2.MockTransport(answer)) as provider:
        with pytest.raises(ProviderError) as caught:
            await send(provider)
    return caught.value


async def test_a_text_that_was_taken_has_a_name(twilio: TwilioAccount, provider: Provider) -> None:
    twilio.inject(SILENTLY)
    sid = await send(provider)
    [message] = twilio.messages
    assert (message.sid, message.to, message.sender, message.body) == (sid, PARENT, SENDER, "Hello.")
    assert message.status_callback == STATUS + RETRIES


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        (CONNECTION_LOST, Indeterminate),
        (CONNECTION_LOST_BEFORE, Indeterminate),
        (SERVER_ERROR, Indeterminate),
        (NOT_JSON, Indeterminate),
        (GATEWAY_ERROR, Indeterminate),
        (Fault(delay=60), Indeterminate),
        (rejection(20503, 503), Retryable),
        (rejection(20429, 429), Retryable),
        (rejection(20003, 401), Retryable),
        (rejection(21606), Retryable),
        (rejection(21211), Rejected),
        (rejection(21610), Rejected),
        (rejection(12345), Rejected),
    ],
)
async def test_what_a_failure_means(twilio: TwilioAccount, fault: Fault, meaning: type[ProviderError]) -> None:
    twilio.inject(replace(fault, statuses=()))
    async with client_of(twilio, timeout=0.05 if fault.delay else 10) as provider:
        with pytest.raises(ProviderError) as caught:
            await send(provider)
    assert type(caught.value) is meaning
    assert caught.value.code == fault.code or fault.code is None
    assert len(twilio.requests) == 1, "it asks once, and only once"
    assert PARENT not in str(caught.value)


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (httpx2.ConnectError, Retryable),
        (httpx2.ConnectTimeout, Retryable),
        (httpx2.ProxyError, Retryable),
        (httpx2.ReadTimeout, Indeterminate),
        (httpx2.WriteError, Indeterminate),
        (httpx2.ReadError, Indeterminate),
        (httpx2.RemoteProtocolError, Indeterminate),
    ],
)
async def test_a_line_that_fails_before_anything_was_said_has_taken_nothing(
    error: type[httpx2.RequestError], meaning: type[ProviderError]
) -> None:
    def breaks(_: httpx2.Request) -> httpx2.Response:
        raise error("…")

    assert type(await failure_of(breaks)) is meaning


async def test_nobody_at_the_address_has_taken_nothing() -> None:
    async with Provider(ACCOUNT_SID, "token", "http://127.0.0.1:9", 2) as provider:
        with pytest.raises(Retryable):
            await send(provider)


@pytest.mark.parametrize(
    ("status", "body", "meaning"),
    [
        (201, "", Indeterminate),
        (201, "[]", Indeterminate),
        (201, "{}", Indeterminate),
        (201, '{"sid": 7}', Indeterminate),
        (201, '{"sid": "SM1"}', Indeterminate),
        (202, "\xff", Indeterminate),
        (302, "", Indeterminate),
        (408, "{}", Indeterminate),
        (500, '{"code": 20500}', Indeterminate),
        (502, "", Indeterminate),
        (504, "", Indeterminate),
        (404, "<html>", Retryable),
        (403, '{"code": 20006}', Retryable),
        (400, '{"code": "21211"}', Retryable),
    ],
)
async def test_answers_nobody_expects(status: int, body: str, meaning: type[ProviderError]) -> None:
    failure = await failure_of(lambda _: httpx2.Response(status, content=body.encode("latin-1")))
    assert type(failure) is meaning


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("7", timedelta(seconds=7)),
        ("999999999", LONGEST_RETRY_AFTER),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("Mon, 23 Nov 2026 10:00:00 GMT", None),
    ],
)
async def test_how_long_to_wait_is_believed_within_reason(said: str, meant: timedelta | None) -> None:
    failure = await failure_of(lambda _: httpx2.Response(429, headers={"Retry-After": said}))
    assert isinstance(failure, Retryable)
    assert failure.retry_after == meant


def listed(twilio: TwilioAccount, body: str = "Hello.", to: str = PARENT, created: datetime = NOW) -> MessageResource:
    message = MessageResource(to, SENDER, body, "", created)
    twilio.messages.append(message)
    return message


async def test_a_text_is_found_by_its_number_its_words_and_its_time(twilio: TwilioAccount, provider: Provider) -> None:
    listed(twilio, "Other.")
    listed(twilio, to="+447700900124")
    listed(twilio, created=NOW - timedelta(minutes=2))
    right = listed(twilio)
    found = await provider.find(PARENT, "Hello.", NOW - timedelta(minutes=1))
    assert [one.sid for one in found] == [right.sid]


async def test_the_oldest_is_found_first_on_whatever_page_it_stands(twilio: TwilioAccount, provider: Provider) -> None:
    first, second = listed(twilio), listed(twilio, created=NOW + timedelta(seconds=1))
    for n in range(3 * PAGE_SIZE):
        listed(twilio, f"Other {n}.", created=NOW + timedelta(seconds=2))
    found = await provider.find(PARENT, "Hello.", NOW)
    assert [one.sid for one in found] == [first.sid, second.sid]
    assert len(twilio.requests) == 4


async def test_the_provider_counts_whole_seconds(twilio: TwilioAccount, provider: Provider) -> None:
    listed(twilio)
    assert await provider.find(PARENT, "Hello.", NOW + timedelta(milliseconds=900))


async def test_a_text_that_waits_to_be_sent_is_found_too(twilio: TwilioAccount, provider: Provider) -> None:
    assert listed(twilio).date_sent is None
    [found] = await provider.find(PARENT, "Hello.", NOW)
    assert found.status == "queued"


async def test_a_trial_accounts_own_words_in_front_do_not_matter(twilio: TwilioAccount, provider: Provider) -> None:
    listed(twilio, "Sent from your trial account - Hello.")
    assert await provider.find(PARENT, "Hello. ", NOW)


async def test_the_list_of_another_account_is_not_an_empty_one(twilio: TwilioAccount, provider: Provider) -> None:
    twilio.sid = "AC1"
    with pytest.raises(Retryable):
        await provider.find(PARENT, "Hello.", NOW)


@pytest.mark.parametrize(
    "body",
    [
        "<html>",
        "{}",
        '{"messages": null}',
        '{"messages": [null]}',
        '{"messages": [{}]}',
        '{"messages": [{"direction": "outbound-api", "body": "Hello.", "sid": "SM1", "status": "sent"}]}',
    ],
)
async def test_a_list_that_makes_no_sense_is_not_an_empty_one(body: str) -> None:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, content=body))
    async with Provider(ACCOUNT_SID, "token", transport=transport) as babbling:
        with pytest.raises(Indeterminate):
            await babbling.find(PARENT, "Hello.", NOW)


async def test_our_password_goes_nowhere_else() -> None:
    asked: list[str] = []

    def leads_astray(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.host)
        return httpx2.Response(200, json={"messages": [], "next_page_uri": "@elsewhere.example/"})

    async with Provider(
        ACCOUNT_SID, "token", "http://office", transport=httpx2.MockTransport(leads_astray)
    ) as provider:
        assert await provider.find(PARENT, "Hello.", NOW) == []
    assert asked == ["office"]


async def test_what_is_deleted_is_gone_and_deleting_it_again_does_no_harm(
    twilio: TwilioAccount, provider: Provider
) -> None:
    message = listed(twilio)
    message.set_status("delivered", NOW)
    twilio.deletable |= {"Calls/CA1", "Recordings/RE1", "Queues/QU1"}
    for _ in range(2):
        await provider.delete("message", message.sid)
        await provider.delete("call", "CA1")
        await provider.delete("recording", "RE1")
        await provider.delete("queue", "QU1")
    assert (twilio.messages, twilio.deletable) == ([], set())


async def test_what_is_on_its_way_cannot_be_deleted_yet(twilio: TwilioAccount, provider: Provider) -> None:
    with pytest.raises(Rejected):
        await provider.delete("message", listed(twilio).sid)


async def test_an_address_that_is_not_the_providers_has_deleted_nothing() -> None:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(404, content=b"<html>"))
    async with Provider(ACCOUNT_SID, "token", transport=transport) as provider:
        with pytest.raises(Retryable):
            await provider.delete("call", "CA1")


async def test_a_line_in_the_log_never_has_the_number_in_it(
    twilio: TwilioAccount, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await provider.find(PARENT, "Hello.", NOW)
    assert PARENT[1:] not in caplog.text


# Calls.

CALL = "CA" + "0" * 32
URL = "https://helpline.example/voice/screening/offer?m=abc"


def answers(status: int, body: str = "", seen: list[httpx2.Request] | None = None) -> Answer:
    """A provider that always gives the same answer."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        (seen if seen is not None else []).append(request)
        return httpx2.Response(status, content=body.encode())

    return answer


async def ring(answer: Answer) -> str:
    async with Provider(ACCOUNT_SID, "token", "http://office", transport=httpx2.MockTransport(answer)) as provider:
        return (await provider.call(PARENT, SENDER, URL, 20, STATUS)).sid


async def cancel(answer: Answer) -> None:
    async with Provider(ACCOUNT_SID, "token", "http://office", transport=httpx2.MockTransport(answer)) as provider:
        await provider.cancel(CALL)


async def test_a_call_is_asked_for_once_with_everything_that_belongs_to_it() -> None:
    seen: list[httpx2.Request] = []
    assert await ring(answers(201, f'{{"sid": "{CALL}", "status": "queued"}}', seen)) == CALL
    [request] = seen
    assert (request.method, request.url.path) == ("POST", f"/2010-04-01/Accounts/{ACCOUNT_SID}/Calls.json")
    assert parse_qsl(request.content.decode()) == [
        ("To", PARENT),
        ("From", SENDER),
        ("Url", URL),
        ("Method", "POST"),
        ("Timeout", "20"),
        ("StatusCallback", STATUS + RETRIES),
        ("StatusCallbackMethod", "POST"),
        ("StatusCallbackEvent", "initiated"),
        ("StatusCallbackEvent", "ringing"),
        ("StatusCallbackEvent", "answered"),
        ("StatusCallbackEvent", "completed"),
    ]


@pytest.mark.parametrize(
    ("status", "body", "meaning"),
    [
        (201, "{}", Indeterminate),
        (201, '{"sid": "SM00000000000000000000000000000000"}', Indeterminate),
        (500, "", Indeterminate),
        (503, "<html>", Indeterminate),
        (400, '{"code": 21210}', Retryable),
        (401, '{"code": 20003}', Retryable),
        (429, '{"code": 20429}', Retryable),
        (400, '{"code": 21211}', Rejected),
        (400, '{"code": 21214}', Rejected),
        (400, '{"code": 21215}', Rejected),
    ],
)
async def test_what_a_call_that_failed_means(status: int, body: str, meaning: type[ProviderError]) -> None:
    with pytest.raises(ProviderError) as caught:
        await ring(answers(status, body))
    assert type(caught.value) is meaning
    assert PARENT not in str(caught.value)


async def test_a_call_that_still_rings_is_cancelled() -> None:
    seen: list[httpx2.Request] = []
    await cancel(answers(200, f'{{"sid": "{CALL}"}}', seen))
    [request] = seen
    assert (request.method, request.url.path) == ("POST", f"/2010-04-01/Accounts/{ACCOUNT_SID}/Calls/{CALL}.json")
    assert request.content == b"Status=canceled"


@pytest.mark.parametrize(("status", "code"), [(404, 20404), (400, 21220)])
async def test_a_call_that_is_over_or_unknown_need_not_be_cancelled(status: int, code: int) -> None:
    await cancel(answers(status, f'{{"code": {code}}}'))


@pytest.mark.parametrize(("status", "meaning"), [(500, Indeterminate), (401, Retryable)])
async def test_a_call_that_could_not_be_cancelled_may_ring_on(status: int, meaning: type[ProviderError]) -> None:
    with pytest.raises(meaning):
        await cancel(answers(status))


# Recordings.


@pytest.fixture
def fake() -> FakeProvider:
    return FakeProvider({"RE1": b"RIFF and so on"})


async def recording_of(fake: FakeProvider, sid: str = "RE1", token: str = TOKEN) -> bytes:
    async with fake.client(token=token) as provider:
        return await provider.recording(sid)


async def test_a_recording_is_fetched(fake: FakeProvider) -> None:
    assert await recording_of(fake) == b"RIFF and so on"


async def test_one_that_is_kept_elsewhere_is_fetched_there_and_our_password_stays_here(fake: FakeProvider) -> None:
    fake.redirect_to = "https://store.example"
    assert await recording_of(fake) == b"RIFF and so on"
    assert fake.passwords == [""]


@pytest.mark.parametrize(
    ("status", "meaning"),
    [(401, Retryable), (404, Retryable), (429, Retryable), (500, Indeterminate), (503, Indeterminate)],
)
async def test_a_recording_that_cannot_be_had_now_may_be_had_later(
    fake: FakeProvider, status: int, meaning: type[ProviderError]
) -> None:
    fake.statuses = [status]
    with pytest.raises(meaning):
        await recording_of(fake)


async def test_a_recording_that_is_not_finished_or_not_ours_may_be_had_later(fake: FakeProvider) -> None:
    with pytest.raises(Retryable):
        await recording_of(fake, "RE2")
    with pytest.raises(Retryable, match="do not belong together"):
        await recording_of(fake, token="another")


@pytest.mark.parametrize(("size", "fits"), [(LARGEST_RECORDING, True), (LARGEST_RECORDING + 1, False)])
async def test_a_recording_has_a_size_at_most(fake: FakeProvider, size: int, fits: bool) -> None:
    fake.recordings["RE1"] = bytes(size)
    if fits:
        assert len(await recording_of(fake)) == size
    else:
        with pytest.raises(Rejected, match="larger than any of ours"):
            await recording_of(fake)


async def test_a_recording_of_nothing_is_none(fake: FakeProvider) -> None:
    fake.recordings["RE1"] = b""
    with pytest.raises(Indeterminate):
        await recording_of(fake)


@pytest.mark.parametrize(
    ("error", "meaning"), [(httpx2.ConnectError("no"), Retryable), (httpx2.ReadTimeout("no"), Indeterminate)]
)
async def test_a_line_that_fails_while_a_recording_is_fetched(
    error: httpx2.HTTPError, meaning: type[ProviderError]
) -> None:
    def fails(request: httpx2.Request) -> httpx2.Response:
        raise error

    async with Provider(ACCOUNT_SID, "token", timeout=10, transport=httpx2.MockTransport(fails)) as provider:
        with pytest.raises(meaning):
            await provider.recording("RE1")
