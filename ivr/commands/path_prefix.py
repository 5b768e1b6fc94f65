"""Serves pages whose addresses are absolute below a prefix, as a reverse proxy does that maps addresses."""

import asyncio
import re
from urllib.parse import quote

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope

MAPPED_TYPES = "text/html", "text/javascript"
MAPPED_HEADERS = b"location", b"hx-redirect"
"""The headers that lead to another page; the second is htmx's (https://htmx.org/reference/#response_headers)."""


async def answer_below(prefix: str, root: str, app: ASGIApp, scope: Scope, receive: Receive) -> Response:
    """Return the answer of an application to a request, its addresses that begin with `root` put below a prefix.

    An address is found by the quote before it, which no page of ours has in words that somebody wrote: Jinja escapes
    it. `scope` has the path as the application knows it.
    """
    status, headers, body = 500, list[tuple[bytes, bytes]](), b""

    async def collect(message: Message) -> None:
        nonlocal status, headers, body
        if message["type"] == "http.response.start":
            status, headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            body += message.get("body", b"")

    await app(scope, receive, collect)
    named = dict(headers)
    if named.get(b"content-type", b"").decode("latin-1").startswith(MAPPED_TYPES):
        body = mapped(body, root, prefix)
    response = Response(body, status)
    length = [(b"content-length", b"%d" % len(body))] if body else []
    response.raw_headers = [*(_header(*one, root, prefix) for one in headers if one[0] != b"content-length"), *length]
    return response


def received(body: bytes) -> Receive:
    """Return what an application receives of a request: its body, and then nothing more, as nobody hangs up.

    Whoever sends a file waits meanwhile for the end of the line: told of the body again, it would ask for ever.
    """
    parts = [body]

    async def receive() -> Message:
        if parts:
            return {"type": "http.request", "body": parts.pop(), "more_body": False}
        message: Message = await asyncio.Future()
        return message

    return receive


def mapped(body: bytes, root: str, prefix: str) -> bytes:
    """Return a page or a script with its addresses below a prefix.

    >>> mapped(b'<a href="/console?x=1">/console</a><a href="/consoles">', "/console", "/desk/x")
    b'<a href="/desk/x/console?x=1">/console</a><a href="/consoles">'
    """
    return re.sub(rb'"(?=%s["/?#])' % re.escape(root.encode()), b'"%s' % prefix.encode(), body)


def inner_scope(scope: Scope, path: str, headers: list[tuple[bytes, bytes]]) -> Scope:
    """Return a request as an application at the root gets it, for another path and with other headers."""
    inner = {**scope, "path": path, "raw_path": quote(path).encode(), "root_path": "", "headers": headers}
    return {name: value for name, value in inner.items() if name not in ("app", "router", "endpoint", "path_params")}


def _header(name: bytes, value: bytes, root: str, prefix: str) -> tuple[bytes, bytes]:
    is_address = name in MAPPED_HEADERS and value.startswith(root.encode())
    return name, prefix.encode() + value if is_address else value
