"""One text that came in: read, answered, done."""

from typing import Any

from starlette.responses import HTMLResponse, Response

from ivr.console import caller_number
from ivr.console.items import Action, actions, may_undo_others, typed, work_on
from ivr.console.page import Page, sent, shown
from ivr.console.visit import Visit
from ivr.helpline.gsm7 import room_left
from ivr.staff import incoming_texts as staff
from ivr.staff import outgoing_texts
from ivr.staff.accounts import Role
from ivr.staff.outgoing_texts import MOST_SEGMENTS
from ivr.store import notes

PATH = "/console/texts/{id}"


async def text(visit: Visit) -> Response:
    """Show a text."""
    return await _show(visit)


async def number(visit: Visit) -> Response:
    """Show the same with the number that it came from."""
    return await _show(visit, in_full=True)


async def _show(visit: Visit, refused: str = "", *, in_full: bool = False) -> Response:
    cipher = visit.services.store.cipher
    async with visit.services.store.begin() as db:
        found = await staff.look(db, cipher, visit.id, visit.by, number=in_full)
        about: dict[str, Any] = {
            "text": found,
            "number": caller_number.number_shown(visit, found.number, PATH.format(id=found.id), in_full=in_full),
            "words": staff.words_of(found),
            "notes": await notes.read(db, cipher, found.id),
            "answer": await outgoing_texts.state_of(db, cipher, found.answer),
        }
    written = visit.form.get("words", "")
    besides: dict[str, Any] = {"typed": typed(visit), "may_undo": may_undo_others(visit), "length": length_of(written)}
    return visit.page("text.html", refused=refused, **about, **besides)


async def length(visit: Visit) -> Response:
    """Tell how long an answer is while it is being written."""
    return HTMLResponse(length_of(visit.form.get("words", "")))


def length_of(words: str) -> str:
    """Return how long an answer is, in words.

    >>> length_of(""), length_of("a" * 150), length_of("a" * 161)
    ('', '10 characters left of 1 text', '145 characters left of 2 texts')
    """
    if not words.strip():
        return ""
    parts, left = room_left(outgoing_texts.as_sent(words))
    told = f"{left} characters left of {parts} text{'s' if parts > 1 else ''}"
    return told if parts <= MOST_SEGMENTS else f"{parts} texts: too long, {MOST_SEGMENTS} are the most"


DOING: dict[str, Action] = work_on(staff) | {
    "done": lambda db, cipher, visit: staff.done(db, cipher, visit.id, visit.by),
    "answer": lambda db, cipher, visit: staff.answer(
        db, cipher, visit.id, visit.form.get("words", ""), visit.services.texting, visit.by
    ),
}
PAGES: tuple[Page, ...] = (
    sent("/console/text-length", Role.adviser, length),
    shown(PATH, Role.adviser, text),
    caller_number.in_full(PATH, number),
    *actions(PATH, _show, DOING),
)
