"""Swaps and covers: one adviser comes in the place of another. A manager's."""

from functools import partial

from starlette.responses import Response

from ivr.console.page import Page, sent, shown
from ivr.console.rota import ROTA
from ivr.console.rota_form import typed_day
from ivr.console.rota_preview import ask_first
from ivr.console.visit import Visit
from ivr.errors import InvalidInput
from ivr.staff import shift_swap
from ivr.staff.accounts import Role
from ivr.staff.trial import Change
from ivr.staff.typed_hours import parse_typed_hours
from ivr.store import rota

SWAP = f"{ROTA}/swap"


async def swap(visit: Visit) -> Response:
    """Show the form."""
    return await _page(visit, "")


async def swapped(visit: Visit) -> Response:
    """Swap two days, or have one covered."""
    return await ask_first(visit, _read, partial(_page, visit), ROTA)


async def _page(visit: Visit, refused: str) -> Response:
    async with visit.services.store.read() as db:
        advisers = await rota.read(db, visit.services.store.cipher)
    asked = {name: visit.query(name) for name in ("one", "day")}
    values = {**asked, **visit.form}
    return visit.page("rota_swap.html", 422 if refused else 200, advisers=advisers, refused=refused, values=values)


def _read(visit: Visit) -> Change[object]:
    form, by, hours = visit.form, visit.by, visit.services.content().hours
    one, other = form.get("one", ""), form.get("other", "")
    if not one or not other:
        raise InvalidInput("Choose who cannot come, and who comes instead.")
    day = typed_day(form, "day", "the day on which they cannot come")
    if form.get("back"):
        back = typed_day(form, "back", "the day that they take in return")
        if form.get("hours"):
            raise InvalidInput("In a swap both keep the hours of the day: write other hours for a cover only.")
        return lambda db, cipher: shift_swap.swap(db, cipher, hours, one, day, other, back, by)
    spans = parse_typed_hours(form["hours"]) if form.get("hours") else None
    return lambda db, cipher: shift_swap.cover(db, cipher, hours, one, day, other, by, spans)


PAGES: tuple[Page, ...] = (shown(SWAP, Role.manager, swap), sent(SWAP, Role.manager, swapped))
