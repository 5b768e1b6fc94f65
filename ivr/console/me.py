"""One's own account: where one is signed in and texted, one's passkeys, and another password."""

from starlette.responses import Response

from ivr.console.page import Page, sent, shown
from ivr.console.passwords import Busy
from ivr.console.sign_in import status_of
from ivr.console.source import device_of, source_of
from ivr.console.visit import SignedIn, Visit
from ivr.errors import AccountRefused, InvalidInput
from ivr.staff import accounts as staff
from ivr.staff import letters, sign_in
from ivr.staff import passkeys as staff_passkeys
from ivr.staff.accounts import Channel, Role
from ivr.staff.password_rules import SHORTEST
from ivr.staff.sign_in import NotSignedIn
from ivr.store import passkeys, staff_sessions

ME = "/console/me"


async def me(visit: Visit) -> Response:
    """Show the page."""
    return await own_page(visit)


async def change_password(visit: Visit) -> Response:
    """Change one's password; one's other sessions end."""
    signed_in, form = who_is_here(visit), visit.form
    try:
        await sign_in.change_password(
            visit.services.sign_in,
            signed_in.account,
            signed_in.session,
            form.get("old", ""),
            form.get("new", ""),
            source_of(visit),
        )
    except (NotSignedIn, Busy) as error:
        return await own_page(visit, status_of(error), old_error=str(error))
    except AccountRefused as error:
        return await own_page(visit, 422, new_error=str(error))
    tell_owner(visit, "The password of your account was changed.")
    return visit.go(ME, "password_changed")


async def set_mobile(visit: Visit) -> Response:
    """Set where one is texted about shifts."""
    try:
        async with visit.services.store.begin() as db:
            number = visit.form.get("mobile", "")
            await staff.set_mobile(db, visit.services.store.cipher, visit.account, number, visit.by)
    except InvalidInput as error:
        return await own_page(visit, 422, mobile_error=str(error))
    return visit.go(ME, "mobile_set" if number.strip() else "mobile_forgotten")


async def set_alerts(visit: Visit) -> Response:
    """Set how one is told what is wrong."""
    try:
        channel = Channel(visit.form.get("by", ""))
        async with visit.services.store.begin() as db:
            await staff.set_alerts_by(db, visit.services.store.cipher, visit.account, channel, visit.by)
    except (InvalidInput, ValueError) as error:
        says = str(error) if isinstance(error, InvalidInput) else "Choose one."
        return await own_page(visit, 422, alerts_error=says)
    return visit.go(ME, "alerts_off" if channel is Channel.none else "alerts_set")


async def end_others(visit: Visit) -> Response:
    """Sign oneself out everywhere else."""
    signed_in = who_is_here(visit)
    async with visit.services.store.begin() as db:
        await staff.end_sessions(db, signed_in.account, visit.by, but=signed_in.session)
    return visit.go(ME, "sessions_ended")


async def end_one(visit: Visit) -> Response:
    """Sign oneself out in one other place."""
    signed_in = who_is_here(visit)
    async with visit.services.store.begin() as db:
        await staff.end_session(db, signed_in.account, visit.id, visit.by)
    return visit.go(ME, "sessions_ended")


async def own_page(visit: Visit, status: int = 200, **errors: str) -> Response:
    """Show the page, with what is wrong beside the field that it is about."""
    signed_in = who_is_here(visit)
    async with visit.services.store.read() as db:
        found = await staff_sessions.of(db, signed_in.account, visit.now)
        theirs = await passkeys.of(db, signed_in.account.id)
    here = next((one for one in found if one.id == signed_in.session), None)
    return visit.page(
        "me.html",
        status,
        sessions=found,
        here=signed_in.session,
        passkeys=theirs,
        may_have=staff_passkeys.may_have(signed_in.account),
        may_add=staff_passkeys.may_add(signed_in.account, here, visit.now),
        device=device_of(visit.request.headers.get("user-agent", "")),
        shortest=SHORTEST,
        alert_channels=_channels(visit),
        sso=visit.services.sso.provider.name if visit.services.sso else "single sign-on",
        errors=errors,
        form=visit.form,
    )


def _channels(visit: Visit) -> dict[Channel, str]:
    """Return how one may be told what is wrong, in words."""
    account, services = visit.account, visit.services
    return {
        **({Channel.text: "By text, to your mobile"} if account.mobile else {}),
        **({Channel.email: "By e-mail"} if services.post.can_send and account.email else {}),
        Channel.none: "Not at all: I look at Today",
    }


def tell_owner(visit: Visit, what: str) -> None:
    """Send somebody an e-mail of a change in how they sign in: it may have been somebody else at their browser."""
    if visit.account.email:
        visit.services.post.send_later(letters.changed(visit.account, what), visit.now)


def who_is_here(visit: Visit) -> SignedIn:
    """Return who is signed in, and their session."""
    if visit.signed_in is None:
        raise RuntimeError("nobody is signed in on this page")
    return visit.signed_in


PAGES: tuple[Page, ...] = (
    shown(ME, Role.adviser, me),
    sent(f"{ME}/password", Role.adviser, change_password),
    sent(f"{ME}/mobile", Role.manager, set_mobile),
    sent(f"{ME}/alerts", Role.manager, set_alerts),
    sent(f"{ME}/sessions/end", Role.adviser, end_others),
    sent(f"{ME}/sessions/{{id}}/end", Role.adviser, end_one),
)
