"""The telephone company's office, where texts are handed in: its REST API, as far as a helpline needs it.

It keeps what it was given, so that one can count there what was really sent. It can be slow, break, and cut the line
after it took a text; and it tells news of its texts, signed, in whatever order one likes.
"""

import asyncio
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hmac import compare_digest
from itertools import chain, repeat
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from ivr.phone.office_answers import answer, error
from ivr.phone.office_fields import mistake_in
from ivr.phone.office_manner import PROPERLY, Manner
from ivr.phone.office_message import UNFINISHED, VERSION, Message

ACCOUNT = "AC" + "0" * 32
SENDER = "+447700900999"
PAGE, LARGEST_PAGE = 50, 1000


class Office:
    """One account. `line` leads to whoever wants news of texts; without it, over the network."""

    def __init__(
        self,
        account: str = ACCOUNT,
        token: str = "token",  # noqa: S107  it opens nothing
        senders: tuple[str, ...] = (SENDER,),
        line: httpx2.AsyncBaseTransport | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.account, self.senders = account, senders
        self.messages: list[Message] = []
        self.others: set[str] = set()
        """Other things that it keeps and can delete, such as `Calls/CA…`."""
        self.stopped: set[str] = set()
        """Who texted STOP to us: the office itself sees to it that they get no more."""
        self.asked: list[str] = []
        """Methods and paths, in the order in which they came."""
        self._manners: Iterator[Manner] = repeat(PROPERLY)
        self._clock = clock
        self._telling: set[asyncio.Task[None]] = set()
        self._validator = RequestValidator(token)
        self._credentials = f"Basic {b64encode(f'{account}:{token}'.encode()).decode()}"
        self.line = line
        texts = f"/{VERSION}/Accounts/{{account}}/Messages"
        self.app = Starlette(
            routes=[
                Route(f"{texts}.json", self._take, methods=["POST"]),
                Route(f"{texts}.json", self._list, methods=["GET"]),
                Route(f"{texts}/{{sid}}.json", self._tell, methods=["GET"]),
                Route(f"/{VERSION}/Accounts/{{account}}/{{kind}}/{{sid}}.json", self._delete, methods=["DELETE"]),
            ]
        )

    def behaves(self, *manners: Manner) -> None:
        """How the next texts are treated, one after the other; those after them properly."""
        self._manners = chain(manners, repeat(PROPERLY))

    def behaves_as(self, manners: Iterator[Manner]) -> None:
        """How all further texts are treated."""
        self._manners = manners

    async def tells(self, message: Message, status: str, why: int | None = None) -> None:
        """Tell whoever wants to know that a text has got so far."""
        message.becomes(status, self._clock(), why)
        form = message.news(status, self.account, why)
        headers = {
            "X-Twilio-Signature": self._validator.compute_signature(message.status_callback, form),
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        }
        async with httpx2.AsyncClient(transport=self.line) as client:
            await client.post(message.status_callback, content=urlencode(form), headers=headers)

    async def has_told(self) -> None:
        """Wait until all news that is on its way has been told."""
        await asyncio.gather(*self._telling, return_exceptions=True)

    async def _take(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        if refusal := self._refusal(request):
            return refusal
        if code := mistake_in(form, self.senders, self.stopped):
            return error(400, code)
        manner = next(self._manners)
        message = self._message(form, manner)
        if manner.takes:
            self.messages.append(message)
            self._will_tell(message, manner)
        await asyncio.sleep(manner.wait)
        return answer(manner, message.as_json(self.account))

    async def _list(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        query = request.query_params
        size, page = min(int(query.get("PageSize", PAGE)), LARGEST_PAGE), int(query.get("Page", 0))
        found = [one for one in reversed(self.messages) if one.listed and _is_wanted(one, query)]
        following = urlencode(dict(query) | {"Page": page + 1})
        return JSONResponse(
            {
                "messages": [one.as_json(self.account) for one in found[page * size : (page + 1) * size]],
                "page": page,
                "page_size": size,
                "next_page_uri": f"{request.url.path}?{following}" if len(found) > (page + 1) * size else None,
            }
        )

    async def _tell(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        message = self._find(request.path_params["sid"])
        return JSONResponse(message.as_json(self.account)) if message else error(404, 20404)

    async def _delete(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        kind, sid = request.path_params["kind"], request.path_params["sid"]
        message = self._find(sid) if kind == "Messages" else None
        if not message and f"{kind}/{sid}" not in self.others:
            return error(404, 20404)
        if message and message.status in UNFINISHED:
            return error(409, 20009)
        self.messages = [one for one in self.messages if one is not message]
        self.others.discard(f"{kind}/{sid}")
        return Response(status_code=204)

    def _refusal(self, request: Request) -> Response | None:
        """What is said to somebody who may not ask."""
        self.asked.append(f"{request.method} {request.url.path}")
        if not compare_digest(request.headers.get("Authorization", ""), self._credentials):
            return error(401, 20003)
        return None if request.path_params["account"] == self.account else error(404, 20404)

    def _message(self, form: dict[str, str], manner: Manner) -> Message:
        created = self._clock().replace(microsecond=0)
        callback = form.get("StatusCallback", "")
        return Message(form["To"], form["From"], form["Body"], callback, created, manner.listed)

    def _find(self, sid: str) -> Message | None:
        return next((one for one in self.messages if one.sid == sid), None)

    def _will_tell(self, message: Message, manner: Manner) -> None:
        if manner.news and message.status_callback:
            task = asyncio.create_task(self._tell_all(message, manner))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def _tell_all(self, message: Message, manner: Manner) -> None:
        for status in manner.news:
            await asyncio.sleep(manner.news_after)
            bad = status in ("undelivered", "failed")
            await self.tells(message, status, manner.error if bad else None)


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
