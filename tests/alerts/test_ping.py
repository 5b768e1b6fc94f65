"""A dead-man service is pinged while callers are not harmed, and told when they are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as with_

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ivr.alert_wiring import _get
from ivr.alerts.lookout import Lookout
from ivr.alerts.ping import Ping
from ivr.store.alerts import Problem
from tests.alerts.conftest import GAP, NO_WORKER

URL = "https://ping.example/7f3a-secret"


@dataclass
class DeadManService:
    """Records the requests that came, and answers with a status."""

    status: int = 200
    came: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    async def take(self, request: Request) -> Response:
        self.came.append(f"{request.method} {request.url.path}")
        return Response(status_code=self.status)

    def ping(self) -> Ping:
        app = Starlette(routes=[Route("/{path:path}", self.take)])
        http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app))

        async def look(names: Collection[str]) -> Sequence[Problem]:
            return self.problems if "worker" in names else []

        lookout = Lookout(look, {"worker", "rota"}, (), monotonic=iter(range(0, 10_000, 100)).__next__)
        return Ping(URL, lambda url: _get(http, url), lookout)


async def test_it_is_pinged_while_nothing_harms_callers() -> None:
    service = DeadManService(problems=[GAP])
    await service.ping().ping()
    assert service.came == ["GET /7f3a-secret"]


async def test_what_harms_callers_is_told_at_once_and_its_end_too() -> None:
    service = DeadManService(problems=[NO_WORKER])
    ping = service.ping()
    await ping.ping()
    service.problems = [with_(NO_WORKER, urgent=False)]
    await ping.ping()
    assert service.came == ["GET /7f3a-secret/fail", "GET /7f3a-secret"]


async def test_a_service_that_cannot_be_reached_is_logged_once_without_its_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", "ivr")
    service = DeadManService(status=404)
    ping = service.ping()
    for _ in range(3):
        await ping.ping()
    service.status = 200
    await ping.ping()
    assert caplog.messages == [
        "dead-man ping failed: reason='it answered 404' setting=IVR_PING_URL",
        "dead-man ping taken again",
    ]
    assert "secret" not in caplog.text


async def test_a_name_that_does_not_resolve_is_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    def refuses(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("no such host: 7f3a-secret")

    service = DeadManService()
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(refuses))
    ping = Ping(URL, lambda url: _get(http, url), service.ping()._lookout)
    await ping.ping()
    assert caplog.messages == ["dead-man ping failed: reason='ConnectionError' setting=IVR_PING_URL"]
