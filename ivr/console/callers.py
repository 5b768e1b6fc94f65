"""One caller, looked up by number: all that is kept of them, and whether they are texted.

The number comes in a form and stands sealed in the address of the page, which is good for an hour.
"""

from typing import Any

from starlette.responses import Response

from ivr.console import caller_number, letter
from ivr.console.caller_number import CALLER, number_in, page_of
from ivr.console.history import entry_shown
from ivr.console.items import typed
from ivr.console.page import Page, sent, shown
from ivr.console.visit import Visit
from ivr.errors import InvalidInput
from ivr.staff import blocks as staff_blocks
from ivr.staff import callers as staff
from ivr.staff import opt_outs
from ivr.staff.accounts import Role
from ivr.staff.opt_outs import HELD_BY_THE_PROVIDER

CALLERS = "/console/callers"


async def callers(visit: Visit) -> Response:
    """Ask for a number."""
    return visit.page("callers.html", wanted="", error="")


async def find(visit: Visit) -> Response:
    """Lead to the page of a number, which is told to the audit log there."""
    wanted = visit.form.get("number", "")
    try:
        number = staff.number_of(wanted)
    except InvalidInput as error:
        return visit.page("callers.html", 422, wanted=wanted, error=str(error))
    return visit.go(page_of(visit, number))


async def caller(visit: Visit) -> Response:
    """Show all that is kept of a caller."""
    return await show(visit)


async def number(visit: Visit) -> Response:
    """Show the same with the whole number."""
    return await show(visit, in_full=True)


async def opt_out(visit: Visit) -> Response:
    """Have a caller texted no more."""
    async with visit.services.store.begin() as db:
        await opt_outs.opt_out(db, visit.services.store.cipher, number_in(visit), visit.by)
    return visit.go(path(visit), "opted_out")


async def opt_in(visit: Visit) -> Response:
    """Have a caller texted again who asked for it."""
    if visit.form.get("asked") != "yes":
        return await show(visit, "Tick that the owner of this number has asked to be texted again.", status=422)
    try:
        async with visit.services.store.begin() as db:
            await opt_outs.lift(db, visit.services.store.cipher, number_in(visit), visit.by)
    except opt_outs.CannotLift as error:
        return await show(visit, str(error), status=409)
    return visit.go(path(visit), "opted_in")


async def show(visit: Visit, error: str = "", *, in_full: bool = False, status: int = 200) -> Response:
    """Return the page of a caller, with an error of one of its forms."""
    wanted, cipher = number_in(visit), visit.services.store.cipher
    async with visit.services.store.begin() as db:
        found = await staff.look_up(db, cipher, wanted, visit.by, number=in_full)
    block = found.block
    about: dict[str, Any] = {
        "caller": found,
        "entries": [entry_shown(entry) for entry in found.history],
        "number": caller_number.number_shown(visit, wanted, path(visit), in_full=in_full, is_own_page=True),
        "path": path(visit),
        "letter": letter.address(*found.told),
        "blocked_until": staff_blocks.last_day(block) if block else None,
        "presets": staff_blocks.PRESETS,
        "held_by_the_provider": HELD_BY_THE_PROVIDER,
        "is_manager": visit.account.role.includes(Role.manager),
    }
    return visit.page("caller.html", status, error=error, typed=typed(visit), **about)


def path(visit: Visit) -> str:
    """Return the address of the caller's page that this one belongs to."""
    return CALLER.format(**visit.request.path_params)


PAGES: tuple[Page, ...] = (
    shown(CALLERS, Role.adviser, callers),
    sent(CALLERS, Role.adviser, find),
    shown(CALLER, Role.adviser, caller),
    caller_number.in_full(CALLER, number),
    sent(f"{CALLER}/opt-out", Role.adviser, opt_out),
    sent(f"{CALLER}/opt-in", Role.adviser, opt_in),
)
