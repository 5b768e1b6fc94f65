"""In development (`IVR_DEV=1`, on this machine only) one enters as somebody made up, of any role, with one click."""

from datetime import datetime

from starlette.responses import Response

from ivr.console.page import Page, sent, shown
from ivr.console.sessions import DEV_COOKIE
from ivr.console.visit import Visit
from ivr.staff.accounts import AccountState, Role
from ivr.staff.lookup import NoSuchItem
from ivr.store import accounts, staff_sessions
from ivr.store.database import Store

NAMES = {Role.adviser: "Ann Adviser", Role.manager: "Max Manager", Role.administrator: "Ada Administrator"}


async def choose(visit: Visit) -> Response:
    """Show the roles."""
    _refuse_in_production(visit)
    return visit.page("dev_entry.html", names=NAMES)


async def enter(visit: Visit) -> Response:
    """Sign in as somebody of a role."""
    _refuse_in_production(visit)
    token = await begin_session(visit.services.store, visit.now, Role(visit.form.get("role", Role.adviser)))
    answer = visit.go("/console")
    answer.set_cookie(DEV_COOKIE, token, path="/", httponly=True, samesite="lax")
    return answer


async def begin_session(store: Store, now: datetime, role: Role) -> str:
    """Begin the session of somebody made up, and return its token."""
    name = NAMES[role]
    async with store.begin() as db:
        account = await accounts.by_name_or_email(db, store.cipher, name)
        if account is None:
            account = await accounts.add(db, store.cipher, name, f"{role}@helpline.example", role, now)
            await accounts.change(db, account.id, now, state=AccountState.active)
        return await staff_sessions.begin(db, account.id, "this machine", now)


def _refuse_in_production(visit: Visit) -> None:
    if not visit.services.dev:
        raise NoSuchItem("There is no such page.")


PAGES: tuple[Page, ...] = (
    shown("/console/enter", None, choose),
    sent("/console/enter", None, enter),
)
