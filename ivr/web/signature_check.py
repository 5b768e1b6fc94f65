"""A door that only the provider comes through: every one of its routes is behind it."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ivr.telephony.signature import HEADER, Signature
from ivr.telephony.webhook import read_form
from ivr.web.body import read_body

Form = dict[str, str]
Handler = Callable[[Scope, Form], Awaitable[ASGIApp]]


class SignatureCheck:
    """Reads a webhook's form, checks its signature, and hands it on; `signature` is None in development only."""

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
