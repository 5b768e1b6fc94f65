"""Complaints about data: the list, one of them, and its letters."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from ivr.console import caller_number
from ivr.console.items import typed
from ivr.console.page import Page, shown
from ivr.console.visit import Visit
from ivr.console.written import environment_now
from ivr.helpline.data_complaints import Channel, Means, Outcome
from ivr.helpline.timezone import today_in_london
from ivr.staff import complaint_answers, complaint_text, outgoing_texts
from ivr.staff import data_complaints as staff
from ivr.staff.accounts import Role
from ivr.staff.lookup import NoSuchItem
from ivr.staff.outgoing_texts import CannotText
from ivr.store import data_complaints, notes
from ivr.store.data_complaints import DataComplaint

LIST = "/console/complaints"
PATH = f"{LIST}/{{id}}"
LETTERS = "acknowledgement", "answer"
CHANNELS = {
    Channel.telephone: "by telephone",
    Channel.text: "by text",
    Channel.email: "by e-mail",
    Channel.letter: "by letter",
    Channel.in_person: "in person",
}
MEANS = {
    Means.letter: "by letter",
    Means.email: "by e-mail",
    Means.telephone: "by telephone",
    Means.text: "by text",
}
OUTCOMES = {
    Outcome.upheld: "Upheld: they were right",
    Outcome.partly_upheld: "Partly upheld",
    Outcome.not_upheld: "Not upheld",
    Outcome.withdrawn: "Withdrawn by them",
}
WORDS: Mapping[str, Any] = {"channels": CHANNELS, "means": MEANS, "outcomes": OUTCOMES}


async def complaints(visit: Visit) -> Response:
    """Show the complaints that are open, or all; nobody's name stands there."""
    everything = visit.query("all") == "yes"
    async with visit.services.store.read() as db:
        found = await data_complaints.read(db, visit.services.store.cipher, everything=everything)
    return visit.page("complaints.html", complaints=found, everything=everything, today=_today(visit), **WORDS)


async def complaint(visit: Visit) -> Response:
    """Show one."""
    return await show(visit)


async def number(visit: Visit) -> Response:
    """Show the same with the whole number of whoever complains."""
    return await show(visit, in_full=True)


async def show(
    visit: Visit,
    refused: str = "",
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
    *,
    in_full: bool = False,
) -> Response:
    """Show one; `wrong` says by field what could not be taken of a form."""
    cipher = visit.services.store.cipher
    async with visit.services.store.begin() as db:
        found = await staff.look(db, cipher, visit.id, visit.by, number=in_full)
        path = PATH.format(id=found.id)
        about: dict[str, Any] = {
            "complaint": found,
            "number": caller_number.number_shown(visit, found.number, path, in_full=in_full),
            "standing": found.standing(_today(visit)),
            "notes": await notes.read(db, cipher, found.id),
            "text": await complaint_answers.text_of(db, cipher, found),
            "words": await acknowledgement(db, visit, found),
        }
    about |= {"why_no_text": _why_no_text(visit, found), "today": _today(visit), "is_manager": _is_manager(visit)}
    about |= {"refused": refused, "wrong": defaultdict(str, wrong or {}), "typed": typed(visit)}
    return visit.page("complaint.html", status, **about, **WORDS)


async def letter(visit: Visit) -> Response:
    """Show a letter of one, to be printed: that we have it, or our answer."""
    which = str(visit.request.path_params["letter"])
    async with visit.services.store.begin() as db:
        found = await staff.look(db, visit.services.store.cipher, visit.id, visit.by)
    if which not in LETTERS or (which == "answer" and found.is_open):
        raise NoSuchItem("There is no such letter of this complaint yet.")
    return visit.page(
        "complaint_letter.html", complaint=found, which=which, number=visit.services.number, today=_today(visit)
    )


async def acknowledgement(db: AsyncConnection, visit: Visit, found: DataComplaint) -> str:
    """Return the text with which a complaint can be acknowledged; "" where there are no words for it."""
    flows, environment = visit.services.content().flows, await environment_now(db, visit)
    return complaint_text.acknowledgement(flows, environment, found.received)


def _why_no_text(visit: Visit, found: DataComplaint) -> str:
    if found.number == "":
        return "We have no telephone number of theirs, so no text can be sent."
    try:
        outgoing_texts.check_number(found.number, visit.services.texting.destinations)
    except CannotText as error:
        return str(error)
    return ""


def _today(visit: Visit) -> date:
    return today_in_london(visit.now)


def _is_manager(visit: Visit) -> bool:
    return visit.account.role.includes(Role.manager)


PAGES: tuple[Page, ...] = (
    shown(LIST, Role.adviser, complaints),
    shown(PATH, Role.adviser, complaint),
    caller_number.in_full(PATH, number),
    shown(f"{PATH}/letter/{{letter}}", Role.manager, letter),
)
