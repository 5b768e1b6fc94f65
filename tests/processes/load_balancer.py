"""A round-robin HTTP load balancer with failover, as an ASGI application that records every request."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic
from types import TracebackType
from typing import Self

import httpx2
from starlette.types import Receive, Scope, Send

from ivr.web.signature_check import read_body

PROVIDER_TIMEOUT = 15.0
"""Seconds that Twilio waits for a response (https://www.twilio.com/docs/usage/webhooks/webhooks-overview)."""
CALL_PATH, STATUS_CALLBACK_PATHS = "/voice", ("/voice/status", "/voice/recording")
NEWS_PATHS = *STATUS_CALLBACK_PATHS, "/sms/status"
"""What only tells of something, and drives no call."""


@dataclass(frozen=True)
class ProxiedRequest:
    """One request: the backend that answered it, the path, the seconds it took and the HTTP status.

    When no backend answered, the status is the load balancer's own 502 and `backend` is empty.
    """

    backend: str
    path: str
    seconds: float
    status: int

    @property
    def keeps_caller_waiting(self) -> bool:
        """Whether a caller hears nothing until the response arrives, as is the case for all but status callbacks."""
        return self.path.startswith(CALL_PATH) and not self.path.startswith(STATUS_CALLBACK_PATHS)


@dataclass
class LoadBalancer:
    """Forwards each request to the next of `backends` (base URLs), and to another one after a transport error.

    A webhook may be sent again because webhooks are idempotent. A single backend leaves nothing to fail over to. What
    comes for a path of `dropped` reaches no backend.
    """

    backends: list[str] = field(default_factory=list)
    timeout: float = PROVIDER_TIMEOUT
    requests: list[ProxiedRequest] = field(default_factory=list)
    failovers: int = 0
    dropped: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        limits = httpx2.Limits(max_keepalive_connections=0)
        self._client = httpx2.AsyncClient(trust_env=False, timeout=self.timeout, limits=limits)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, path = await read_body(receive) or b"", scope["raw_path"].decode()
        query = "?" + scope["query_string"].decode() if scope["query_string"] else ""
        headers = [pair for pair in scope["headers"] if pair[0] not in (b"host", b"content-length")]
        began = monotonic()
        is_dropped = bool(self.dropped) and path.startswith(self.dropped)
        forwarded = () if is_dropped else await self._forward(scope["method"], path + query, body, headers)
        backend, response = forwarded or ("", None)
        status = response.status_code if response else 502
        self.requests.append(ProxiedRequest(backend, path, monotonic() - began, status))
        content_type = response.headers.get("content-type") if response and response.content else None
        kept = [(b"content-type", content_type.encode())] if content_type else []
        await send({"type": "http.response.start", "status": status, "headers": kept})
        await send({"type": "http.response.body", "body": response.content if response else b""})

    def remove(self, backend: str) -> None:
        """Send no more requests to this backend."""
        if backend in self.backends:
            self.backends.remove(backend)

    def backends_for(self, prefix: str) -> set[str]:
        """Return the backends that answered requests for paths with this prefix."""
        return {request.backend for request in self.requests if request.path.startswith(prefix)}

    async def _forward(
        self, method: str, target: str, body: bytes, headers: list[tuple[bytes, bytes]]
    ) -> tuple[str, httpx2.Response | None]:
        for attempt, backend in enumerate(self._candidates()):
            self.failovers += attempt > 0
            try:
                return backend, await self._client.request(method, backend + target, content=body, headers=headers)
            except httpx2.TransportError:
                continue
        return "", None

    def _candidates(self) -> Iterator[str]:
        """Yield each backend once, reading the list anew for each attempt: a rolling restart changes it meanwhile."""
        if self.backends:
            self.backends.append(self.backends.pop(0))
        tried: set[str] = set()
        while backend := next((one for one in self.backends if one not in tried), None):
            tried.add(backend)
            yield backend
