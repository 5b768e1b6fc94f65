"""The weekly hours: set from a day on, confirmed, taken back."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.console.hours import HOURS, OPEN, heard_week, of_section
from ivr.console.hours_form import day_in, day_in_address, day_or_none
from ivr.console.page import Page, sent
from ivr.console.planned import FormRefused, Planned, planned
from ivr.console.templates import day, week
from ivr.console.visit import Visit
from ivr.errors import InvalidInput
from ivr.helpline.hours_format import WEEKDAYS, WeeklyHours
from ivr.helpline.opening_hours_file import OpeningHoursFile
from ivr.helpline.staff_hours import StaffHours
from ivr.helpline.timezone import whole_day
from ivr.staff import hours as staff
from ivr.staff.accounts import Role
from ivr.staff.trial import Trial
from ivr.staff.typed_hours import parse_typed_hours
from ivr.store.cipher import Cipher

WEEK = f"{HOURS}/week"


async def set_week(visit: Visit) -> Planned[StaffHours]:
    """Plan other weekly hours."""
    weekly, starts = _weekly(visit.form), day_in(visit.form, "starts", "from which day they count")
    good_until = day_or_none(visit.form, "good_until")
    is_open = visit.form.get("bank_holidays") == OPEN

    async def change(db: AsyncConnection, cipher: Cipher) -> StaffHours:
        return await staff.set_week(db, starts, weekly, good_until, visit.by, on_bank_holidays=is_open)

    title, first = "Other hours, before they are saved", "Asked for our hours, callers hear"
    said = {first: heard_week(visit, weekly)} if any(weekly.week().values()) else {}
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
    starts = day_in_address(visit.id, "No hours start on that day.")

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
    return [f"{name}: {spans or 'closed'}" for name, spans in week(ours)]


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


PAGES: tuple[Page, ...] = (
    sent(WEEK, Role.manager, planned(set_week, of_section("week"), HOURS)),
    sent(f"{HOURS}/confirm", Role.manager, planned(confirm, of_section("confirm"), HOURS)),
    sent(f"{WEEK}/{{id}}/remove", Role.manager, planned(remove, of_section(""), HOURS)),
)
