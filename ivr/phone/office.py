"""The telephone company's office: its REST API, as far as a helpline needs it.

It keeps what it was given, so that one can count there what was really sent and who was really called. It can be slow,
break, and cut the line after it did what it was asked for; and it tells news, signed, in whatever order one likes.
"""

import asyncio
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hmac import compare_digest
from itertools import chain, repeat
from typing import Any
from urllib.parse import urlencode

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from ivr.phone.leg import ACCOUNT_SID
from ivr.phone.office_answers import error
from ivr.phone.office_call import Placed
from ivr.phone.office_calls import Calls
from ivr.phone.office_manner import PROPERLY, Manner
from ivr.phone.office_message import UNFINISHED, VERSION, Message
from ivr.phone.office_queue import MOST, Queue
from ivr.phone.office_recording import Recording
from ivr.phone.office_recordings import Recordings
from ivr.phone.office_texts import Texts

ACCOUNT = ACCOUNT_SID
SENDER = "+447700900999"
CALLER = "+441632960000"
NOT_EMPTY = 22001


class Office:
    """One account. `line` leads to whoever wants news; without it, over the network.

    Texts come from one of the `senders`, calls from one of the `callers`: numbers that are ours.
    """

    def __init__(
        self,
        account: str = ACCOUNT,
        token: str = "token",  # noqa: S107  it opens nothing
        senders: tuple[str, ...] = (SENDER,),
        line: httpx2.AsyncBaseTransport | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        callers: tuple[str, ...] = (CALLER, SENDER),
    ) -> None:
        self.account, self.senders, self.callers = account, senders, callers
        self.messages: list[Message] = []
        self.calls: list[Placed] = []
        self.recordings: list[Recording] = []
        self.queues: list[Queue] = []
        self.others: set[str] = set()
        """Other things that it keeps and can delete, such as `Calls/CA…` of somebody who rang."""
        self.stopped: set[str] = set()
        """Who texted STOP to us: the office itself sees to it that they get no more."""
        self.asked: list[str] = []
        """Methods and paths, in the order in which they came."""
        self.clock = clock
        self.line = line
        self._manners: Iterator[Manner] = repeat(PROPERLY)
        self._telling: set[asyncio.Task[None]] = set()
        self._validator = RequestValidator(token)
        self._credentials = f"Basic {b64encode(f'{account}:{token}'.encode()).decode()}"
        here = f"/{VERSION}/Accounts/{{account}}"
        self.app = Starlette(
            routes=[
                *Texts(self).routes(here),
                *Calls(self).routes(here),
                *Recordings(self).routes(here),
                Route(f"{here}/Queues/{{sid}}.json", self._tell_queue, methods=["GET"]),
                Route(f"{here}/{{kind}}/{{sid}}.json", self._delete, methods=["DELETE"]),
            ]
        )

    def behaves(self, *manners: Manner) -> None:
        """How the next texts, and calls placed or ended, are treated, in turn; those after them properly."""
        self._manners = chain(manners, repeat(PROPERLY))

    def behaves_as(self, manners: Iterator[Manner]) -> None:
        """How all further ones are treated."""
        self._manners = manners

    def next_manner(self) -> Manner:
        """How the one that has come now is treated."""
        return next(self._manners)

    async def tells(self, about: Message | Placed, status: str, why: int | None = None) -> None:
        """Tell whoever wants to know that a text or a call has got so far."""
        if isinstance(about, Message):
            about.becomes(status, self.clock(), why)
            form = about.news(status, self.account, why)
        else:
            about.becomes(status)
            form = about.news(status, self.account, self.clock())
        headers = {
            "X-Twilio-Signature": self._validator.compute_signature(about.status_callback, form),
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        }
        async with httpx2.AsyncClient(transport=self.line) as client:
            await client.post(about.status_callback, content=urlencode(form), headers=headers)

    async def has_told(self) -> None:
        """Wait until all news that is on its way has been told."""
        await asyncio.gather(*self._telling, return_exceptions=True)

    def will_tell(self, message: Message, manner: Manner) -> None:
        """See to it that news of a text is told."""
        if manner.news and message.status_callback:
            task = asyncio.create_task(self._tell_all(message, manner))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    def keeps(self, call: str, words: str, seconds: float) -> Recording:
        """A recording of so many seconds; it is not to be had before it is completed."""
        self.recordings.append(Recording(self.account, call, words, seconds, self.clock()))
        return self.recordings[-1]

    def queue(self, name: str, most: int = MOST) -> Queue:
        """The queue of that name, made if there is none."""
        found = self.queue_named(name)
        if found is None:
            self.queues.append(found := Queue(name, most))
        return found

    def queue_named(self, name: str) -> Queue | None:
        """The queue of that name, if there is one."""
        return next((queue for queue in self.queues if queue.name == name), None)

    def refusal(self, request: Request) -> Response | None:
        """What is said to somebody who may not ask."""
        self.asked.append(f"{request.method} {request.url.path}")
        if not compare_digest(request.headers.get("Authorization", ""), self._credentials):
            return error(401, 20003)
        return None if request.path_params["account"] == self.account else error(404, 20404)

    async def _tell_queue(self, request: Request) -> Response:
        if refusal := self.refusal(request):
            return refusal
        sid = request.path_params["sid"]
        queue = next((queue for queue in self.queues if queue.sid == sid), None)
        return JSONResponse(queue.as_json(self.account)) if queue else error(404, 20404)

    async def _delete(self, request: Request) -> Response:
        if refusal := self.refusal(request):
            return refusal
        kind, sid = request.path_params["kind"], request.path_params["sid"]
        kept = self._kept(kind)
        found = next((one for one in kept if one.sid == sid), None)
        if found is None and f"{kind}/{sid}" not in self.others:
            return error(404, 20404)
        if isinstance(found, Queue) and found.places:
            return error(400, NOT_EMPTY)
        if _is_on_its_way(found):
            return error(409, 20009)
        kept[:] = [one for one in kept if one is not found]
        self.others.discard(f"{kind}/{sid}")
        return Response(status_code=204)

    def _kept(self, kind: str) -> list[Any]:
        """All that is kept of a kind."""
        kinds: dict[str, list[Any]] = {
            "Messages": self.messages,
            "Calls": self.calls,
            "Recordings": self.recordings,
            "Queues": self.queues,
        }
        return kinds.get(kind, [])

    async def _tell_all(self, message: Message, manner: Manner) -> None:
        for status in manner.news:
            await asyncio.sleep(manner.news_after)
            bad = status in ("undelivered", "failed")
            await self.tells(message, status, manner.error if bad else None)


def _is_on_its_way(found: object) -> bool:
    """Whether it is not over yet: it cannot be deleted before."""
    if isinstance(found, Message):
        return found.status in UNFINISHED
    return isinstance(found, Placed) and not found.has_ended
