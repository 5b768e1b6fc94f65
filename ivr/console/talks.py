"""The last talks, and one of them, after which a text can be sent."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from ivr.console import caller_number, letter, written
from ivr.console.items import Action, actions, typed
from ivr.console.page import Page, shown
from ivr.console.visit import Visit
from ivr.staff import talks as staff
from ivr.staff.accounts import Role
from ivr.staff.written_texts import WrittenText
from ivr.store import notes
from ivr.store.cipher import Cipher
from ivr.store.item_kinds import ItemKind
from ivr.store.talk_list import Talk

PATH = "/console/talks/{id}"


async def talks(visit: Visit) -> Response:
    """Show the last talks."""
    services = visit.services
    async with services.store.read() as db:
        page = await staff.read(db, services.store.cipher, services.advisers, visit.page_number)
    return visit.page("talks.html", page=page, outcomes=OUTCOMES)


async def talk(visit: Visit) -> Response:
    """Show one talk."""
    return await _show(visit)


async def number(visit: Visit) -> Response:
    """Show the same with the caller's number."""
    return await _show(visit, in_full=True)


async def _show(visit: Visit, refused: str = "", *, in_full: bool = False) -> Response:
    cipher = visit.services.store.cipher
    async with visit.services.store.begin() as db:
        found = await staff.look(db, cipher, visit.services.advisers, visit.id, visit.by, number=in_full)
        texts = await _texts(db, visit, found) if found.number else []
        about: dict[str, Any] = {
            "talk": found,
            "number": caller_number.number_shown(visit, found.number or "", PATH.format(id=found.id), in_full=in_full),
            "notes": await notes.read(db, cipher, found.id),
            "texts": texts,
            "letter": letter.address(found.topic, found.deadline, found.audience, f"talk {found.id[:8]}"),
            "sent": await staff.sent(db, cipher, ItemKind.talk, found.id, texts),
        }
    return visit.page("talk.html", refused=refused, typed=typed(visit), outcomes=OUTCOMES, **about)


async def _texts(db: AsyncConnection, visit: Visit, found: Talk) -> list[WrittenText]:
    return await written.offered(db, visit, found.topic, found.deadline, found.audience)


async def _send(db: AsyncConnection, cipher: Cipher, visit: Visit) -> str:
    found = await staff.find(db, cipher, visit.services.advisers, visit.id)
    texts = await _texts(db, visit, found)
    return await written.send(db, cipher, visit, ItemKind.talk, found.id, found.number, texts)


async def _note(db: AsyncConnection, cipher: Cipher, visit: Visit) -> Talk:
    return await staff.note(db, cipher, visit.services.advisers, visit.id, visit.form.get("note", ""), visit.by)


OUTCOMES = {
    "talked": "they talked",
    "left": "the caller chose something else",
    "gone": "the caller rang off",
    "nobody": "nobody took the call",
    "busy": "nobody was free in time",
    "call_back": "the caller chose to be rung back",
    "message": "the caller chose to leave a message",
    "unheard": "the caller was not heard of any more",
    "": "being connected",
}
"""How a hunt ended, in words for staff; others are shown as they are."""
DOING: dict[str, Action] = {"note": _note, "send": _send}
PAGES: tuple[Page, ...] = (
    shown("/console/talks", Role.adviser, talks),
    shown(PATH, Role.adviser, talk),
    caller_number.in_full(PATH, number),
    *actions(PATH, _show, DOING),
)
