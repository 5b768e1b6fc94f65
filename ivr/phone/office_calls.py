"""The desk of the office where calls are placed and ended."""

from asyncio import sleep
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ivr.phone.office_answers import answer, error
from ivr.phone.office_call import Placed
from ivr.phone.office_call_fields import EVENT, mistake_in

if TYPE_CHECKING:
    from ivr.phone.office import Office

WISHES = ("canceled", "completed")


class Calls:
    """Takes calls to be placed, tells of them, ends and forgets them."""

    def __init__(self, office: "Office") -> None:
        self._office = office

    def routes(self, account: str) -> list[Route]:
        """Where it is asked."""
        return [
            Route(f"{account}/Calls.json", self._take, methods=["POST"]),
            Route(f"{account}/Calls/{{sid}}.json", self._tell, methods=["GET"]),
            Route(f"{account}/Calls/{{sid}}.json", self._change, methods=["POST"]),
        ]

    async def _take(self, request: Request) -> Response:
        fields = parse_qsl((await request.body()).decode(), keep_blank_values=True)
        form, events = dict(fields), [value for name, value in fields if name == EVENT]
        if refusal := self._office.refusal(request):
            return refusal
        if code := mistake_in(form, events, self._office.callers):
            return error(400, code)
        manner = self._office.next_manner()
        placed = self._placed(form, events)
        placed.listed = manner.listed
        if manner.takes:
            self._office.calls.append(placed)
        await sleep(manner.wait)
        return answer(manner, placed.as_json(self._office.account))

    def _placed(self, form: dict[str, str], events: list[str]) -> Placed:
        return Placed(
            to=form["To"],
            sender=form["From"],
            url=form["Url"],
            created=self._office.clock().replace(microsecond=0),
            method=form.get("Method", "POST"),
            timeout=int(form.get("Timeout", Placed.timeout)),
            status_callback=form.get("StatusCallback", ""),
            callback_method=form.get("StatusCallbackMethod", "POST"),
            events=frozenset(events or ["completed"]),
        )

    async def _tell(self, request: Request) -> Response:
        if refusal := self._office.refusal(request):
            return refusal
        placed = self._find(request)
        return JSONResponse(placed.as_json(self._office.account)) if placed else error(404, 20404)

    async def _change(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        if refusal := self._office.refusal(request):
            return refusal
        placed = self._find(request)
        if placed is None:
            return error(404, 20404)
        if set(form) != {"Status"} or form["Status"] not in WISHES:
            return error(400, 20001)
        if placed.has_ended:
            return error(400, 21220)
        manner = self._office.next_manner()
        if manner.takes:
            placed.ends(form["Status"])
        await sleep(manner.wait)
        return answer(manner, placed.as_json(self._office.account), 200)

    def _find(self, request: Request) -> Placed | None:
        sid = request.path_params["sid"]
        return next((one for one in self._office.calls if one.sid == sid and one.listed), None)
