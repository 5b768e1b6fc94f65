"""The page on which somebody sets up another app for codes, such as on a new telephone, and what an app reads."""

from dataclasses import dataclass, field

import segno
from markupsafe import Markup
from starlette.responses import Response

from ivr.console.me import ME, tell_owner, who_is_here
from ivr.console.page import Page, sent, shown
from ivr.console.passwords import Busy
from ivr.console.sign_in import status_of
from ivr.console.source import source_of
from ivr.console.visit import Visit
from ivr.staff import second_factor as staff
from ivr.staff import totp
from ivr.staff.accounts import Account, Role
from ivr.staff.sign_in import TOO_OLD, NotSignedIn

APP = f"{ME}/app"


@dataclass(frozen=True)
class AppToSetUp:
    """What an app for codes is told: a QR code, an address that opens it on the same telephone, and the key to type."""

    qr: Markup = field(repr=False)
    address: str = field(repr=False)
    key: str = field(repr=False)


def app_to_set_up(secret: str, account: Account) -> AppToSetUp:
    """Return what an app is told for a secret (base32)."""
    address = totp.setup_address(secret, account.email or account.name)
    return AppToSetUp(_qr(address), address, " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)))


async def ask(visit: Visit) -> Response:
    """Show the page, with a key of its own."""
    return _page(visit, await staff.begin(visit.services.sign_in, visit.account, visit.now))


async def change(visit: Visit) -> Response:
    """Have the new app count, if the password and its code are right."""
    signed_in, form = who_is_here(visit), visit.form
    token, password, code = form.get("token", ""), form.get("password", ""), form.get("code", "")
    try:
        about = signed_in.account, signed_in.session, token, password, code, source_of(visit)
        await staff.change_app(visit.services.sign_in, *about)
    except (NotSignedIn, Busy) as error:
        if str(error) == TOO_OLD:
            token = await staff.begin(visit.services.sign_in, visit.account, visit.now)
        return _page(visit, token, str(error), status_of(error))
    tell_owner(visit, "Another app for codes was set up for your account; the one before counts no more.")
    return visit.go(ME, "app_changed")


def _page(visit: Visit, token: str, error: str = "", status: int = 200) -> Response:
    secret = visit.services.sign_in.tokens.totp_secret(token)
    return visit.page("app_for_codes.html", status, token=token, app=app_to_set_up(secret, visit.account), error=error)


def _qr(text: str) -> Markup:
    """Return a QR code as a drawing in the page: the policy lets no picture in from a `data:` address."""
    drawn = segno.make_qr(text).svg_inline(scale=4, border=4, omitsize=True, title="QR code for the app")
    return Markup(drawn)  # noqa: S704  drawn from squares


PAGES: tuple[Page, ...] = (
    shown(APP, Role.adviser, ask),
    sent(APP, Role.adviser, change),
)
