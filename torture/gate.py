"""Stands before the web processes as a balancer does, and times every answer."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic

import httpx2
from starlette.types import Receive, Scope, Send

from ivr.web.body import read_body

PATIENCE = 15.0
"""Seconds the telephone company waits for an answer (https://www.twilio.com/docs/usage/webhooks/webhooks-overview)."""
CALLS, NEWS = "/voice", ("/voice/status", "/voice/recording")


@dataclass(frozen=True)
class Answer:
    """One answer: when it came, for which path, after how many seconds; 502 is the gate's own, for none at all."""

    at: float
    path: str
    seconds: float
    status: int

    @property
    def is_heard(self) -> bool:
        """Whether somebody was on the line, waiting for it."""
        return self.path.startswith(CALLS) and not self.path.startswith(NEWS)


@dataclass
class Gate:
    """Sends each webhook to the next of `addresses`; where that one cannot be reached or breaks off, to another.

    Webhooks may be sent again because the same one again changes nothing. With a single address there is no other.
    """

    addresses: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    asked_again: int = 0
    _client: httpx2.AsyncClient = field(
        default_factory=lambda: httpx2.AsyncClient(
            trust_env=False, timeout=PATIENCE, limits=httpx2.Limits(max_keepalive_connections=0)
        )
    )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, path = await read_body(receive) or b"", scope["raw_path"].decode()
        query = "?" + scope["query_string"].decode() if scope["query_string"] else ""
        headers = [pair for pair in scope["headers"] if pair[0] not in (b"host", b"content-length")]
        began = monotonic()
        answer = await self._asked(scope["method"], path + query, body, headers)
        status = answer.status_code if answer else 502
        self.answers.append(Answer(monotonic(), path, monotonic() - began, status))
        kind = [(b"content-type", answer.headers["content-type"].encode())] if answer and answer.content else []
        await send({"type": "http.response.start", "status": status, "headers": kind})
        await send({"type": "http.response.body", "body": answer.content if answer else b""})

    async def close(self) -> None:
        """Nothing is sent any more."""
        await self._client.aclose()

    async def _asked(
        self, method: str, path: str, body: bytes, headers: list[tuple[bytes, bytes]]
    ) -> httpx2.Response | None:
        for place, one in enumerate(self._in_turn()):
            self.asked_again += place > 0
            try:
                return await self._client.request(method, one + path, content=body, headers=headers)
            except httpx2.TransportError:
                continue
        return None

    def _in_turn(self) -> Iterator[str]:
        """Of those that are there when the next is asked for: one that is replaced goes while others come."""
        if self.addresses:
            self.addresses.append(self.addresses.pop(0))
        tried: set[str] = set()
        while one := next((address for address in self.addresses if address not in tried), None):
            tried.add(one)
            yield one
