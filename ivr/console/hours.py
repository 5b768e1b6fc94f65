"""Hours: when we are open, what closes us besides, and what every caller is told; managers change it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from ivr.console.hours_form import day_in, day_or_none
from ivr.console.page import Page, sent, shown
from ivr.console.planned import FormRefused, Planned, planned
from ivr.console.speech import Heard, heard
from ivr.console.templates import day
from ivr.console.visit import Visit
from ivr.engine.verbs import Say
from ivr.errors import InvalidInput
from ivr.helpline.hours_format import WEEKDAYS, WeeklyHours, written_spans
from ivr.helpline.opening_hours_file import OpeningHoursFile
from ivr.helpline.staff_hours import StaffHours
from ivr.helpline.timezone import LONDON, today_in_london, whole_day
from ivr.staff import closures as staff_closures
from ivr.staff import hours as staff
from ivr.staff.accounts import Role
from ivr.staff.lookup import NoSuchItem
from ivr.staff.trial import Trial
from ivr.staff.typed_hours import parse_typed_hours
from ivr.store import closures, emergency_messages, one_off_holidays
from ivr.store.cipher import Cipher

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
        today=today,
        typed=_typed(visit, ours.of_today, today),
        section=section,
        errors=defaultdict(str, errors or {}),
        none_wrong=defaultdict(str),
    )


def of_section(section: str) -> Any:
    """Return what shows the page again with a form of a section."""

    async def show(visit: Visit, errors: Mapping[str, str], status: int) -> Response:
        return await show_hours(visit, section, errors, status)

    return show


async def set_week(visit: Visit) -> Planned[StaffHours]:
    """Plan other weekly hours."""
    weekly, starts = _weekly(visit.form), day_in(visit.form, "starts", "from which day they count")
    good_until = day_or_none(visit.form, "good_until")
    is_open = visit.form.get("bank_holidays") == OPEN

    async def change(db: AsyncConnection, cipher: Cipher) -> StaffHours:
        return await staff.set_week(db, starts, weekly, good_until, visit.by, on_bank_holidays=is_open)

    title, first = "Other hours, before they are saved", "Asked for our hours, callers hear"
    said = {first: _heard_week(visit, weekly)} if any(weekly.week().values()) else {}
    warnings = list(staff.oddities(weekly))
    return Planned(title, change, _starts, _sets, "hours_set", warnings=warnings, said=said)


async def confirm(visit: Visit) -> Planned[StaffHours]:
    """Plan to confirm the hours of today."""
    of_file, good_until = visit.services.content().ours, day_or_none(visit.form, "good_until")

    async def change(db: AsyncConnection, cipher: Cipher) -> StaffHours:
        return await staff.confirm(db, of_file, good_until, visit.by)

    return Planned("The hours, before they are confirmed", change, lambda _: visit.now, _confirms, "hours_confirmed")


async def remove(visit: Visit) -> Planned[StaffHours]:
    """Plan to take hours back."""
    starts = _day_of(visit.id)

    async def change(db: AsyncConnection, cipher: Cipher) -> StaffHours:
        return await staff.remove(db, starts, visit.by)

    def does(trial: Trial[StaffHours]) -> Sequence[str]:
        return [f"The hours from {day(trial.done.starts)} on are taken back: those before them count on."]

    return Planned("The hours, before they are taken back", change, _starts, does, "hours_removed")


def _starts(made: StaffHours) -> datetime:
    return whole_day(made.starts)[0]


def _sets(trial: Trial[StaffHours]) -> Sequence[str]:
    made = trial.done
    after = next((one for one in trial.after.staff_hours if one.starts > made.starts), None)
    until = f", until other hours begin on {day(after.starts)}" if after else ""
    return [f"From {day(made.starts)} on{until}:", *_week_lines(made.ours)]


def _confirms(trial: Trial[StaffHours]) -> Sequence[str]:
    ours = trial.done.ours
    return [f"The hours stay as they are, and callers are told them until {day(ours.good_until)}.", *_days(ours)]


def _week_lines(ours: OpeningHoursFile) -> Sequence[str]:
    return [
        *_days(ours),
        f"On bank holidays we are {ours.bank_holidays}.",
        f"Callers are told these hours until {day(ours.good_until)}; by then somebody confirms them again.",
    ]


def _days(ours: OpeningHoursFile) -> Sequence[str]:
    week = ours.weekly.week()
    return [f"{name.title()}: {written_spans(week[place]) or 'closed'}" for place, name in enumerate(WEEKDAYS)]


def _said(visit: Visit, ours: OpeningHoursFile | None) -> Heard | None:
    """Return our hours as callers hear them; None if they hear none."""
    if ours is None or not ours.can_be_said(today_in_london(visit.now)):
        return None
    return _heard_week(visit, ours.weekly)


def _heard_week(visit: Visit, weekly: WeeklyHours) -> Heard:
    helpline = visit.services.content()
    words, said = helpline.flows.words, helpline.words_of_week(weekly.week())
    whole = words.text(SENTENCE).format(hours=said) if SENTENCE in words else said
    return heard(visit, (Say((whole,), words.language.tag),))


def _weekly(form: Mapping[str, str]) -> WeeklyHours:
    """Return the week of a form; raise FormRefused with every day that cannot be used."""
    days, errors = {}, {}
    for name in WEEKDAYS:
        try:
            days[name] = parse_typed_hours(form.get(name, ""))
        except InvalidInput as error:
            errors[name] = str(error)
    if errors:
        raise FormRefused(errors)
    return WeeklyHours(**days)


def _typed(visit: Visit, ours: OpeningHoursFile | None, today: date) -> Mapping[str, str]:
    """Return what stands in the fields: what was typed, or else what is likely."""
    week = ours.weekly.week() if ours else {}
    likely = {name: written_spans(week.get(place, ())) for place, name in enumerate(WEEKDAYS)} | {
        "bank_holidays": ours.bank_holidays if ours else "closed",
        "until_day": today.isoformat(),
        "heard_day": today.isoformat(),
        "heard_time": f"{visit.now.astimezone(LONDON):%H:%M}",
    }
    return defaultdict(str, likely | dict(visit.form))


def _day_of(id: str) -> date:
    try:
        return date.fromisoformat(id)
    except ValueError:
        raise NoSuchItem("No hours start on that day.") from None


WEEK = f"{HOURS}/week"
PAGES: tuple[Page, ...] = (
    shown(HOURS, Role.adviser, hours),
    sent(WEEK, Role.manager, planned(set_week, of_section("week"), HOURS)),
    sent(f"{HOURS}/confirm", Role.manager, planned(confirm, of_section("confirm"), HOURS)),
    sent(f"{WEEK}/{{id}}/remove", Role.manager, planned(remove, of_section(""), HOURS)),
)
