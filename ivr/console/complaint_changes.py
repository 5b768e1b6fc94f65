"""What is done about a complaint about data: each form leads back to its page."""

from collections.abc import Awaitable, Callable
from datetime import date
from enum import StrEnum
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from ivr.console.complaints import PATH, acknowledgement, show
from ivr.console.page import Handler, Page, sent
from ivr.console.visit import Visit
from ivr.errors import InvalidInput
from ivr.helpline.data_complaints import Means, Outcome
from ivr.helpline.date_format import parse_date
from ivr.staff import complaint_answers, data_complaints
from ivr.staff.accounts import Role
from ivr.staff.complaint_words import Written, WrongField
from ivr.staff.data_complaints import CannotChange
from ivr.staff.outgoing_texts import CannotText
from ivr.store.cipher import Cipher

Change = Callable[[AsyncConnection, Cipher, Visit], Awaitable[object]]
Chosen = TypeVar("Chosen", bound=StrEnum)


def changes(news: str, change: Change) -> Handler:
    """Return what answers a form: back to the page with a sentence of NEWS, or the page again with what is wrong."""

    async def answer(visit: Visit) -> Response:
        try:
            async with visit.services.store.begin() as db:
                await change(db, visit.services.store.cipher, visit)
        except WrongField as error:
            if error.field in visit.form:
                return await show(visit, wrong={error.field: str(error)}, status=422)
            return await show(visit, str(error), status=422)
        except (CannotChange, CannotText, InvalidInput) as error:
            return await show(visit, str(error), status=409)
        return visit.go(PATH.format(id=visit.id), news)

    return answer


def written(visit: Visit, number: str) -> Written:
    """Return what was written in a form about a complaint; without a number in it, with the one that we have."""
    form = visit.form
    named = form.get("name", ""), form.get("number", "").strip() or number
    return Written(form.get("body", ""), *named, form.get("contact", ""))


def day(visit: Visit, name: str) -> date:
    """Return the day in a field; raise WrongField."""
    found = parse_date(visit.form.get(name, ""))
    if found is None:
        raise WrongField(name, "Write a day such as 14/10/2026.")
    return found


def chosen(visit: Visit, name: str, kind: type[Chosen], says: str) -> Chosen:
    """Return what was chosen in a field; raise WrongField with what to do."""
    if (value := visit.form.get(name, "")) not in list(kind):
        raise WrongField(name, says)
    return kind(value)


async def _amend(db: AsyncConnection, cipher: Cipher, visit: Visit) -> object:
    found = await data_complaints.find(db, cipher, visit.id)
    return await data_complaints.amend(db, cipher, found.id, written(visit, found.number or ""), visit.by)


async def _note(db: AsyncConnection, cipher: Cipher, visit: Visit) -> object:
    return await data_complaints.note(db, cipher, visit.id, visit.form.get("note", ""), visit.by)


async def _acknowledge(db: AsyncConnection, cipher: Cipher, visit: Visit) -> object:
    await data_complaints.find(db, cipher, visit.id)
    how = chosen(visit, "how", Means, "Choose how they were told.")
    return await complaint_answers.acknowledge(db, cipher, visit.id, day(visit, "day"), how, visit.by)


async def _text(db: AsyncConnection, cipher: Cipher, visit: Visit) -> object:
    found = await data_complaints.find(db, cipher, visit.id)
    if not (words := await acknowledgement(db, visit, found)):
        raise CannotText("The prompts have no words for this text: acknowledge it in another way.")
    return await complaint_answers.acknowledge_by_text(db, cipher, found.id, words, visit.services.texting, visit.by)


async def _close(db: AsyncConnection, cipher: Cipher, visit: Visit) -> object:
    await data_complaints.find(db, cipher, visit.id)
    outcome = chosen(visit, "outcome", Outcome, "Choose what came of it: nothing is closed without an outcome.")
    how = chosen(visit, "told_by", Means, "Choose how they were told.")
    answer = visit.form.get("answer", "")
    return await complaint_answers.close(db, cipher, visit.id, outcome, answer, how, visit.by)


async def _reopen(db: AsyncConnection, cipher: Cipher, visit: Visit) -> object:
    return await complaint_answers.reopen(db, cipher, visit.id, visit.form.get("why", ""), visit.by)


PAGES: tuple[Page, ...] = (
    sent(f"{PATH}/amend", Role.adviser, changes("complaint_amended", _amend)),
    sent(f"{PATH}/note", Role.adviser, changes("note", _note)),
    sent(f"{PATH}/acknowledge", Role.manager, changes("complaint_acknowledged", _acknowledge)),
    sent(f"{PATH}/text", Role.manager, changes("complaint_text", _text)),
    sent(f"{PATH}/close", Role.manager, changes("complaint_closed", _close)),
    sent(f"{PATH}/reopen", Role.manager, changes("complaint_reopened", _reopen)),
)
