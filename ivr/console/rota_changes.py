"""The forms of the rota: each shows what it does before it is saved. A manager's, every one."""

from collections.abc import Callable
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from ivr.console.page import Page, sent
from ivr.console.rota import ONE, ROTA, adviser_page, week_page
from ivr.console.rota_form import ticked_weekdays, typed_number, typed_period, typed_week
from ivr.console.rota_preview import Question, ask_first
from ivr.console.visit import Visit
from ivr.errors import InvalidInput
from ivr.staff import rota as staff
from ivr.staff import rota_days
from ivr.staff.accounts import Role
from ivr.staff.lookup import NoSuchItem
from ivr.staff.trial import Change
from ivr.staff.typed_hours import USUAL, parse_typed_hours
from ivr.store import absences, rota
from ivr.store.cipher import Cipher

Read = Callable[[Visit, str], Change[object]]
"""Returns what a form asks for of the adviser of a name; raises InvalidInput for what cannot be."""


def changes(form: str, read: Read, question: Callable[[str], Question] = lambda _: Question()) -> Page:
    """Return the page to which a form of an adviser's page is sent."""

    async def answer(visit: Visit) -> Response:
        name = await _name(visit)
        where = ROTA if form == "remove" else ONE.replace("{id}", visit.id)
        return await ask_first(
            visit, lambda visit: read(visit, name), partial(adviser_page, visit, form), where, question(name)
        )

    return sent(f"{ONE}/{form}", Role.manager, answer)


async def add(visit: Visit) -> Response:
    """Put somebody on the rota."""
    return await ask_first(visit, _add, partial(week_page, visit), ROTA)


async def free(visit: Visit) -> Response:
    """Have somebody rung again who is shown as engaged and is not."""
    name = await _name(visit)
    if "sure" not in visit.form:
        return await adviser_page(visit, "free", "Tick that they are on no call: they would be rung while they talk.")
    async with visit.services.store.begin() as db:
        _, calls = await staff.free(db, visit.services.store.cipher, name, visit.by)
    return visit.go(ONE.replace("{id}", visit.id), "free" if calls else "not_engaged")


async def _name(visit: Visit) -> str:
    async with visit.services.store.read() as db:
        everybody = await rota.read(db, visit.services.store.cipher)
    found = next((one.name for one in everybody if one.id == visit.id), None)
    if found is None:
        raise NoSuchItem("Nobody of that id is on the rota. They may have been taken off it.")
    return found


def _add(visit: Visit) -> Change[object]:
    number, name = typed_number(visit.form), visit.form.get("name", "")
    week, ours, by = typed_week(visit.form), visit.services.own_numbers, visit.by

    async def change(db: AsyncConnection, cipher: Cipher) -> None:
        added = await staff.add(db, cipher, name, number, by, ours)
        if any(week.values()):
            await rota.set_week(db, added.name, week, by)

    return change


def _number(visit: Visit, name: str) -> Change[object]:
    number, ours = typed_number(visit.form), visit.services.own_numbers
    return lambda db, cipher: staff.set_number(db, cipher, name, number, visit.by, ours)


def _shifts(visit: Visit, name: str) -> Change[object]:
    week, by = typed_week(visit.form), visit.by
    if not any(week.values()):
        raise InvalidInput("Write hours for one day at least. Whoever is never there is away, or off the rota.")
    return lambda db, _: rota.set_week(db, name, week, by)


def _always(visit: Visit, name: str) -> Change[object]:
    return lambda db, _: rota.forget_shifts(db, name, visit.by)


def _days(visit: Visit, name: str) -> Change[object]:
    first, last = typed_period(visit.form)
    hours = visit.form.get("hours", "")
    if not hours:
        raise InvalidInput("Write the hours, such as 09:00-12:30; or off, or usual.")
    spans = None if hours.lower() == USUAL else parse_typed_hours(hours)
    weekdays, why, by = ticked_weekdays(visit.form), visit.form.get("why", ""), visit.by
    return lambda db, _: rota_days.set_period(db, name, first, last, spans, by, why, weekdays)


def _absent(visit: Visit, name: str) -> Change[object]:
    first, last = typed_period(visit.form)
    return lambda db, _: rota_days.add_absence(db, name, first, last, visit.by)


def _present(visit: Visit, name: str) -> Change[object]:
    return lambda db, _: absences.remove(db, name, visit.form.get("absence", ""), visit.by)


def _away(visit: Visit, name: str) -> Change[object]:
    return lambda db, _: rota.set_away(db, name, True, visit.by)


def _back(visit: Visit, name: str) -> Change[object]:
    return lambda db, _: rota.set_away(db, name, False, visit.by)


def _order(visit: Visit, name: str) -> Change[object]:
    return lambda db, _: rota.move(db, name, visit.by, earlier=visit.form.get("to") != "later")


def _remove(visit: Visit, name: str) -> Change[object]:
    return lambda db, _: rota.remove(db, name, visit.by)


def _removes(name: str) -> Question:
    return Question(f"Take {name} off the rota", "Their number, their shifts and their absences are deleted.")


PAGES: tuple[Page, ...] = (
    sent(ROTA, Role.manager, add),
    changes("number", _number),
    changes("week", _shifts),
    changes("always", _always),
    changes("days", _days),
    changes("absent", _absent),
    changes("present", _present),
    changes("away", _away),
    changes("back", _back),
    changes("order", _order),
    changes("remove", _remove, _removes),
    sent(f"{ONE}/free", Role.manager, free),
)
