"""Who is signed in, by the cookie of a request, and the cookie that a session begins with.

Another cookie keeps what is begun at the identity provider, until its browser comes back from there.
"""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from ivr.console.services import Services
from ivr.console.visit import SignedIn
from ivr.store import staff_sessions

COOKIE, DEV_COOKIE = "__Host-ivr", "ivr-dev"
SSO_COOKIE, DEV_SSO_COOKIE = "__Host-ivr-sso", "ivr-dev-sso"
"""Of the first a browser believes only what came by TLS from this very host; in development there is no TLS."""

SSO_SECONDS = 600


async def signed_in(services: Services, request: Request, *, is_live: bool) -> SignedIn | None:
    """Return who is signed in; a request of a live part keeps nobody signed in."""
    token, now, store = request.cookies.get(_name(services)), services.clock(), services.store
    if not token:
        return None
    async with store.read() as db:
        found = await staff_sessions.find(db, store.cipher, token, now)
    if found is None:
        return None
    session, account = found
    if not is_live and staff_sessions.is_to_be_recorded(session, now):
        async with store.begin() as db:
            await staff_sessions.seen(db, session, now)
    return SignedIn(account, session.id)


def set_cookie(services: Services, answer: Response, token: str) -> Response:
    """Give the browser the token of a session that begins, until it is closed."""
    answer.set_cookie(_name(services), token, path="/", httponly=True, secure=not services.dev, samesite="strict")
    return answer


def delete_cookie(services: Services, answer: Response) -> Response:
    """Have the browser forget the token."""
    answer.delete_cookie(_name(services), path="/", httponly=True, secure=not services.dev, samesite="strict")
    return answer


def sso_token(services: Services, request: Request) -> str:
    """Return what a browser keeps of what it began at the identity provider; "" if that is nothing."""
    return request.cookies.get(_sso_name(services), "")


def set_sso_cookie(services: Services, answer: Response, token: str) -> Response:
    """Have the browser keep what it begins; it comes back with what another site has it look at (SameSite=Lax)."""
    about = {"path": "/", "httponly": True, "secure": not services.dev}
    answer.set_cookie(_sso_name(services), token, max_age=SSO_SECONDS, samesite="lax", **about)  # type: ignore[arg-type]
    return answer


def delete_sso_cookie(services: Services, answer: Response) -> Response:
    """Have the browser forget what it began."""
    answer.delete_cookie(_sso_name(services), path="/", httponly=True, secure=not services.dev, samesite="lax")
    return answer


def sign_in_address(services: Services, request: Request) -> str:
    """Return the address of the page to sign in on, which then leads to where somebody wanted to go."""
    if services.dev:
        return "/console/enter"
    return f"/console/sign-in?{urlencode({'next': request.scope['path']})}"


def _sso_name(services: Services) -> str:
    return DEV_SSO_COOKIE if services.dev else SSO_COOKIE


def _name(services: Services) -> str:
    return DEV_COOKIE if services.dev else COOKIE
