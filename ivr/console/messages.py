"""One message: heard, claimed, noted, done."""

from typing import Any

from starlette.responses import Response

from ivr.console import caller_number, sound
from ivr.console.items import Action, actions, may_undo_others, typed, work_on
from ivr.console.page import Page, shown
from ivr.console.visit import Visit
from ivr.staff import voicemails as staff
from ivr.staff.accounts import Role
from ivr.store import notes
from ivr.store.voicemail_list import Voicemail

PATH = "/console/messages/{id}"


async def message(visit: Visit) -> Response:
    """Show a message."""
    return await _show(visit)


async def number(visit: Visit) -> Response:
    """Show the same with the number that it came from."""
    return await _show(visit, in_full=True)


async def _show(visit: Visit, refused: str = "", *, in_full: bool = False) -> Response:
    cipher = visit.services.store.cipher
    async with visit.services.store.begin() as db:
        found = await staff.look(db, cipher, visit.id, visit.by, number=in_full)
        noted = await notes.read(db, cipher, found.id)
    about: dict[str, Any] = {"message": found, "notes": noted, "why_not_here": staff.why_not_here(found)}
    about["number"] = caller_number.number_shown(visit, found.number, PATH.format(id=found.id), in_full=in_full)
    about["at_telephone"] = _typed_at_telephone(visit, found)
    return visit.page("message.html", refused=refused, typed=typed(visit), may_undo=may_undo_others(visit), **about)


def _typed_at_telephone(visit: Visit, message: Voicemail) -> str:
    """Return what was typed at the simulated telephone for a message; nothing where there is none."""
    simulation = visit.services.simulation
    return simulation.typed(message.recording) if simulation and message.recording else ""


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
    caller_number.in_full(PATH, number),
    shown(f"{PATH}/sound", Role.adviser, audio),
    *actions(PATH, _show, DOING),
)
