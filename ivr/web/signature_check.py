"""Reads webhooks, and checks their signature: every route of the provider's is behind it.

What cannot be the provider's is refused before it costs: by its method and headers, then by how long it is, then by how
many fields and escapes it has, and only then by its signature.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Receive, Scope, Send

from ivr.telephony.signature import HEADER, WELL_FORMED, Signature
from ivr.telephony.webhook import digits_in, read_form
from ivr.web import metrics
from ivr.web.refusals import Reason, Refusals

LONGEST_BODY = 16_384
"""Bytes. The provider's longest form of a call is a few thousand."""
LONGEST_TEXT = 24_576
"""Bytes of the form of a text: of its 1,600 characters each may be escaped in nine."""
MOST_FIELDS = 200
"""The provider's longest form has some sixty; each one more costs whoever checks the signature over it."""


@dataclass(frozen=True, slots=True)
class FormBounds:
    """How long a form can be, in bytes, and how many escapes (%2B) it can have, which cost most to read."""

    length: int
    escapes: int

    def allow(self, body: bytes) -> bool:
        """Return whether a form is to be read; as many fields are allowed in any."""
        return body.count(b"&") < MOST_FIELDS and body.count(b"%") <= self.escapes


OF_CALL, OF_TEXT = FormBounds(LONGEST_BODY, 1_000), FormBounds(LONGEST_TEXT, 6_000)

Form = dict[str, str]
Handler = Callable[[Scope, Form], Awaitable[ASGIApp]]


class SignatureCheck:
    """Reads a webhook's form, checks its signature, and calls its handler; `signature` is None in development only.

    `fragment` is that of the address which the provider was given. It is not part of a request, and the provider does
    not say whether it signs it: both are taken. `name` is that of the webhook in the metric of how long answers take.
    """

    def __init__(
        self,
        signature: Signature | None,
        handler: Handler,
        refusals: Refusals | None = None,
        bounds: FormBounds = OF_CALL,
        fragment: str = "",
        name: str = "voice",
    ) -> None:
        self._signature, self._handler, self._bounds = signature, handler, bounds
        self._refusals = refusals or Refusals("", signature)
        self._fragments = ("", fragment) if fragment else ("",)
        self._seconds = metrics.webhook_seconds.labels(name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._response(scope, receive)
        await response(scope, receive, send)

    async def _response(self, scope: Scope, receive: Receive) -> ASGIApp:
        began = perf_counter()
        given, length = _signature_and_length(scope["headers"])
        if scope["method"] != "POST":
            return self._refusals.refuse(Reason.method, scope, given)
        if self._signature and not WELL_FORMED.fullmatch(given):
            return self._refusals.refuse(Reason.signature, scope, given)
        body = await read_body(receive, self._bounds) if self._may_read(length) else None
        if body is None:
            return self._refusals.refuse(Reason.body, scope, given)
        form = read_form(body)
        if self._signature and not self._is_signed(self._signature, scope, form, given.decode("latin-1")):
            return self._refusals.refuse(Reason.signature, scope, given, form)
        response = await self._handler(scope, dict(form))
        self._seconds.observe(perf_counter() - began)
        return response

    def _is_signed(self, signature: Signature, scope: Scope, form: Sequence[tuple[str, str]], given: str) -> bool:
        target = _target(scope)
        return any(signature.matches(target + fragment, form, given) for fragment in self._fragments)

    def _may_read(self, length: bytes) -> bool:
        """Return whether a body of this Content-Length is to be read; without a number, it is read up to its bound."""
        if not length.isdigit():
            return True
        told = digits_in(length.decode("ascii"))
        return told is not None and told <= self._bounds.length


def _signature_and_length(headers: Iterable[tuple[bytes, bytes]]) -> tuple[bytes, bytes]:
    given = length = b""
    for name, value in headers:
        if name == HEADER:
            given = given or value
        elif name == b"content-length":
            length = value
    return given, length


def _target(scope: Scope) -> str:
    """Return the path and the query, exactly as they came."""
    query: bytes = scope["query_string"]
    path: bytes = scope["raw_path"] + (b"?" + query if query else b"")
    return path.decode("latin-1")


async def read_body(receive: Receive, bounds: FormBounds = OF_CALL) -> bytes | None:
    """Return the whole body, or None for one that is out of bounds, or that breaks off."""
    chunks, length, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunks.append(message.get("body", b""))
        length, more = length + len(chunks[-1]), message.get("more_body", False)
        if length > bounds.length:
            return None
    body = b"".join(chunks)
    return body if bounds.allow(body) else None


def query_value(scope: Scope, name: str) -> str:
    """Return the first value of that name in the query string; nothing where there is none.

    >>> query_value({"query_string": b"leg=abc&leg=def"}, "leg"), query_value({"query_string": b""}, "leg")
    ('abc', '')
    """
    query: bytes = scope["query_string"]
    return parse_qs(query.decode("latin-1")).get(name, [""])[0]
