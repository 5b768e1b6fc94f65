"""The page that a link leads to: a password is set, and the second factor, and somebody is signed in."""

from functools import partial

import segno
from markupsafe import Markup
from starlette.responses import Response

from ivr.console.page import Page, sent, shown
from ivr.console.passwords import Busy
from ivr.console.sign_in import TODAY, enter, status_of
from ivr.console.source import source_of
from ivr.console.visit import Visit
from ivr.errors import AccountRefused
from ivr.staff import account_links as staff
from ivr.staff import totp
from ivr.staff.account_links import Link, LinkRefused
from ivr.staff.password_rules import SHORTEST
from ivr.staff.sign_in import NotSignedIn
from ivr.tokens import Purpose


async def open_link(visit: Visit, purpose: Purpose) -> Response:
    """Show the page, or that the link works no more."""
    try:
        link = await staff.open_link(visit.services.sign_in, purpose, _token(visit), visit.now)
    except LinkRefused as error:
        return visit.page("link_over.html", 410, says=str(error))
    return _page(visit, purpose, link)


async def use_link(visit: Visit, purpose: Purpose) -> Response:
    """Set what was chosen, and sign somebody in."""
    sign_in, token = visit.services.sign_in, _token(visit)
    password, code = visit.form.get("password", ""), visit.form.get("code", "")
    try:
        link = await staff.open_link(sign_in, purpose, token, visit.now)
        session = await staff.with_link(sign_in, purpose, token, password, code, source_of(visit))
    except LinkRefused as error:
        return visit.page("link_over.html", 410, says=str(error))
    except AccountRefused as error:
        return _page(visit, purpose, link, password_error=str(error), status=422)
    except (NotSignedIn, Busy) as error:
        return _page(visit, purpose, link, code_error=str(error), status=status_of(error))
    return await enter(visit, session, TODAY, "welcome")


def _page(
    visit: Visit, purpose: Purpose, link: Link, *, password_error: str = "", code_error: str = "", status: int = 200
) -> Response:
    setup = totp.setup_address(link.totp, link.account.email or link.account.name)
    return visit.page(
        "link.html",
        status,
        link=link,
        purpose=purpose,
        path=visit.request.scope["path"],
        shortest=SHORTEST,
        setup=setup,
        qr=_qr(setup) if link.is_new else None,
        groups=" ".join(link.totp[start : start + 4] for start in range(0, len(link.totp), 4)),
        password_error=password_error,
        code_error=code_error,
    )


def _token(visit: Visit) -> str:
    return str(visit.request.path_params["token"])


def _qr(text: str) -> Markup:
    """Return a QR code as a drawing in the page: the policy lets no picture in from a `data:` address."""
    drawn = segno.make_qr(text).svg_inline(scale=4, border=4, omitsize=True, title="QR code for the app")
    return Markup(drawn)  # noqa: S704  drawn from squares


def _pages(purpose: Purpose) -> tuple[Page, Page]:
    path = f"/console/{purpose}/{{token}}"
    return shown(path, None, partial(open_link, purpose=purpose)), sent(path, None, partial(use_link, purpose=purpose))


PAGES: tuple[Page, ...] = (*_pages(Purpose.invitation), *_pages(Purpose.reset))
