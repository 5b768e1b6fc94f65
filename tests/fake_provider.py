"""A fake of the provider's REST API: placing and canceling calls, fetching and deleting recordings.

https://www.twilio.com/docs/voice/api/call-resource, https://www.twilio.com/docs/voice/api/recording
"""

import asyncio
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, repeat
from secrets import token_hex

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from ivr.simulator.twilio_api.faults import NO_FAULT, Fault
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID, API_VERSION
from ivr.simulator.twilio_api.responses import error_response, respond
from ivr.telephony.rest import Provider
from ivr.telephony.webhook import read_form

TOKEN = "token"
PASSWORD = f"Basic {b64encode(f'{ACCOUNT_SID}:{TOKEN}'.encode()).decode()}"


@dataclass
class PlacedCall:
    """A call that was placed; `fields` is the whole form."""

    sid: str
    fields: dict[str, str]
    events: list[str]
    status: str = "queued"


@dataclass
class FakeProvider:
    """One account. It records what it was asked, so that tests can count who was really rung."""

    recordings: dict[str, bytes] = field(default_factory=dict)
    calls: list[PlacedCall] = field(default_factory=list)
    canceled: list[str] = field(default_factory=list)
    """The SIDs of calls, each time that somebody asked to cancel them."""
    asked: list[str] = field(default_factory=list)
    """The SIDs of calls, each time that somebody asked whether they go on."""
    statuses: list[int] = field(default_factory=list)
    """HTTP statuses for the next requests for a recording, one after the other."""
    requests: Counter[str] = field(default_factory=Counter)
    redirect_to: str = ""
    """The origin that requests for a recording are redirected to."""
    passwords: list[str] = field(default_factory=list)
    """The Authorization headers that came there."""

    def __post_init__(self) -> None:
        self._faults: Iterator[Fault] = repeat(NO_FAULT)
        self._cancel_faults: Iterator[Fault] = repeat(NO_FAULT)
        self._fetch_faults: Iterator[Fault] = repeat(NO_FAULT)
        account = f"/{API_VERSION}/Accounts/{ACCOUNT_SID}"
        self._app = Starlette(
            routes=[
                Route(f"{account}/Calls.json", self._place, methods=["POST"]),
                Route(f"{account}/Calls/{{sid}}.json", self._cancel, methods=["POST"]),
                Route(f"{account}/Calls/{{sid}}.json", self._fetch, methods=["GET"]),
                Route(f"{account}/Recordings/{{sid}}.wav", self._recording),
                Route(f"{account}/Recordings/{{sid}}.json", self._delete, methods=["DELETE"]),
                Route("/redirected/{sid}", self._redirected),
            ]
        )

    def client(self, timeout: float = 10.0, token: str = TOKEN) -> Provider:
        """Return a client of this API."""
        return Provider(ACCOUNT_SID, token, "http://provider", timeout, httpx2.ASGITransport(self._app))

    def faults(self, *faults: Fault) -> None:
        """Treat the next calls like that, one after the other; those after them properly."""
        self._faults = chain(faults, repeat(NO_FAULT))

    def cancel_faults(self, *faults: Fault) -> None:
        """Treat the next requests to cancel a call like that."""
        self._cancel_faults = chain(faults, repeat(NO_FAULT))

    def fetch_faults(self, *faults: Fault) -> None:
        """Treat the next requests for a call like that."""
        self._fetch_faults = chain(faults, repeat(NO_FAULT))

    @property
    def rung(self) -> list[str]:
        """Who was rung, in order."""
        return [call.fields["To"] for call in self.calls]

    async def _place(self, request: Request) -> Response:
        form, fault = read_form(await request.body()), next(self._faults)
        events = [value for name, value in form if name == "StatusCallbackEvent"]
        call = PlacedCall(f"CA{token_hex(16)}", dict(form), events)
        if fault.accepted:
            self.calls.append(call)
        await asyncio.sleep(fault.delay)
        return respond(fault, {"sid": call.sid, "status": call.status})

    async def _cancel(self, request: Request) -> Response:
        sid, fault = request.path_params["sid"], next(self._cancel_faults)
        form = dict(read_form(await request.body()))
        assert form == {"Status": "canceled"}, "whoever has answered is not to be cut off"
        self.canceled.append(sid)
        await asyncio.sleep(fault.delay)
        call = next((one for one in self.calls if one.sid == sid), None)
        if call is None:
            return error_response(404, 20404)
        if fault is not NO_FAULT:
            return respond(fault, {})
        if call.status not in ("queued", "ringing"):
            return error_response(400, 21220)
        call.status = "canceled"
        return JSONResponse({"sid": sid, "status": call.status})

    async def _fetch(self, request: Request) -> Response:
        sid, fault = request.path_params["sid"], next(self._fetch_faults)
        self.asked.append(sid)
        call = next((one for one in self.calls if one.sid == sid), None)
        if call is None:
            return error_response(404, 20404)
        return respond(fault, {"sid": sid, "status": call.status, "end_time": None}, 200)

    async def _recording(self, request: Request) -> Response:
        sid = request.path_params["sid"]
        self.requests[f"GET {sid}"] += 1
        if request.headers.get("authorization") != PASSWORD:
            return error_response(401, 20003)
        if self.statuses:
            return Response("trouble", self.statuses.pop(0))
        return RedirectResponse(f"{self.redirect_to}/redirected/{sid}") if self.redirect_to else self._audio(sid)

    async def _redirected(self, request: Request) -> Response:
        self.passwords.append(request.headers.get("authorization", ""))
        return self._audio(request.path_params["sid"])

    def _audio(self, sid: str) -> Response:
        audio = self.recordings.get(sid)
        return error_response(404, 20404) if audio is None else Response(audio, media_type="audio/x-wav")

    async def _delete(self, request: Request) -> Response:
        sid = request.path_params["sid"]
        self.requests[f"DELETE {sid}"] += 1
        return Response(status_code=204) if self.recordings.pop(sid, None) else error_response(404, 20404)
