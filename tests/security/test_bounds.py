"""No request makes us work, answer or pay without limit."""

import re
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.commands.bill import page
from ivr.config import Settings
from ivr.helpline.phone_numbers import can_ring_back, can_text
from ivr.telephony.signature import HEADER, WELL_FORMED
from ivr.web.signature_check import LONGEST_BODY, MOST_FIELDS
from tests.conftest import Output
from tests.security.replay import WebhookLog
from tests.test_imports import modules
from tests.web.running_app import RunningApp, running_app
from tests.web.webhooks import SETTINGS, URL, ask, form_of, helpline

APP = helpline()


@pytest.mark.parametrize(("fields", "status"), [(MOST_FIELDS + 1, 413), (32_000, 413), (MOST_FIELDS // 2, 200)])
async def test_a_form_of_too_many_fields_is_refused_before_its_signature_is_worked_out(
    fields: int, status: int
) -> None:
    form = form_of() | {f"f{place}": "" for place in range(fields)}
    assert (await ask(APP, f"{URL}/voice", form)).status_code == status


async def test_a_body_that_never_ends_is_given_up_at_its_limit() -> None:
    sent = 0

    async def receive() -> dict[str, Any]:
        nonlocal sent
        sent += 1
        return {"type": "http.request", "body": b"x" * 4096, "more_body": True}

    answers: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        answers.append(message)

    await APP(scope_of((HEADER, b64encode(bytes(20)))), receive, send)
    assert answers[0]["status"] == 413
    assert sent * 4096 <= LONGEST_BODY + 4096


def scope_of(*headers: tuple[bytes, bytes]) -> dict[str, Any]:
    """A webhook of a call with these headers, of which the server has read no body yet."""
    scope = {"type": "http", "method": "POST", "path": "/voice", "raw_path": b"/voice", "query_string": b""}
    return {**scope, "headers": list(headers), "root_path": "", "http_version": "1.1", "scheme": "http"}


async def status_unread(*headers: tuple[bytes, bytes]) -> int:
    """The status of a webhook whose body is never read."""
    answers: list[Any] = []

    async def receive() -> dict[str, Any]:
        raise AssertionError("it was read")

    async def send(message: Any) -> None:
        answers.append(message)

    await APP(scope_of(*headers), receive, send)
    return int(answers[0]["status"])


@given(st.binary(max_size=40).filter(lambda value: not WELL_FORMED.fullmatch(value)))
async def test_what_is_not_signed_at_all_is_refused_unread(signature: bytes) -> None:
    assert await status_unread() == 403
    assert await status_unread((HEADER, signature), (b"content-length", b"99")) == 403


@pytest.mark.parametrize("length", [b"%d" % (LONGEST_BODY + 1), b"9" * 5000])
async def test_a_body_that_is_said_to_be_too_long_is_refused_unread(length: bytes) -> None:
    assert await status_unread((HEADER, b64encode(bytes(20))), (b"content-length", length)) == 413


async def test_a_form_of_too_many_escapes_is_refused_and_a_text_may_have_more() -> None:
    longest = "\u2764" * 1600  # in the characters that take most
    assert (await ask(APP, f"{URL}/voice", form_of() | {"Body": longest})).status_code == 413
    assert (await ask(APP, f"{URL}/sms", form_of() | {"Body": longest})).status_code == 200


DEAR = [
    "+447012345678",
    "+447612345678",
    "+449012345678",
    "+448712345678",
    "+448081570000",
    "+12025550123",
    "+99912345",
]


@pytest.mark.parametrize("number", DEAR)
def test_no_number_that_costs_extra_or_is_abroad_is_texted_or_rung(number: str) -> None:
    assert not can_text(number)
    assert not can_ring_back(number)


@pytest.mark.parametrize("begins", ["5", "70", "76", "80", "84", "87", "9"])
def test_only_mobiles_and_landlines_of_the_numbering_plan_are_ever_rung(begins: str) -> None:
    assert not can_ring_back("+44" + begins.ljust(10, "2"))


@pytest.mark.parametrize("number", [*DEAR, "60123", "", "anonymous", "HMRC", "+441632960123"])
async def test_a_text_from_a_number_that_is_dear_to_answer_gets_no_answer_and_is_kept(
    here: RunningApp, number: str
) -> None:
    from ivr.store.tables import sms_inbox

    assert "<Message>" not in (await WebhookLog(here).text("Hello?", "SM1", number)).text
    assert len(await here.rows(sms_inbox)) == 1


async def test_no_more_texts_are_answered_in_an_hour_than_may_be_sent(url: str) -> None:
    async with running_app(url, texts_per_hour=3) as here:
        answers = [await WebhookLog(here).text("Hello?", f"SM{n}", f"+44770090010{n}") for n in range(5)]
    assert ["<Message>" in answer.text for answer in answers] == [True, True, True, False, False]


@pytest.mark.parametrize("path", ["/voice/", "/sms/", "/health/live/", "//elsewhere.example/voice/", "/voice//"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_nobody_is_sent_to_another_address(path: str, method: str) -> None:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(APP), base_url="http://elsewhere.example") as client:
        answer = await client.request(method, f"http://elsewhere.example{path}")
    assert answer.status_code in (403, 404, 405)
    assert "location" not in answer.headers


NASTY = "\r\nSet-Cookie: a=b\r\n\r\n<Response><Dial>+449012345678</Dial></Response>"


@pytest.mark.parametrize("field", ["CallSid", "From", "CallStatus", "DialCallStatus", "QueueResult", "RecordingSid"])
async def test_nothing_of_a_form_comes_back_in_a_header_or_as_a_verb(field: str) -> None:
    answer = await ask(APP, f"{URL}/voice", form_of() | {field: NASTY})
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert "449012345678" not in answer.text


async def test_the_browser_telephone_is_not_there_for_callers() -> None:
    paths = [str(getattr(route, "path", "")) for route in helpline(settings=SETTINGS).routes]
    assert [path for path in paths if path.startswith(("/phone", "/console"))] == []
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(APP), base_url=URL) as client:
        for path in ("/phone", "/phone/", "/console"):
            assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104
def test_without_signatures_nobody_else_is_let_in(host: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ivr", "serve", "--host", host, "--port", "0"]
    environment = {"IVR_DEV": "1", "PATH": ""}
    refused = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert refused.returncode == 1
    assert "127.0.0.1 only" in refused.stderr


def test_the_bill_on_the_page_is_the_one_that_is_printed() -> None:
    told = (Path(__file__).parents[2] / "docs/security.md").read_text("utf-8")
    assert "\n".join(page(Settings(dev=True))) in told


def test_the_bill_is_in_pounds_at_the_prices_that_are_given() -> None:
    [*_, night] = page(Settings(dev=True), segment=0.01, minute=0.10)
    assert night == "| everybody, one night of 12 hours | 18,720 | 2,160 | 403.20 |"


@pytest.mark.parametrize("path", ["/voice/welcome/main%0A2026-01-01%20[error]%20made%20up", "/voice/a%0D%0Ab/%1B[2J"])
async def test_a_line_of_the_log_cannot_be_made_up(path: str, output: Output) -> None:
    await ask(APP, f"{URL}{path}?m=x", form_of(Digits="1"))
    logged = output()
    assert "state token rejected" in logged
    assert len(logged.splitlines()) == 1
    assert "\x1b[2J" not in logged


REPEATS = re.compile(r"\([^()]*[+*][^()]*\)[+*]")
"""A repeat inside a repeat: where the two can share out the same letters, a long text takes for ever."""
BEGINS_APART = {r"( [0-9]+)*": "each round begins with a space, which no digit is"}


def test_no_pattern_of_ours_repeats_a_repeat() -> None:
    found = {repeat for path in modules() for repeat in REPEATS.findall(path.read_text("utf-8"))}
    assert {repeat for repeat in found if "fullmatch" not in repeat} - BEGINS_APART.keys() == set()


def test_a_signature_is_compared_without_telling_how_much_of_it_was_right() -> None:
    [signature] = [path.read_text("utf-8") for path in modules("telephony") if path.stem == "signature"]
    assert signature.count("compare_digest(") == 1
    assert "from hmac import compare_digest\n" in signature
    assert "==" not in signature.partition("def matches")[2].partition("def spellings")[0]
