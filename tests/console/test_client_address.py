"""Sign-ins are counted by the address that they come from: the proxy before the pages tells it, and nobody else."""

from collections.abc import Sequence
from typing import Any

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from ivr.config import read_settings
from ivr.web import server

STRANGER, PROXY = "203.0.113.9", "192.0.2.7"


async def who(request: Request) -> Response:
    return PlainTextResponse(request.client.host if request.client else "")


def served(monkeypatch: pytest.MonkeyPatch, proxies: Sequence[str]) -> ASGIApp:
    """Return the application as the server asks it."""
    configs: list[uvicorn.Config] = []

    class Server:
        def __init__(self, config: uvicorn.Config) -> None:
            configs.append(config)

        def run(self) -> None: ...

    monkeypatch.setattr(uvicorn, "Server", Server)
    server.run(lambda: Starlette(routes=[Route("/", who)]), "127.0.0.1", 0, proxies=proxies)
    configs[0].load()
    loaded: Any = configs[0].loaded_app
    return loaded  # type: ignore[no-any-return]


async def seen(app: ASGIApp, connected: str, forwarded: str) -> str:
    transport = httpx2.ASGITransport(app, client=(connected, 1234))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return (await client.get("/", headers={"X-Forwarded-For": forwarded})).text


@pytest.mark.parametrize(
    ("setting", "connected", "forwarded", "address"),
    [
        (None, "127.0.0.1", STRANGER, STRANGER),
        (None, "::1", STRANGER, STRANGER),
        (None, PROXY, STRANGER, PROXY),
        (None, "127.0.0.1", f"198.51.100.1, {STRANGER}", STRANGER),
        ("192.0.2.0/24", PROXY, STRANGER, STRANGER),
        ("192.0.2.0/24", PROXY, f"{STRANGER}, 192.0.2.9", STRANGER),
        ("192.0.2.0/24", "127.0.0.1", STRANGER, "127.0.0.1"),
    ],
)
async def test_only_what_our_own_proxy_says_is_believed(
    monkeypatch: pytest.MonkeyPatch, setting: str | None, connected: str, forwarded: str, address: str
) -> None:
    monkeypatch.setenv("IVR_DEV", "1")
    if setting:
        monkeypatch.setenv("IVR_CONSOLE_PROXY", setting)
    networks = [str(network) for network in read_settings().console_proxy]
    assert await seen(served(monkeypatch, networks), connected, forwarded) == address


async def test_the_process_that_answers_calls_believes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await seen(served(monkeypatch, ()), "127.0.0.1", STRANGER) == "127.0.0.1"
