"""Middleware around a whole development application that is served on the local network too.

What comes from this machine goes through. What comes from another is refused, whatever its headers say, except the
browser telephone for a browser that was let in with a code (`Guests`): the development application takes unsigned
webhooks, and its staff pages let in whoever sits here.
"""

from html import escape
from http.cookies import CookieError, SimpleCookie
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from string import Template
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ivr.simulator.browser.guests import CodeRefused, Guests
from ivr.simulator.browser.localhost_only import GUEST, hostname

STATIC = Path(__file__).parent / "static"
PHONE, JOIN, STYLE = "/phone", "/phone/join", "/phone/join.css"
COOKIE = "phone_guest"
MAX_FORM = 1_000
REFUSED = "Only the telephone is here, and only with the link from whoever serves it.\n"
LEFT = "This browser’s link is no longer good: ask for another, and load the page again."
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "referrer-policy": "same-origin",  # with no-referrer, a browser says that its own form comes from nowhere
    "x-content-type-options": "nosniff",
}


class LocalNetwork:
    """Lets this machine through, and guests to the telephone. Only socket addresses decide which is which."""

    def __init__(self, app: ASGIApp, guests: Guests) -> None:
        self._app, self._guests = app, guests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or _is_this_machine(scope):
            await self._app(scope, receive, send)
        elif scope["type"] != "http":
            raise PermissionError("only HTTP is answered on the network")
        elif (answer := await self._refusal(Request(scope, receive))) is not None:
            answer.headers.update(HEADERS)
            await answer(scope, receive, send)
        else:
            await self._app({**scope, GUEST: True}, receive, send)

    async def _refusal(self, request: Request) -> Response | None:
        """Return the answer to a request that does not come through to the telephone; None if it does."""
        path = request.scope["path"]
        if not _is_to_this_address(request.scope) or not (path == PHONE or path.startswith(f"{PHONE}/")):
            return PlainTextResponse(REFUSED, 403)
        if path == STYLE:
            return FileResponse(STATIC / "join.css")
        if path == JOIN:
            return await self._join(request)
        if self._guests.is_guest(_token(request)):
            return None
        if request.method == "GET" and path in (PHONE, f"{PHONE}/"):
            return RedirectResponse(JOIN, 303)
        return JSONResponse({"error": LEFT}, 403)

    async def _join(self, request: Request) -> Response:
        """Show the form with the code; a press of its button, not the look of a link's preview, uses the code up."""
        if request.method != "POST":
            return _form(request.query_params.get("code", ""))
        try:
            token = self._guests.admit(await _posted_code(request))
        except CodeRefused as refused:
            return _form("", str(refused), 403)
        answer = RedirectResponse(f"{PHONE}/", 303)
        answer.set_cookie(COOKIE, token, path=PHONE, httponly=True, samesite="strict")
        return answer


def _form(code: str, refused: str = "", status: int = 200) -> Response:
    page = Template((STATIC / "join.html").read_text("utf-8"))
    told = f'<p class="refused" role="alert">{escape(refused)}</p>' if refused else ""
    return HTMLResponse(page.substitute(code=escape(code[:40]), refused=told), status)


async def _posted_code(request: Request) -> str:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_FORM:
            return ""
    return parse_qs(body.decode(errors="replace")).get("code", [""])[0]


def _token(request: Request) -> str:
    try:
        morsel = SimpleCookie(request.headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def _is_this_machine(scope: Scope) -> bool:
    """Return whether both ends of the connection are loopback addresses."""
    ends = _address(scope.get("client")), _address(scope.get("server"))
    return all(end is not None and end.is_loopback for end in ends)


def _is_to_this_address(scope: Scope) -> bool:
    """Return whether a neighbour asks for the address that it reached, from no page of another site.

    A name in the Host header would be somebody else's that leads here (DNS rebinding), a public client a forwarded one.
    """
    headers = Headers(scope=scope)
    host, origin = headers.get("host", ""), headers.get("origin")
    client, server = _address(scope.get("client")), _address(scope.get("server"))
    is_neighbour = client is not None and not client.is_global
    named = _address((hostname(f"//{host}") or "", 0))
    same_origin = origin is None or origin == f"{scope['scheme']}://{host}"
    site = headers.get("sec-fetch-site", "none")
    is_navigation = headers.get("sec-fetch-mode") == "navigate" and scope["method"] == "GET"
    return (
        is_neighbour
        and server is not None
        and named == server
        and same_origin
        and (site in ("none", "same-origin") or is_navigation)
    )


def _address(end: tuple[str, int] | None) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address((end or ("", 0))[0].partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
