"""One message: heard, claimed, noted, done."""

from typing import Any

from starlette.responses import Response

from ivr.console import sound
from ivr.console.items import Action, actions, may_undo_others, typed, work_on
from ivr.console.page import Page, shown
from ivr.console.visit import Visit
from ivr.staff import voicemails as staff
from ivr.staff.accounts import Role
from ivr.store import notes

PATH = "/console/messages/{id}"


async def message(visit: Visit) -> Response:
    """Show a message."""
    return await _show(visit)


async def _show(visit: Visit, refused: str = "") -> Response:
    cipher = visit.services.store.cipher
    async with visit.services.store.begin() as db:
        found = await staff.look(db, cipher, visit.id, visit.by)
        noted = await notes.read(db, cipher, found.id)
    about: dict[str, Any] = {"message": found, "notes": noted, "why_not_here": staff.why_not_here(found)}
    return visit.page("message.html", refused=refused, typed=typed(visit), may_undo=may_undo_others(visit), **about)


async def audio(visit: Visit) -> Response:
    """Play a message."""
    async with visit.services.store.begin() as db:
        found = await staff.sound(db, visit.services.store.cipher, visit.id, visit.by)
    return sound.answer(found, visit.request.headers)


DOING: dict[str, Action] = work_on(staff) | {
    "done": lambda db, cipher, visit: staff.done(db, cipher, visit.id, visit.by),
}
PAGES: tuple[Page, ...] = (
    shown(PATH, Role.adviser, message),
    shown(f"{PATH}/sound", Role.adviser, audio),
    *actions(PATH, _show, DOING),
)
