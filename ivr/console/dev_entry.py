"""In development (`IVR_DEV=1`, on this machine only) one enters as somebody made up, of any role, with one click."""

from starlette.responses import Response

from ivr.console.page import Page, sent, shown
from ivr.console.sessions import DEV_COOKIE
from ivr.console.visit import Visit
from ivr.staff.accounts import AccountState, Role
from ivr.staff.lookup import NoSuchItem
from ivr.store import accounts, staff_sessions

NAMES = {Role.adviser: "Ann Adviser", Role.manager: "Max Manager", Role.administrator: "Ada Administrator"}


async def choose(visit: Visit) -> Response:
    """Show the roles."""
    _refuse_in_production(visit)
    return visit.page("dev_entry.html", names=NAMES)


async def enter(visit: Visit) -> Response:
    """Sign in as somebody of a role."""
    _refuse_in_production(visit)
    role = Role(visit.form.get("role", Role.adviser))
    name, cipher = NAMES[role], visit.services.store.cipher
    async with visit.services.store.begin() as db:
        account = await accounts.by_name_or_email(db, cipher, name)
        if account is None:
            account = await accounts.add(db, cipher, name, f"{role}@helpline.example", role, visit.now)
            await accounts.change(db, account.id, visit.now, state=AccountState.active)
        token = await staff_sessions.begin(db, account.id, "this machine", visit.now)
    answer = visit.go("/console")
    answer.set_cookie(DEV_COOKIE, token, path="/", httponly=True, samesite="lax")
    return answer


def _refuse_in_production(visit: Visit) -> None:
    if not visit.services.dev:
        raise NoSuchItem("There is no such page.")


PAGES: tuple[Page, ...] = (
    shown("/console/enter", None, choose),
    sent("/console/enter", None, enter),
)
