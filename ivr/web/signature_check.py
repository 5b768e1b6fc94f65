"""Reads webhooks, and checks their signature: every route of the provider's is behind it."""

from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import parse_qs

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ivr.telephony.signature import HEADER, Signature
from ivr.telephony.webhook import read_form

LONGEST_BODY = 65_536
"""Bytes. The provider's longest form is a few thousand."""
MOST_FIELDS = 500
"""The provider's longest form has some sixty; each one more costs whoever checks the signature over it."""

Form = dict[str, str]
Handler = Callable[[Scope, Form], Awaitable[ASGIApp]]


class SignatureCheck:
    """Reads a webhook's form, checks its signature, and calls its handler; `signature` is None in development only."""

    def __init__(self, signature: Signature | None, handler: Handler) -> None:
        self._signature, self._handler = signature, handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._response(scope, await read_body(receive))
        await response(scope, receive, send)

    async def _response(self, scope: Scope, body: bytes | None) -> ASGIApp:
        if body is None:
            return PlainTextResponse("too long", 413)
        form = read_form(body)
        if not self._is_signed(scope, form):
            return PlainTextResponse("not signed by the provider", 403)
        return await self._handler(scope, dict(form))

    def _is_signed(self, scope: Scope, form: Sequence[tuple[str, str]]) -> bool:
        if self._signature is None:
            return True
        query = scope["query_string"]
        path = scope["raw_path"] + (b"?" + query if query else b"")
        given = next((value for name, value in scope["headers"] if name == HEADER), b"")
        return self._signature.matches(path.decode("latin-1"), form, given.decode("latin-1"))


async def read_body(receive: Receive) -> bytes | None:
    """Return the whole body, or None for one that is too long, or has too many fields."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > LONGEST_BODY:
            return None
    return body if body.count(b"&") < MOST_FIELDS else None


def query_value(scope: Scope, name: str) -> str:
    """Return the first value of that name in the query string; nothing where there is none.

    >>> query_value({"query_string": b"leg=abc&leg=def"}, "leg"), query_value({"query_string": b""}, "leg")
    ('abc', '')
    """
    query: bytes = scope["query_string"]
    return parse_qs(query.decode("latin-1")).get(name, [""])[0]
