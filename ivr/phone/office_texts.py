"""The desk of the office where texts are handed in."""

from asyncio import sleep
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ivr.phone.office_answers import answer, error
from ivr.phone.office_fields import mistake_in
from ivr.phone.office_manner import Manner
from ivr.phone.office_message import Message

if TYPE_CHECKING:
    from ivr.phone.office import Office

PAGE, LARGEST_PAGE = 50, 1000


class Texts:
    """Takes texts to be sent, and tells of them."""

    def __init__(self, office: "Office") -> None:
        self._office = office

    def routes(self, account: str) -> list[Route]:
        """Where it is asked."""
        return [
            Route(f"{account}/Messages.json", self._take, methods=["POST"]),
            Route(f"{account}/Messages.json", self._list, methods=["GET"]),
            Route(f"{account}/Messages/{{sid}}.json", self._tell, methods=["GET"]),
        ]

    async def _take(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        if refusal := self._office.refusal(request):
            return refusal
        if code := mistake_in(form, self._office.senders, self._office.stopped):
            return error(400, code)
        manner = self._office.next_manner()
        message = self._message(form, manner)
        if manner.takes:
            self._office.messages.append(message)
            self._office.will_tell(message, manner)
        await sleep(manner.wait)
        return answer(manner, message.as_json(self._office.account))

    async def _list(self, request: Request) -> Response:
        if refusal := self._office.refusal(request):
            return refusal
        query = request.query_params
        size, page = min(int(query.get("PageSize", PAGE)), LARGEST_PAGE), int(query.get("Page", 0))
        found = [one for one in reversed(self._office.messages) if one.listed and _is_wanted(one, query)]
        following = urlencode(dict(query) | {"Page": page + 1})
        return JSONResponse(
            {
                "messages": [one.as_json(self._office.account) for one in found[page * size : (page + 1) * size]],
                "page": page,
                "page_size": size,
                "next_page_uri": f"{request.url.path}?{following}" if len(found) > (page + 1) * size else None,
            }
        )

    async def _tell(self, request: Request) -> Response:
        if refusal := self._office.refusal(request):
            return refusal
        sid = request.path_params["sid"]
        message = next((one for one in self._office.messages if one.sid == sid), None)
        return JSONResponse(message.as_json(self._office.account)) if message else error(404, 20404)

    def _message(self, form: dict[str, str], manner: Manner) -> Message:
        created = self._office.clock().replace(microsecond=0)
        callback = form.get("StatusCallback", "")
        return Message(form["To"], form["From"], form["Body"], callback, created, manner.listed)


def _is_wanted(message: Message, query: Any) -> bool:
    """The filters of the list; those by day know only the day on which a text was sent, if it was."""
    day = message.sent.date().isoformat() if message.sent else ""
    return all(
        (
            query.get("To") in (None, message.to),
            query.get("From") in (None, message.sender),
            query.get("DateSent") in (None, day),
            "DateSent>" not in query or query["DateSent>"] <= day,
            "DateSent<" not in query or "" < day <= query["DateSent<"],
        )
    )
