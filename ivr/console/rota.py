"""The rota: a week with its gaps, and the page of each adviser. Everybody may look; a manager changes."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from starlette.responses import Response

from ivr.console import shift_sections
from ivr.console.call_words import closed_because
from ivr.console.items import typed
from ivr.console.page import Page, shown
from ivr.console.visit import Visit
from ivr.errors import InvalidInput
from ivr.helpline.hours_format import WEEKDAYS
from ivr.helpline.opening_hours import open_intervals
from ivr.helpline.rota import Adviser
from ivr.helpline.timezone import today_in_london
from ivr.helpline.weeks import WEEK, monday_of, week_name
from ivr.staff import rota as staff
from ivr.staff import rota_week
from ivr.staff.accounts import Role
from ivr.staff.lookup import NoSuchItem
from ivr.staff.rota import OnRota
from ivr.staff.rota_week import RotaWeek
from ivr.store import shift_overrides

ROTA = "/console/rota"
ONE = f"{ROTA}/{{id}}"
NEXT_SHIFTS = 10
"""How many of their next shifts the page of an adviser shows."""


async def week(visit: Visit) -> Response:
    """Show a week: this one, or the one that the address names."""
    return await week_page(visit)


async def week_page(visit: Visit, refused: str = "") -> Response:
    """Show a week; with what was written, and why it was `refused`, of somebody to be put on the rota."""
    today, wrong = today_in_london(visit.now), ""
    try:
        monday = monday_of(visit.query("week"), today)
    except InvalidInput as error:
        monday, wrong = monday_of("", today), str(error)
    services = visit.services
    async with services.store.read() as db:
        hours = services.content().hours
        found = await rota_week.read(db, services.store.cipher, hours, services.advisers, monday)
    return visit.page("rota.html", 422 if refused or wrong else 200, wrong=wrong, **_shown(visit, found, refused))


def _shown(visit: Visit, found: RotaWeek, refused: str) -> Mapping[str, Any]:
    flows = visit.services.content().flows
    return {
        "week": found,
        "names": {name: week_name(found.first + weeks * WEEK) for name, weeks in (("last", -1), ("next", 1))},
        "day_now": today_in_london(visit.now),
        "closed_because": lambda reason: closed_because(flows, reason),
        "may_change": may_change(visit),
        "refused": refused,
        "typed": typed(visit),
        "weekdays": WEEKDAYS,
    }


async def adviser(visit: Visit) -> Response:
    """Show an adviser."""
    return await adviser_page(visit)


async def adviser_page(visit: Visit, form: str = "", refused: str = "") -> Response:
    """Show an adviser; with what was written in a `form`, by its name, and why it was `refused`."""
    services, cipher = visit.services, visit.services.store.cipher
    async with services.store.read() as db:
        everybody = await staff.read(db, cipher, services.unanswered, visit.now)
        overrides = await shift_overrides.read(db)
        one = _of_id(everybody, visit.id)
        own = await shift_sections.read(db, visit, one.adviser)
    today = today_in_london(visit.now)
    days = {day: override for day, override in overrides.get(one.adviser.id, {}).items() if day >= today}
    return visit.page(
        "rota_adviser.html",
        422 if refused else 200,
        one=one,
        adviser=one.adviser,
        place=everybody.index(one) + 1,
        size=len(everybody),
        days=sorted(days.items()),
        absences=[absence for absence in one.adviser.absences if absence.last >= today],
        shifts=_next_shifts(visit, one.adviser),
        typed_week=_typed_week(visit, one.adviser, form),
        weekdays=WEEKDAYS,
        may_change=may_change(visit),
        form=form,
        refused=refused,
        typed=typed(visit),
        day_now=today,
        own=own,
    )


def may_change(visit: Visit) -> bool:
    """Return whether somebody may change the rota."""
    return visit.account.role.includes(Role.manager)


def _of_id(everybody: tuple[OnRota, ...], id: str) -> OnRota:
    found = next((one for one in everybody if one.adviser.id == id), None)
    if found is None:
        raise NoSuchItem("Nobody of that id is on the rota. They may have been taken off it.")
    return found


def _next_shifts(visit: Visit, adviser: Adviser) -> list[tuple[Any, Any]]:
    return list(islice(open_intervals(adviser.shifts, visit.now), NEXT_SHIFTS))


def _typed_week(visit: Visit, adviser: Adviser, form: str) -> Mapping[str, str]:
    """Return the hours of each weekday, as they are or as they were written."""
    if form == "week":
        return typed(visit)
    return {name: " ".join(map(str, (adviser.week or {}).get(day, ()))) for day, name in enumerate(WEEKDAYS)}


PAGES: tuple[Page, ...] = (shown(ROTA, Role.adviser, week), shown(ONE, Role.adviser, adviser))
