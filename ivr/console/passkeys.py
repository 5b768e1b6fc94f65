"""Signing in with a passkey, making one on the page of a link, and those of one's own account.

A browser first asks for what it is to do (JSON), and then brings back in a form what came of it (static/passkeys.js).
"""

import logging
from functools import partial
from secrets import token_bytes
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.responses import Response

from ivr.console.links import link_page, link_token
from ivr.console.me import ME, own_page, tell_owner, who_is_here
from ivr.console.page import Page, sent, shown
from ivr.console.sign_in import TODAY, enter, password_page, safe_path, status_of
from ivr.console.source import source_of
from ivr.console.visit import Visit
from ivr.errors import AccountRefused, IvrError
from ivr.staff import account_links
from ivr.staff import passkeys as staff
from ivr.staff.account_links import LinkRefused
from ivr.staff.accounts import Account, Role
from ivr.staff.passkeys import PasskeyRefused
from ivr.staff.sign_in import NotSignedIn
from ivr.store import passkeys, staff_sessions
from ivr.tokens import Purpose

if TYPE_CHECKING:
    from ivr.console.webauthn_ceremony import RelyingParty

log = logging.getLogger(__name__)

RANDOM = 16
"""Bytes of a challenge that nobody can guess: https://www.w3.org/TR/webauthn-3/#sctn-cryptographic-challenges"""
SIGN_IN = "/console/sign-in/passkey"
MINE = f"{ME}/passkeys"


async def ask_to_sign_in(visit: Visit) -> Response:
    """Return what a browser is asked to sign in with a passkey."""
    return _json(_party(visit).request(_challenge(visit)))


async def sign_in(visit: Visit) -> Response:
    """Sign somebody in with a passkey."""
    from ivr.console.webauthn_ceremony import read_answer

    after = safe_path(visit.form.get("next", ""))
    try:
        answer = read_answer(visit.form.get("passkey", ""))
        token = await staff.sign_in(visit.services.sign_in, _party(visit), answer, source_of(visit))
    except NotSignedIn as error:
        return password_page(visit, "", after, _status_of(error), passkey_error=str(error))
    return await enter(visit, token, after)


async def ask_to_make(visit: Visit) -> Response:
    """Return what a browser is asked to make a passkey for one's account."""
    return await _creation(visit, visit.account)


async def add(visit: Visit) -> Response:
    """Add a passkey to one's account."""
    from ivr.console.webauthn_ceremony import read_answer

    try:
        await _refuse_a_session_left_open(visit)
        answer = read_answer(visit.form.get("passkey", ""))
        name = visit.form.get("name", "")
        await staff.add(visit.services.sign_in, _party(visit), visit.account, name, answer, visit.now)
    except (NotSignedIn, AccountRefused) as error:
        return await own_page(visit, _status_of(error), passkey_error=str(error))
    tell_owner(visit, "A passkey was added to your account: it signs in without password and code.")
    return visit.go(ME, "passkey_added")


async def remove(visit: Visit) -> Response:
    """Remove a passkey from one's account."""
    try:
        async with visit.services.store.begin() as db:
            await staff.remove(db, visit.services.store.cipher, visit.account, visit.id, visit.by)
    except AccountRefused as error:
        return await own_page(visit, 422, passkey_error=str(error))
    return visit.go(ME, "passkey_removed")


async def ask_to_make_by_link(visit: Visit, purpose: Purpose) -> Response:
    """Return what a browser is asked to make a passkey for the account of a link."""
    link = await account_links.open_link(visit.services.sign_in, purpose, link_token(visit), visit.now)
    return await _creation(visit, link.account)


async def make_by_link(visit: Visit, purpose: Purpose) -> Response:
    """Make a passkey on the page of a link, instead of a password and an app for codes, and sign somebody in."""
    from ivr.console.webauthn_ceremony import read_answer

    by, token, form = visit.services.sign_in, link_token(visit), visit.form
    try:
        link = await account_links.open_link(by, purpose, token, visit.now)
        answer = read_answer(form.get("passkey", ""))
        name, source = form.get("name", ""), source_of(visit)
        session = await account_links.with_passkey(by, purpose, token, _party(visit), name, answer, source)
    except LinkRefused as error:
        return visit.page("link_over.html", 410, says=str(error))
    except (NotSignedIn, AccountRefused) as error:
        return link_page(visit, purpose, link, passkey_error=str(error), status=_status_of(error))
    return await enter(visit, session, TODAY, "welcome_passkey")


async def _creation(visit: Visit, account: Account) -> Response:
    async with visit.services.store.read() as db:
        known = await passkeys.of(db, account.id)
    return _json(_party(visit).creation(account, _challenge(visit, account.id), known))


async def _refuse_a_session_left_open(visit: Visit) -> None:
    async with visit.services.store.read() as db:
        theirs = await staff_sessions.of(db, visit.account, visit.now)
    here = next((one for one in theirs if one.id == who_is_here(visit).session), None)
    if not staff.may_add(visit.account, here, visit.now):
        raise AccountRefused(staff.NOT_FRESH)


def _challenge(visit: Visit, account: str = "") -> str:
    return staff.challenge(visit.services.sign_in, token_bytes(RANDOM), visit.now, account)


def _party(visit: Visit) -> "RelyingParty":
    """Return our pages as passkeys know them; in development they are wherever a browser of this machine finds them."""
    from ivr.console.webauthn_ceremony import RelyingParty

    origin = str(visit.request.base_url).rstrip("/") if visit.services.dev else visit.services.origin
    return RelyingParty(urlsplit(origin).hostname or "", origin)


def _json(text: str) -> Response:
    return Response(text, media_type="application/json")


def _status_of(error: IvrError) -> int:
    if isinstance(error, PasskeyRefused):
        log.warning("console: passkey refused: %s", error.__cause__ or error)
    return 422 if isinstance(error, AccountRefused) else status_of(error)


def _of_link(purpose: Purpose) -> tuple[Page, Page]:
    path = f"/console/{purpose}/{{token}}/passkey"
    asked = shown(f"{path}/options", None, partial(ask_to_make_by_link, purpose=purpose))
    return asked, sent(path, None, partial(make_by_link, purpose=purpose))


PAGES: tuple[Page, ...] = (
    shown(f"{SIGN_IN}/options", None, ask_to_sign_in),
    sent(SIGN_IN, None, sign_in),
    *_of_link(Purpose.invitation),
    *_of_link(Purpose.reset),
    shown(f"{MINE}/options", Role.adviser, ask_to_make),
    sent(MINE, Role.adviser, add),
    sent(f"{MINE}/{{id}}/remove", Role.adviser, remove),
)
