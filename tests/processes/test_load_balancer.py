"""The load balancer fails over to another backend and records which requests keep a caller waiting."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx2
import pytest

from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.server import served
from tests.processes.load_balancer import LoadBalancer

UNREACHABLE = "http://127.0.0.1:1"
NO_SUCH_ROUTE = 405  # the provider's own server knows the path as an asset's, which is only fetched by GET


@pytest.fixture
async def reachable() -> AsyncIterator[str]:
    async with served(TwilioAccount(clock=lambda: datetime.now(UTC))) as base_url:
        yield base_url


@pytest.fixture
async def load_balancer() -> AsyncIterator[LoadBalancer]:
    async with LoadBalancer() as made:
        yield made


async def post_status(load_balancer: LoadBalancer) -> int:
    transport = httpx2.ASGITransport(load_balancer)
    async with httpx2.AsyncClient(transport=transport, base_url="http://load-balancer") as client:
        return (await client.post("/voice/school/menu?m=x", content=b"Digits=1")).status_code


async def test_fails_over_when_a_backend_is_unreachable(load_balancer: LoadBalancer, reachable: str) -> None:
    load_balancer.backends = [reachable, UNREACHABLE]
    assert await post_status(load_balancer) == NO_SUCH_ROUTE
    assert load_balancer.failovers == 1


async def test_fails_over_to_a_backend_added_during_the_request(load_balancer: LoadBalancer, reachable: str) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        load_balancer.backends = [reachable]
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as stopping:
        load_balancer.backends = [f"http://127.0.0.1:{stopping.sockets[0].getsockname()[1]}"]
        assert await post_status(load_balancer) == NO_SUCH_ROUTE
    assert load_balancer.failovers == 1


async def test_what_it_drops_reaches_no_backend(load_balancer: LoadBalancer, reachable: str) -> None:
    load_balancer.backends, load_balancer.dropped = [reachable], ("/voice/school",)
    assert await post_status(load_balancer) == 502
    assert load_balancer.backends_for("/voice/school") == {""}


async def test_answers_502_when_no_backend_is_reachable(load_balancer: LoadBalancer) -> None:
    load_balancer.backends = [UNREACHABLE]
    assert await post_status(load_balancer) == 502
    [request] = load_balancer.requests
    assert (request.status, request.keeps_caller_waiting) == (502, True)
