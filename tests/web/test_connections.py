"""Idle lines, slow senders and headers without end do not keep anybody else from being answered."""

import asyncio
from base64 import b64encode

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from ivr.telephony.signature import Signature
from ivr.web.connections import LONGEST_HEAD, LONGEST_REQUEST, MOST_HEADERS, Closed
from ivr.web.health import live
from ivr.web.metrics import registry
from ivr.web.signature_check import LONGEST_BODY, SignatureCheck
from ivr.web.voice import TwimlResponse
from tests.web.lines import GET, served
from tests.web.webhooks import TOKEN, URL

SIGNED = b"X-Twilio-Signature: " + b64encode(bytes(20))
POST = b"POST /voice HTTP/1.1\r\nHost: helpline.example\r\n"


async def answered(scope: object, form: object) -> TwimlResponse:
    return TwimlResponse(b"<Response/>")


VOICE = SignatureCheck(Signature(URL, TOKEN), answered)
APP = Starlette(routes=[Route("/health/live", live), Route("/voice", VOICE)])


def counted(reason: Closed) -> float:
    return registry.get_sample_value("ivr_lines_closed_total", {"reason": reason}) or 0.0


async def test_however_many_idle_lines_there_are_the_next_one_is_answered() -> None:
    before = counted(Closed.crowded)
    async with served(APP, most=5) as server:
        idle = await server.lines(30)
        line = await server.line()
        assert await line.asks() == 200
        assert [await one.is_closed() for one in idle[:26]] == [True] * 26
        assert [await one.asks() for one in idle[26:]] == [200] * 4
    assert counted(Closed.crowded) == before + 26


async def test_the_line_that_gives_way_is_the_one_that_has_been_idle_longest() -> None:
    async with served(APP, most=3) as server:
        first, second, third = await server.lines(3)
        assert await first.asks() == 200
        await server.line()
        assert await second.is_closed()
        assert [await line.asks() for line in (first, third)] == [200, 200]


async def test_a_line_that_is_being_answered_never_gives_way() -> None:
    came, may_answer = asyncio.Event(), asyncio.Event()

    async def slow(request: Request) -> PlainTextResponse:
        came.set()
        await may_answer.wait()
        return PlainTextResponse("done")

    async with served(Starlette(routes=[Route("/health/live", slow)]), most=2) as server:
        asking = await server.line()
        await asking.sends(GET)
        await came.wait()
        idle = await server.lines(10)
        assert await idle[0].is_closed()
        may_answer.set()
        assert await asking.status() == 200


ENDLESS = b"GET /health/live HTTP/1.1\r\nX: " + b"x" * LONGEST_HEAD
MANY = b"".join(b"X%d: x\r\n" % n for n in range(MOST_HEADERS + 2))


@pytest.mark.parametrize(
    "slow",
    [
        b"",
        b"GET /health",
        b"GET /health/live HTTP/1.1\r\nHost: x\r\n",
        POST + SIGNED + b"\r\nContent-Length: 9\r\n\r\n1",
    ],
)
async def test_a_request_that_does_not_come_to_its_end_loses_the_line(slow: bytes) -> None:
    before = counted(Closed.slow)
    async with served(APP, timeout=0.05) as server:
        line = await server.line()
        await line.sends(slow)
        assert await line.is_closed()
    assert counted(Closed.slow) == before + 1


@pytest.mark.parametrize(
    "head",
    [
        ENDLESS,
        ENDLESS + b"\r\n\r\n",
        b"GET /health/live?" + b"x" * LONGEST_HEAD + b" HTTP/1.1\r\n\r\n",
        b"GET /health/live HTTP/1.1\r\n" + MANY,
        b"GET /health/live HTTP/1.1\r\n" + MANY + b"\r\n",
        POST + SIGNED + b"\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n" + MANY,
    ],
    ids=["one header without end", "one header", "the address", "many without end", "many", "many after the body"],
)
async def test_a_head_too_long_to_be_the_providers_is_never_answered(head: bytes) -> None:
    before = counted(Closed.head)
    async with served(APP) as server:
        line = await server.line()
        await line.sends(head)
        received = await line.reader.read()
        assert b" 200 " not in received
    assert counted(Closed.head) == before + 1


async def test_a_request_that_goes_on_and_on_is_cut_off() -> None:
    async with served(APP) as server:
        line = await server.line()
        await line.sends(b"POST /health/live HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        with pytest.raises(ConnectionError):
            for _ in range(LONGEST_REQUEST):
                await line.sends(b"400\r\n" + b"x" * 1024 + b"\r\n")


@pytest.mark.parametrize(
    ("headers", "status"), [(b"", 403), (b"X-Twilio-Signature: no\r\n", 403), (SIGNED + b"\r\n", 413)]
)
async def test_a_webhook_that_cannot_be_the_providers_is_refused_before_its_body_and_the_line_closed(
    headers: bytes, status: int
) -> None:
    async with served(APP) as server:
        line = await server.line()
        length = b"Content-Length: %d\r\n\r\n" % (LONGEST_BODY + 1)
        assert await line.asks(POST + headers + length) == status
        assert await line.is_closed()


async def test_a_line_serves_request_after_request() -> None:
    async with served(APP, most=1) as server:
        line = await server.line()
        for _ in range(20):
            assert (
                await line.asks(GET.replace(b"\r\n\r\n", b"\r\nX: " + b"x" * (LONGEST_HEAD // 8) + b"\r\n\r\n")) == 200
            )


async def test_a_body_that_comes_after_its_response_leaves_a_line_that_can_be_closed() -> None:
    async with served(APP, timeout=0.05) as server:
        line = await server.line()
        assert await line.asks(b"POST /nothing HTTP/1.1\r\nContent-Length: 2\r\n\r\n") == 404
        await line.sends(b"xx")
        assert await line.is_closed()


async def test_what_is_no_request_is_counted_and_not_logged(capfd: pytest.CaptureFixture[str]) -> None:
    before = counted(Closed.unreadable)
    async with served(APP) as server:
        line = await server.line()
        assert await line.asks(b"\x16\x03\x01 no request\r\n\r\n") == 400
    assert counted(Closed.unreadable) == before + 1
    assert "Invalid" not in "".join(capfd.readouterr())
