"""The door of the telephone in the browser: only for whoever sits at this machine, at a page of ours."""

from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
REFUSED = "This telephone is for the browser on this machine only.\n"
HEADERS: Sequence[tuple[bytes, bytes]] = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


class Door:
    """Lets in what comes from this machine, asks for it by name, and was not sent by another site's page.

    A name of somebody else's that leads here (DNS rebinding) is not one of ours; a page of somebody else's that posts
    here tells so by its origin.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _is_welcome(scope):
            await PlainTextResponse(REFUSED, 403)(scope, receive, send)
            return

        async def sends(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        await self._app(scope, receive, sends)


def _is_welcome(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    host, origin = headers.get("host", ""), headers.get("origin")
    site = headers.get("sec-fetch-site", "none")
    from_here = _is_this_machine(scope) and _name_of(f"//{host}") in THIS_MACHINE
    ours = origin is None or origin == f"{scope['scheme']}://{host}"
    return from_here and ours and site in ("none", "same-origin")


def _is_this_machine(scope: Scope) -> bool:
    host, _ = scope.get("client") or ("", 0)
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _name_of(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:  # a bracket without its other half
        return None
