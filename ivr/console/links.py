"""The page that a link leads to: a password is set, and the second factor, and somebody is signed in."""

from functools import partial

from starlette.responses import Response

from ivr.console.app_for_codes import app_to_set_up
from ivr.console.page import Page, sent, shown
from ivr.console.passwords import Busy
from ivr.console.sign_in import TODAY, enter, status_of
from ivr.console.source import device_of, source_of
from ivr.console.visit import Visit
from ivr.errors import AccountRefused
from ivr.staff import account_links as staff
from ivr.staff.account_links import Link, LinkRefused
from ivr.staff.password_rules import SHORTEST
from ivr.staff.sign_in import NotSignedIn
from ivr.tokens import Purpose


async def open_link(visit: Visit, purpose: Purpose) -> Response:
    """Show the page, or that the link works no more."""
    try:
        link = await staff.open_link(visit.services.sign_in, purpose, link_token(visit), visit.now)
    except LinkRefused as error:
        return visit.page("link_over.html", 410, says=str(error))
    return link_page(visit, purpose, link)


async def use_link(visit: Visit, purpose: Purpose) -> Response:
    """Set what was chosen, and sign somebody in."""
    sign_in, token = visit.services.sign_in, link_token(visit)
    password, code = visit.form.get("password", ""), visit.form.get("code", "")
    try:
        link = await staff.open_link(sign_in, purpose, token, visit.now)
        session = await staff.with_link(sign_in, purpose, token, password, code, source_of(visit))
    except LinkRefused as error:
        return visit.page("link_over.html", 410, says=str(error))
    except AccountRefused as error:
        return link_page(visit, purpose, link, password_error=str(error), status=422)
    except (NotSignedIn, Busy) as error:
        return link_page(visit, purpose, link, code_error=str(error), status=status_of(error))
    return await enter(visit, session, TODAY, "welcome")


def link_page(visit: Visit, purpose: Purpose, link: Link, *, status: int = 200, **errors: str) -> Response:
    """Show the page, with what is wrong beside the field that it is about."""
    return visit.page(
        "link.html",
        status,
        link=link,
        purpose=purpose,
        path=f"/console/{purpose}/{link_token(visit)}",
        shortest=SHORTEST,
        app=app_to_set_up(link.totp, link.account) if link.is_new else None,
        device=device_of(visit.request.headers.get("user-agent", "")),
        errors=errors,
        form=visit.form,
    )


def link_token(visit: Visit) -> str:
    """Return the token in the address of a link."""
    return str(visit.request.path_params["token"])


def _pages(purpose: Purpose) -> tuple[Page, Page]:
    path = f"/console/{purpose}/{{token}}"
    return shown(path, None, partial(open_link, purpose=purpose)), sent(path, None, partial(use_link, purpose=purpose))


PAGES: tuple[Page, ...] = (*_pages(Purpose.invitation), *_pages(Purpose.reset))
