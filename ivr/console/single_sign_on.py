"""Signing in by single sign-on: to the identity provider, back from it with a code, and on to a page of ours.

What is begun travels in a sealed cookie, and is good once for ten minutes. Browsers send the cookie of a session only
with what begins on a page of ours (SameSite=Strict), so the way back ends on such a page, and no redirect.
"""

import logging
from datetime import timedelta
from hmac import compare_digest
from json import dumps, loads
from secrets import token_urlsafe
from typing import NamedTuple

from starlette.responses import RedirectResponse, Response

from ivr.console import sessions
from ivr.console.page import Page, shown
from ivr.console.services import SingleSignOn
from ivr.console.sign_in import SIGN_IN, TODAY, password_page, safe_path, status_of
from ivr.console.source import source_of
from ivr.console.visit import Visit
from ivr.errors import InvalidToken
from ivr.identity_provider import SingleSignOnFailed
from ivr.staff import single_sign_on as staff
from ivr.staff.lookup import NoSuchItem
from ivr.staff.sign_in import NotSignedIn, count_try, take_back, take_token
from ivr.store.failed_sign_ins import Kind

log = logging.getLogger(__name__)

START, RETURN = f"{SIGN_IN}/sso", f"{SIGN_IN}/sso/return"
LIFETIME = timedelta(minutes=10)
PURPOSE = "single sign-on"
RANDOM = 32
"""Bytes; as a code verifier, 43 characters: https://datatracker.ietf.org/doc/html/rfc7636#section-4.1"""
BEGIN_AGAIN = "That took longer than ten minutes, or was begun in another window. Please begin again."
DENIED = "{provider} did not let you in. Please ask whoever looks after accounts there."
UNTOLD = "{provider} could not sign you in. Please try again; if it stays so, tell an administrator."
SHOWN_OF_AN_ERROR = 100


class Begun(NamedTuple):
    """What was begun in a browser: `after` is the page of ours to go on to."""

    state: str
    nonce: str
    verifier: str
    after: str


async def start(visit: Visit) -> Response:
    """Send somebody to the identity provider."""
    sso, after = _configured(visit), safe_path(visit.query("next"))
    if visit.signed_in:
        return RedirectResponse(after, 303)
    begun = Begun(token_urlsafe(RANDOM), token_urlsafe(RANDOM), token_urlsafe(RANDOM), after)
    try:
        address = await sso.address(begun.state, begun.nonce, begun.verifier)
    except SingleSignOnFailed as error:
        log.error("single sign-on: %s", error.cause)
        return password_page(visit, "", after, 503, sso_error=str(error))
    token = visit.services.sign_in.sealed.close(dumps(begun).encode(), PURPOSE, visit.now + LIFETIME)
    return sessions.set_sso_cookie(visit.services, RedirectResponse(address, 303), token)


async def come_back(visit: Visit) -> Response:
    """Sign somebody in who comes back, and have a page of ours go on."""
    sso, token = _configured(visit), sessions.sso_token(visit.services, visit.request)
    if visit.signed_in:  # the page is loaded again: its address is good once
        return RedirectResponse(TODAY, 303)
    try:
        begun = _begun(visit, token)
        session = await _signed_in(visit, sso, begun, token)
    except NotSignedIn as error:
        return _refused(visit, str(error), status_of(error))
    except SingleSignOnFailed as error:
        log.error("single sign-on: %s", error.cause)
        return _refused(visit, str(error), 503)
    answer = visit.page("going_on.html", path=begun.after)
    return sessions.delete_sso_cookie(visit.services, sessions.set_cookie(visit.services, answer, session))


async def _signed_in(visit: Visit, sso: SingleSignOn, begun: Begun, token: str) -> str:
    by, source, provider = visit.services.sign_in, source_of(visit), sso.provider
    tried = await count_try(by, Kind.single_sign_on, "", source)
    await take_token(by, token, PURPOSE, NotSignedIn(BEGIN_AGAIN), visit.now)
    if error := visit.query("error"):
        raise _told(visit, provider.name, error)
    if visit.query("iss") not in ("", provider.issuer):  # https://datatracker.ietf.org/doc/html/rfc9207
        raise NotSignedIn(UNTOLD.format(provider=provider.name))
    identity = await sso.identity(visit.query("code"), begun.nonce, begun.verifier)
    session = await staff.sign_in(by, identity, provider.roles, provider.name, source)
    await take_back(by, tried)
    return session


def _begun(visit: Visit, token: str) -> Begun:
    """Return what was begun in this browser; raise NotSignedIn if that was nothing, or something else."""
    try:
        begun = Begun(*loads(visit.services.sign_in.sealed.open(token, PURPOSE, visit.now)))
    except InvalidToken:
        raise NotSignedIn(BEGIN_AGAIN) from None
    if not compare_digest(begun.state.encode(), visit.query("state").encode()):
        raise NotSignedIn(BEGIN_AGAIN)
    return begun


def _told(visit: Visit, provider: str, error: str) -> NotSignedIn:
    """Return what somebody is told of what the identity provider says went wrong (RFC 6749, 4.1.2.1), and log it."""
    code = visit.query("error_description").partition(" ")[0]  # such as AADSTS50105: what follows may name somebody
    said = f"{error} {code}"[:SHOWN_OF_AN_ERROR]
    log.warning("single sign-on: the identity provider of IVR_OIDC_ISSUER says: %s", said)
    return NotSignedIn((DENIED if error == "access_denied" else UNTOLD).format(provider=provider))


def _refused(visit: Visit, says: str, status: int) -> Response:
    """Show the page to sign in on; the cookie stays, as somebody may have begun in another window meanwhile."""
    return password_page(visit, "", "", status, sso_error=says)


def _configured(visit: Visit) -> SingleSignOn:
    if visit.services.sso is None:
        raise NoSuchItem("There is no such page.")
    return visit.services.sso


PAGES: tuple[Page, ...] = (
    shown(START, None, start),
    shown(RETURN, None, come_back),
)
