"""The telephone company's REST API for calls, as far as it takes to ring advisers and to cease to.

https://www.twilio.com/docs/voice/api/call-resource
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat
from secrets import token_hex

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ivr.simulator.twilio_api.faults import NO_FAULT, Fault
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID, API_VERSION
from ivr.simulator.twilio_api.responses import error_response, respond
from ivr.telephony.webhook import read_form


@dataclass
class Placed:
    """A call that was placed; `fields` is the whole form."""

    to: str
    sid: str
    fields: dict[str, str]
    events: list[str]
    status: str = "queued"


class Switchboard:
    """One account. It keeps what it was asked, so that one can count there who was really rung."""

    def __init__(self) -> None:
        self.calls: list[Placed] = []
        self.canceled: list[str] = []
        """The names of calls, each time that somebody asked to cancel them."""
        self._manners: Iterator[Fault] = repeat(NO_FAULT)
        self._manners_of_cancelling: Iterator[Fault] = repeat(NO_FAULT)
        calls = f"/{API_VERSION}/Accounts/{ACCOUNT_SID}/Calls"
        self.app = Starlette(
            routes=[
                Route(f"{calls}.json", self._place, methods=["POST"]),
                Route(f"{calls}/{{sid}}.json", self._end, methods=["POST"]),
            ]
        )

    def behaves(self, *faults: Fault) -> None:
        """How the next calls are treated, one after the other; those after them properly."""
        self._manners = chain(faults, repeat(NO_FAULT))

    def cancels(self, *faults: Fault) -> None:
        """How the next wishes to cancel a call are treated."""
        self._manners_of_cancelling = chain(faults, repeat(NO_FAULT))

    @property
    def rung(self) -> list[str]:
        """Who was rung, in their order."""
        return [call.to for call in self.calls]

    async def _place(self, request: Request) -> Response:
        form, fault = read_form(await request.body()), next(self._manners)
        events = [value for name, value in form if name == "StatusCallbackEvent"]
        call = Placed(dict(form)["To"], f"CA{token_hex(16)}", dict(form), events)
        if fault.accepted:
            self.calls.append(call)
        await asyncio.sleep(fault.delay)
        return respond(fault, {"sid": call.sid, "status": call.status})

    async def _end(self, request: Request) -> Response:
        sid, fault = request.path_params["sid"], next(self._manners_of_cancelling)
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
