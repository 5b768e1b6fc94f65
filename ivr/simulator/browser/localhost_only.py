"""Middleware that lets only a browser on this machine in, and only from pages of this server."""

from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOCALHOST = frozenset({"localhost", "127.0.0.1", "::1"})
GUEST = "ivr.guest"
"""The key of a scope that `LocalNetwork` has let in from another machine; no request can bring it."""
REFUSED = "This telephone is for the browser on this machine only.\n"
HEADERS: Sequence[tuple[bytes, bytes]] = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


class LocalhostOnly:
    """Refuses requests that are not from this machine, not to its name, or sent by another site's page.

    The Host header guards against DNS rebinding, the Origin header against cross-site requests. Guests have been
    looked at before. `headers` are added to every answer.
    """

    def __init__(self, app: ASGIApp, headers: Sequence[tuple[bytes, bytes]] = HEADERS) -> None:
        self._app, self._headers = app, headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not (scope.get(GUEST) is True or _is_allowed(scope)):
            await PlainTextResponse(REFUSED, 403)(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *self._headers]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _is_allowed(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    host, origin = headers.get("host", ""), headers.get("origin")
    site = headers.get("sec-fetch-site", "none")
    is_local = _is_from_loopback(scope) and hostname(f"//{host}") in LOCALHOST
    same_origin = origin is None or origin == f"{scope['scheme']}://{host}"
    return is_local and same_origin and site in ("none", "same-origin")


def _is_from_loopback(scope: Scope) -> bool:
    host, _ = scope.get("client") or ("", 0)
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def hostname(url: str) -> str | None:
    """Return the host of a URL; None where there is none."""
    try:
        return urlsplit(url).hostname
    except ValueError:  # a bracket without its other half
        return None
