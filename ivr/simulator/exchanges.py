"""The HTTP requests of a simulation, in both directions, as they went."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 40_000
"""Bytes that are kept of a request, and of an answer; of those that are no text, only the length."""
TEXTS = ("text/", "application/json", "application/xml", "application/x-www-form-urlencoded")


@dataclass(frozen=True)
class Exchange:
    """A request and its answer, which took so many real `milliseconds`; `status` is None if there was no answer."""

    method: str
    path: str
    query: str
    form: Mapping[str, str]
    status: int | None
    milliseconds: float
    answer: str


Observer = Callable[[Exchange], None]


@dataclass
class _Observation:
    """What is seen of one request and its answer."""

    sent: bytearray = field(default_factory=bytearray)
    answer: bytearray = field(default_factory=bytearray)
    length: int = 0
    status: int | None = None
    content_type: str = ""

    def request(self, message: Message) -> None:
        self.sent += message.get("body", b"")[: MAX_BODY - len(self.sent)]

    def response(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = {name.lower(): value for name, value in message.get("headers", ())}
            self.content_type = headers.get(b"content-type", b"").decode("latin-1")
        elif message["type"] == "http.response.body":
            body = message.get("body", b"")
            self.length += len(body)
            self.answer += body[: MAX_BODY - len(self.answer)]

    @property
    def text(self) -> str:
        if not self.content_type.startswith(TEXTS):
            return f"({self.content_type}, {self.length:,} bytes)" if self.length else ""
        left = self.length - len(self.answer)
        return self.answer.decode("utf-8", "replace") + (f"\n({left:,} bytes more)" if left else "")


class Observed:
    """An application of which `observe` is told every HTTP request, once it is answered."""

    def __init__(self, app: ASGIApp, observe: Observer) -> None:
        self._app, self._observe = app, observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seen, began = _Observation(), perf_counter()

        async def receive_too() -> Message:
            message = await receive()
            seen.request(message)
            return message

        async def send_too(message: Message) -> None:
            seen.response(message)
            await send(message)

        try:
            await self._app(scope, receive_too, send_too)
        finally:
            self._observe(_exchange(scope, seen, (perf_counter() - began) * 1000))


def _exchange(scope: Scope, seen: _Observation, milliseconds: float) -> Exchange:
    form = dict(parse_qsl(seen.sent.decode("utf-8", "replace"), keep_blank_values=True))
    query = scope["query_string"].decode("latin-1")
    return Exchange(scope["method"], scope["path"], query, form, seen.status, milliseconds, seen.text)
