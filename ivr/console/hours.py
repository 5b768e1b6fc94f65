"""Hours: when we are open, what closes us besides, and what every caller is told; managers change it."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from starlette.responses import Response

from ivr.console.page import Page, shown
from ivr.console.planned import ShowForm
from ivr.console.speech import Heard, heard
from ivr.console.visit import Visit
from ivr.engine.verbs import Say
from ivr.helpline.hours_format import WEEKDAYS, WeeklyHours, written_spans
from ivr.helpline.opening_hours_file import OpeningHoursFile
from ivr.helpline.timezone import LONDON, today_in_london
from ivr.staff import closures as staff_closures
from ivr.staff import hours as staff
from ivr.staff.accounts import Role
from ivr.store import closures, emergency_messages, one_off_holidays

HOURS = "/console/hours"
OPEN = "open"
SENTENCE = "helpline.hours"
"""The sentence with which callers hear hours."""


async def hours(visit: Visit) -> Response:
    """Show the page."""
    return await show_hours(visit)


async def show_hours(
    visit: Visit, section: str = "", errors: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    """Return the page; a form that was refused is that of its `section`, open, with what was typed and why."""
    helpline, today = visit.services.content(), today_in_london(visit.now)
    async with visit.services.store.read() as db:
        ours = await staff.read(db, helpline.ours, today)
        closed, holidays = await closures.read(db, visit.now), await one_off_holidays.read(db)
        emergency = await emergency_messages.read(db, visit.now)
    return visit.page(
        "hours.html",
        status,
        ours=ours,
        state=staff.state_of(ours.of_today, today) if ours.of_today else "",
        said=_said(visit, ours.of_today),
        closures=closed,
        reasons=staff_closures.reasons(helpline.flows),
        holidays=[one for one in holidays if one.day >= today],
        emergency=emergency,
        may_change=visit.account.role.includes(Role.manager),
        weekdays=WEEKDAYS,
        typed=_typed(visit, ours.of_today, today),
        section=section,
        errors=defaultdict(str, errors or {}),
        none_wrong=defaultdict(str),
    )


def of_section(section: str) -> ShowForm:
    """Return what shows the page again with a form of a section."""

    async def show(visit: Visit, errors: Mapping[str, str], status: int) -> Response:
        return await show_hours(visit, section, errors, status)

    return show


def _said(visit: Visit, ours: OpeningHoursFile | None) -> Heard | None:
    """Return our hours as callers hear them; None if they hear none."""
    if ours is None or not ours.can_be_said(today_in_london(visit.now)):
        return None
    return heard_week(visit, ours.weekly)


def heard_week(visit: Visit, weekly: WeeklyHours) -> Heard:
    """Return a week of hours as callers hear it."""
    helpline = visit.services.content()
    words, said = helpline.flows.words, helpline.words_of_week(weekly.week())
    whole = words.text(SENTENCE).format(hours=said) if SENTENCE in words else said
    return heard(visit, (Say((whole,), words.language.tag),))


def _typed(visit: Visit, ours: OpeningHoursFile | None, today: date) -> Mapping[str, str]:
    """Return what stands in the fields: what was typed, or else what is likely."""
    week = ours.weekly.week() if ours else {}
    likely = {name: written_spans(week.get(place, ())) for place, name in enumerate(WEEKDAYS)} | {
        "bank_holidays": ours.bank_holidays if ours else "closed",
        "until_day": today.isoformat(),
        "heard_day": today.isoformat(),
        "heard_time": f"{visit.now.astimezone(LONDON):%H:%M}",
    }
    return defaultdict(str, likely | dict(visit.request.query_params) | dict(visit.form))


PAGES: tuple[Page, ...] = (shown(HOURS, Role.adviser, hours),)
