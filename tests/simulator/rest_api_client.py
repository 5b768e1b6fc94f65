"""Fixtures: the fake REST API, a client of it, and an app that gets its status callbacks."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.routes import rest_api

NOW = datetime(2026, 11, 23, 10, 0, 0, 500_000, tzinfo=UTC)


class Listener:
    """An app that records status callbacks of messages."""

    def __init__(self) -> None:
        self.heard: list[dict[str, str]] = []
        self.app = Starlette(routes=[Route("/sms/status", self.hears, methods=["POST"])])

    async def hears(self, request: Request) -> Response:
        form = {name: str(value) for name, value in dict(httpx2.QueryParams((await request.body()).decode())).items()}
        validator = RequestValidator("token")
        assert validator.validate(str(request.url), form, request.headers["X-Twilio-Signature"])
        self.heard.append(form)
        return Response(status_code=204)

    @property
    def statuses(self) -> list[str]:
        return [form["MessageStatus"] for form in self.heard]


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def twilio(listener: Listener) -> TwilioAccount:
    return TwilioAccount(transport=httpx2.ASGITransport(listener.app), clock=lambda: NOW)


@pytest.fixture
async def client(twilio: TwilioAccount) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(rest_api(twilio))
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://office.example", auth=(ACCOUNT_SID, "token")
    ) as client:
        yield client
