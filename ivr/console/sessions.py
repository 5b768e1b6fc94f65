"""Who is signed in, by the cookie of a request."""

from hashlib import sha256
from urllib.parse import urlencode

from sqlalchemy import select
from starlette.requests import Request

from ivr.console.services import Services
from ivr.console.visit import SignedIn
from ivr.staff import accounts
from ivr.store.tables import staff_sessions

COOKIE, DEV_COOKIE = "__Host-ivr", "ivr-dev"


async def signed_in(services: Services, request: Request, *, is_live: bool) -> SignedIn | None:
    """Return who is signed in; a request of a live part keeps nobody signed in."""
    token = request.cookies.get(DEV_COOKIE if services.dev else COOKIE)
    if not token:
        return None
    id = sha256(token.encode()).digest()
    async with services.store.read() as db:
        account = await db.scalar(select(staff_sessions.c.account).where(staff_sessions.c.id == id))
        return SignedIn(await accounts.read_one(db, services.store.cipher, account), id) if account else None


def sign_in_address(services: Services, request: Request) -> str:
    """Return the address of the page to sign in on, which then leads to where somebody wanted to go."""
    if services.dev:
        return "/console/enter"
    return f"/console/sign-in?{urlencode({'next': request.scope['path']})}"
