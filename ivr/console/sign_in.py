"""The pages on which staff sign in and out: the password first, then a code of the app on their telephone."""

import logging
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from ivr.console import sessions
from ivr.console.page import Page, sent, shown
from ivr.console.passwords import Busy
from ivr.console.source import source_of
from ivr.console.visit import Visit
from ivr.errors import IvrError
from ivr.staff import account_links, letters
from ivr.staff import sign_in as staff
from ivr.staff.accounts import Role
from ivr.staff.sign_in import NotSignedIn, TooManyTries

log = logging.getLogger(__name__)

TODAY, SIGN_IN = "/console", "/console/sign-in"


async def ask_password(visit: Visit) -> Response:
    """Show the page to sign in on."""
    return RedirectResponse(TODAY, 303) if visit.signed_in else password_page(visit, "", visit.query("next"))


async def take_password(visit: Visit) -> Response:
    """Ask for the code, if the password is right."""
    email, password = visit.form.get("email", ""), visit.form.get("password", "")
    try:
        half = await staff.with_password(visit.services.sign_in, email, password, source_of(visit))
    except (NotSignedIn, Busy) as error:
        return password_page(visit, str(error), visit.form.get("next", ""), status_of(error))
    return _code_page(visit, half)


async def take_code(visit: Visit) -> Response:
    """Sign somebody in, if the code is right."""
    half = visit.form.get("half", "")
    try:
        token = await staff.with_code(visit.services.sign_in, half, visit.form.get("code", ""), source_of(visit))
    except NotSignedIn as error:
        if str(error) == staff.TOO_LATE:
            return password_page(visit, str(error), visit.form.get("next", ""), status_of(error))
        return _code_page(visit, half, str(error), status_of(error))
    return await enter(visit, token, safe_path(visit.form.get("next", "")))


async def enter(visit: Visit, token: str, path: str, news: str = "") -> Response:
    """Give the browser the token of a session that begins; one that it had before ends."""
    await _end_session(visit)
    return sessions.set_cookie(visit.services, visit.go(path, news), token)


async def sign_out(visit: Visit) -> Response:
    """Sign somebody out here; a form may name the page that they want to see once they have signed in again."""
    await _end_session(visit)
    after = visit.form.get("next")
    go = visit.go(f"{SIGN_IN}?next={quote(safe_path(after))}" if after else f"{SIGN_IN}?news=signed_out")
    return sessions.delete_cookie(visit.services, go)


async def ask_for_link(visit: Visit) -> Response:
    """Show the page for those who forgot their password."""
    return visit.page("forgotten.html", error="", can_send=visit.services.post.can_send)


async def send_link(visit: Visit) -> Response:
    """Send a link, and say the same whether there is such an account or not."""
    if not visit.services.post.can_send:
        return await ask_for_link(visit)
    try:
        found = await account_links.ask_for_link(visit.services.sign_in, visit.form.get("email", ""), source_of(visit))
    except TooManyTries as error:
        return visit.page("forgotten.html", status_of(error), error=str(error), can_send=True)
    if found and found[0].email:
        letter = letters.forgotten(found[0], f"{visit.services.origin}{found[1]}")
        visit.services.post.send_later(letter, visit.now)
    return visit.page("link_sent.html")


def safe_path(path: str) -> str:
    """Return a page of ours to go on to: that one, or Today if it is none.

    >>> safe_path("/console/callbacks/3f2a"), safe_path("//evil.example"), safe_path("/console//evil"), safe_path("")
    ('/console/callbacks/3f2a', '/console', '/console', '/console')
    """
    is_ours = path == TODAY or path.startswith(f"{TODAY}/")
    return path if is_ours and path.isprintable() and "//" not in path and "\\" not in path else TODAY


def status_of(error: IvrError) -> int:
    """Return the HTTP status of a form that is shown again, and log that somebody is stopped who guesses."""
    if isinstance(error, TooManyTries):
        log.warning("console: too many tries to sign in from one address, or for one account with its password")
    return 503 if isinstance(error, Busy) else 429 if isinstance(error, TooManyTries) else 422


async def _end_session(visit: Visit) -> None:
    if visit.signed_in:
        async with visit.services.store.begin() as db:
            await staff.sign_out(db, visit.signed_in.session, visit.by)


def password_page(
    visit: Visit, error: str, after: str, status: int = 200, *, passkey_error: str = "", sso_error: str = ""
) -> Response:
    """Show the page to sign in on, with what is wrong beside the way in which somebody tried."""
    sso = visit.services.sso.provider if visit.services.sso else None
    errors = {"error": error, "passkey_error": passkey_error, "sso_error": sso_error}
    email = visit.form.get("email", "")
    return visit.page("sign_in.html", status, **errors, sso=sso, email=email, after=safe_path(after))


def _code_page(visit: Visit, half: str, error: str = "", status: int = 200) -> Response:
    return visit.page("code.html", status, error=error, half=half, after=safe_path(visit.form.get("next", "")))


PAGES: tuple[Page, ...] = (
    shown("/console/sign-in", None, ask_password),
    sent("/console/sign-in", None, take_password),
    sent("/console/sign-in/code", None, take_code),
    sent("/console/sign-out", Role.adviser, sign_out),
    shown("/console/forgotten", None, ask_for_link),
    sent("/console/forgotten", None, send_link),
)
