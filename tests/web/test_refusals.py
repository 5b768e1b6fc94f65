"""A webhook that is refused is counted, and told once a minute with what is probably wrong."""

from base64 import b64encode
from typing import Any

import httpx2
import pytest
from twilio.request_validator import RequestValidator

from ivr.telephony.refusal_cause import PATHS
from ivr.telephony.signature import HEADER, Signature
from ivr.web.metrics import registry
from ivr.web.refusals import PAUSE, Reason, Refusals
from ivr.web.signature_check import LONGEST_BODY, SignatureCheck
from tests.conftest import Output
from tests.web.running_app import has_number
from tests.web.webhooks import CALLER, SETTINGS, TOKEN, URL, ask, form_of, helpline

START, FAKE = f"{URL}/voice", b64encode(bytes(20)).decode()
POSTED = {"Content-Type": "application/x-www-form-urlencoded"}


def counted(reason: Reason) -> float:
    return registry.get_sample_value("ivr_webhooks_refused_total", {"reason": reason}) or 0.0


@pytest.mark.parametrize(
    ("reason", "status", "url", "method", "form", "words"),
    [
        (Reason.signature, 403, START, "POST", form_of(), "TWILIO_AUTH_TOKEN"),
        (Reason.method, 405, START, "GET", {}, "HTTP GET instead of POST"),
        (Reason.address, 404, f"{START}/", "POST", form_of(), "a slash too many"),
        (Reason.body, 413, START, "POST", form_of(Padding="x" * LONGEST_BODY), "longer than any form"),
    ],
)
async def test_each_refusal_is_counted_and_told(
    reason: Reason, status: int, url: str, method: str, form: dict[str, str], words: str, output: Output
) -> None:
    before = counted(reason)
    app = helpline()
    for _ in range(3):
        assert (await ask(app, url, form, signature=FAKE, method=method)).status_code == status
    assert counted(reason) == before + 3
    [line] = output().splitlines()
    assert f"webhook refused: reason={reason} checked='{url}'" in line
    assert words in line
    assert not has_number(line)


async def test_what_is_refused_to_the_doctor_is_neither_counted_nor_told(output: Output) -> None:
    before, app = counted(Reason.signature), helpline()
    assert (await ask(app, f"{URL}/health/signed", {}, signature="")).status_code == 403
    assert (counted(Reason.signature), output()) == (before, "")
    assert (await ask(app, f"{URL}/health/signed", {}, signature=FAKE)).status_code == 403
    assert counted(Reason.signature) == before + 1
    assert "TWILIO_AUTH_TOKEN" in output()


async def test_the_address_that_twilio_signed_is_told_when_ours_is_another(output: Output) -> None:
    app = helpline(settings=SETTINGS.model_copy(update={"public_url": "http://helpline.example"}))
    signature = RequestValidator(TOKEN).compute_signature("https://helpline.example/voice", form_of())
    assert (await ask(app, "/voice", form_of(), signature=signature)).status_code == 403
    assert "Twilio signed https://helpline.example/voice; IVR_PUBLIC_URL says http://helpline.example" in output()


async def test_a_caller_whose_webhook_comes_by_get_is_answered_405_and_post_is_named() -> None:
    answer = await ask(helpline(), f"{START}?From=%2B447700900123", {}, method="GET")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_every_route_of_the_provider_is_known_to_whoever_explains() -> None:
    signed = [route for route in helpline().routes if isinstance(getattr(route, "endpoint", None), SignatureCheck)]
    assert {getattr(route, "path", "") for route in signed} == {*PATHS, "/voice/{flow}/{step}"}


@pytest.mark.parametrize("path", ["/wp-login.php", "/", "/phone", "/console"])
async def test_what_strangers_try_everywhere_is_no_webhook(path: str, output: Output) -> None:
    before = counted(Reason.address)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(helpline()), base_url=URL) as client:
        assert (await client.post(f"http://10.0.0.7{path}")).status_code == 404
    assert counted(Reason.address) == before
    assert output() == ""


def scope_of(path: str = "/voice", signature: str = FAKE) -> dict[str, Any]:
    headers = [(HEADER, signature.encode())] if signature else []
    return {"method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"", "headers": headers}


def test_a_reason_is_told_at_once_then_once_a_minute_with_how_many_since(output: Output) -> None:
    now = [0.0]
    refusals = Refusals(URL, Signature(URL, TOKEN), lambda: now[0])

    def told(seconds: float) -> list[str]:
        now[0] = seconds
        refusals.refuse(Reason.signature, scope_of(), FAKE.encode())
        return [line.rpartition(" ")[2] for line in output().splitlines()]

    assert told(0) == ["since_last=0"]
    assert [told(second) for second in range(1, 60)] == [[]] * 59
    assert told(PAUSE) == ["since_last=59"]
    assert told(PAUSE + 1) == []
    assert told(PAUSE * 3) == ["since_last=1"]


def test_strangers_without_a_signature_do_not_hide_who_has_one(output: Output) -> None:
    refusals = Refusals(URL, Signature(URL, TOKEN), lambda: 0.0)
    for given in (b"", b"wrong", FAKE.encode()):
        refusals.refuse(Reason.signature, scope_of(signature=given.decode()), given)
    first, second = output().splitlines()
    assert "no X-Twilio-Signature" in first
    assert "TWILIO_AUTH_TOKEN" in second


def test_no_number_or_token_of_an_address_is_told(output: Output) -> None:
    refusals = Refusals(URL, Signature(URL, TOKEN), lambda: 0.0)
    refusals.refuse(Reason.address, scope_of(f"/voice/{CALLER}/Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZg"), FAKE.encode())
    logged = output()
    assert "/voice/…/…" in logged
    assert not has_number(logged)


@pytest.mark.parametrize("path", ["/voice/welcome\n2026 ERROR made up/", "/voice/\x1b[2J", "/voice/'x' since_last=9"])
def test_no_line_can_be_made_up(path: str, output: Output) -> None:
    Refusals(URL, Signature(URL, TOKEN), lambda: 0.0).refuse(Reason.address, scope_of(path), b"")
    [line] = output().splitlines()
    assert line.endswith("since_last=0")
    assert "\x1b" not in line
    assert "made up" not in line
