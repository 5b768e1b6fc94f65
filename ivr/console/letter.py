"""A letter for post with what a caller was told: chosen here, printed by the browser, and kept nowhere."""

from datetime import date
from re import fullmatch
from urllib.parse import urlencode

from starlette.responses import Response

from ivr.console import written
from ivr.console.items import typed
from ivr.console.page import Page, sent, shown
from ivr.console.visit import Visit
from ivr.errors import InvalidInput
from ivr.helpline.date_format import parse_date
from ivr.helpline.timezone import today_in_london
from ivr.staff import posted_letter
from ivr.staff.accounts import Role
from ivr.staff.written_texts import WrittenText

LETTER = "/console/letter"
CHOSEN = "text "
"""How the name of the field of each text begins."""
OF = r"(callback|talk|message|text) [0-9a-f]{8}"


def address(topic: str, deadline: date | None, audience: str = "", of: str = "") -> str:
    """Return the address of the page on which a letter is written about something, such as “talk 3f2a1b2c”."""
    named = {"topic": topic, "deadline": str(deadline or ""), "audience": audience, "of": of}
    known = {name: value for name, value in named.items() if value}
    return f"{LETTER}?{urlencode(known)}" if known else LETTER


async def choose(visit: Visit) -> Response:
    """Ask what the letter is to tell, and to whom it goes."""
    about = {name: visit.query(name) for name in ("topic", "deadline", "audience", "of")}
    return await _form(visit, about)


async def write(visit: Visit) -> Response:
    """Show the letter, ready to be printed, and tell the audit log which texts it has."""
    form = {name: visit.form.get(name, "") for name in ("topic", "deadline", "audience", "of")}
    chosen = [name.removeprefix(CHOSEN) for name, value in visit.form.items() if name.startswith(CHOSEN) and value]
    try:
        texts = await _texts(visit, form)
        letter = posted_letter.write(
            visit.services.content(),
            texts,
            chosen,
            visit.services.number,
            today_in_london(visit.now),
            deadline=_deadline(form["deadline"]),
            audience=form["audience"],
            name=visit.form.get("name", ""),
            address=visit.form.get("address", ""),
        )
    except InvalidInput as error:
        return await _form(visit, form, str(error), 422)
    of = form["of"] if fullmatch(OF, form["of"]) else "a letter"
    names = [text.name for text in texts if text.name in chosen]
    async with visit.services.store.begin() as db:
        await posted_letter.tell(db, names, visit.by, of)
    return visit.page("letter.html", letter=letter, large=visit.form.get("large") == "yes")


async def _form(visit: Visit, about: dict[str, str], error: str = "", status: int = 200) -> Response:
    try:
        texts, wrong_day = await _texts(visit, about), ""
    except InvalidInput as wrong:
        texts, wrong_day = await _texts(visit, about | {"deadline": ""}), str(wrong)
    first = texts[0].name if texts and (about["topic"] or about["deadline"]) else ""
    return visit.page(
        "letter_form.html",
        422 if wrong_day else status,
        texts=texts,
        first=first,
        about=about,
        wrong_day=wrong_day,
        error="" if wrong_day else error,
        typed=typed(visit),
        chosen=CHOSEN,
    )


async def _texts(visit: Visit, about: dict[str, str]) -> list[WrittenText]:
    async with visit.services.store.read() as db:
        return await written.offered(db, visit, about["topic"], _deadline(about["deadline"]), about["audience"])


def _deadline(text: str) -> date | None:
    if not text:
        return None
    found = parse_date(text)
    if found is None or not 2000 <= found.year <= 2100:
        raise InvalidInput("Write the last day such as 14/12/2026, or leave it out.")
    return found


PAGES: tuple[Page, ...] = (
    shown(LETTER, Role.adviser, choose),
    sent(LETTER, Role.adviser, write),
)
