"""A stand-in for the provider's office where calls are placed (https://www.twilio.com/docs/voice/api/call-resource)."""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.telephony.rest import Provider


@dataclass
class CallsDesk:
    """Takes calls to be placed, and keeps what was asked for; `refuses` has the number of a mistake."""

    placed: list[dict[str, str]] = field(default_factory=list)
    refuses: int | None = None

    def provider(self) -> Provider:
        """A way to ask it."""
        route = Route(f"/2010-04-01/Accounts/{ACCOUNT_SID}/Calls.json", self._take, methods=["POST"])
        return Provider(ACCOUNT_SID, "token", transport=httpx2.ASGITransport(Starlette(routes=[route])))

    async def _take(self, request: Request) -> Response:
        if self.refuses:
            return JSONResponse({"code": self.refuses, "status": 400}, 400)
        self.placed.append(dict(parse_qsl((await request.body()).decode(), keep_blank_values=True)))
        return JSONResponse({"sid": f"CA{len(self.placed):032x}", "status": "queued"}, 201)
