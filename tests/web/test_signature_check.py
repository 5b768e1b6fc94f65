"""Only webhooks signed by the provider are answered."""

from base64 import b64encode

import httpx2
import pytest
from twilio.request_validator import RequestValidator

from ivr.config import Settings
from ivr.web.signature_check import LONGEST_BODY
from tests.web.webhooks import SETTINGS, TOKEN, URL, action, ask, form_of, helpline, said

APP = helpline()
START = f"{URL}/voice"


def refused(response: httpx2.Response) -> bool:
    return response.status_code == 403 and "<Response" not in response.text


async def test_a_rightly_signed_call_is_answered() -> None:
    assert "Devon's special needs helpline" in said(await ask(APP, START))


@pytest.mark.parametrize("url", [START, f"{START}/welcome/main?m=x", f"{START}/screening/offer?m=x"])
@pytest.mark.parametrize("signature", ["", "wrong", b64encode(bytes(20)).decode()])
async def test_a_missing_or_wrong_signature_is_refused_on_every_route(url: str, signature: str) -> None:
    assert refused(await ask(APP, url, signature=signature))


async def test_a_signature_that_is_not_ascii_is_refused_and_breaks_nothing() -> None:
    headers = {b"X-Twilio-Signature": "½".encode() * 28, b"Content-Type": b"application/x-www-form-urlencoded"}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(APP), base_url="http://x") as client:
        assert refused(await client.post("/voice", content=b"CallSid=CA1", headers=headers))


async def test_what_was_signed_for_one_step_is_refused_at_another() -> None:
    first = await ask(APP, START)
    signature = RequestValidator(TOKEN).compute_signature(action(first), form_of(Digits="1"))
    elsewhere = action(first).replace("welcome/main", "person/ring")
    assert refused(await ask(APP, elsewhere, form_of(Digits="1"), signature=signature))


async def test_a_field_changed_on_the_way_is_found() -> None:
    signature = RequestValidator(TOKEN).compute_signature(START, form_of("CA1"))
    assert refused(await ask(APP, START, form_of("CA2"), signature=signature))


async def test_a_signature_made_with_another_token_is_refused() -> None:
    signature = RequestValidator(TOKEN + "1").compute_signature(START, form_of())
    assert refused(await ask(APP, START, signature=signature))


async def test_development_does_without_a_signature() -> None:
    assert said(await ask(helpline(settings=Settings(dev=True)), START, signature=""))


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("url", [START, f"{START}/welcome/main?m=x"])
async def test_nothing_but_a_post_is_taken(method: str, url: str) -> None:
    assert (await ask(APP, url, {}, method=method)).status_code == 405


async def test_a_post_elsewhere_is_not_found() -> None:
    for path in ("/", "/voice/", "/voice/welcome", "/voice/welcome/main/more", "/smses"):
        assert (await ask(APP, f"{URL}{path}")).status_code in (307, 404)


@pytest.mark.parametrize(
    ("padding", "status"), [(LONGEST_BODY + 1, 413), (LONGEST_BODY * 4, 413), (LONGEST_BODY // 2, 200)]
)
async def test_a_body_too_long_to_be_the_providers_is_refused(padding: int, status: int) -> None:
    assert (await ask(APP, START, form_of(Padding="x" * padding))).status_code == status


FORWARDED = [
    {"X-Forwarded-Host": "helpline.example", "X-Forwarded-Proto": "https"},
    {"X-Forwarded-Host": "a.example.org, edge.internal"},
    {"X-Forwarded-Host": " "},
    {"X-Forwarded-Port": "8443"},
    {"X-Forwarded-Prefix": "/elsewhere"},
    {"X-Original-Host": "a.example.org", "X-Forwarded-Host": "b.example.org"},
    {"Forwarded": "host=a.example.org;proto=http"},
    {"Host": "a.example.org"},
]


@pytest.mark.parametrize("headers", FORWARDED, ids=str)
async def test_what_a_proxy_says_of_the_address_is_not_believed(headers: dict[str, str]) -> None:
    assert said(await ask(APP, START, headers=headers))
    forged = RequestValidator(TOKEN).compute_signature("https://a.example.org/voice", form_of())
    assert refused(await ask(APP, START, headers=headers, signature=forged))


@pytest.mark.parametrize(
    "signed_for",
    [
        "https://helpline.example/voice",
        f"{URL}/ivr/speech",
        "http://10.0.0.7:8000/voice",
        "https://helpline.example:8443/ivr/speech",
    ],
)
async def test_the_path_prefix_is_the_one_of_our_own_setting(signed_for: str) -> None:
    signature = RequestValidator(TOKEN).compute_signature(signed_for, form_of())
    assert refused(await ask(APP, START, signature=signature))


async def test_without_a_prefix_the_address_is_signed_as_it_is() -> None:
    plain = helpline(settings=SETTINGS.model_copy(update={"public_url": "https://helpline.example"}))
    signature = RequestValidator(TOKEN).compute_signature("https://helpline.example/voice", form_of())
    response = await ask(plain, START, signature=signature)
    assert action(response).startswith("https://helpline.example/voice/welcome/main?m=")
