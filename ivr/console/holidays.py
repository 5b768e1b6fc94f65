"""Bank holidays that no list has yet, and the reminders that come forward with them."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.console.hours import HOURS, of_section
from ivr.console.hours_form import day_in, day_in_address
from ivr.console.page import Page, sent
from ivr.console.planned import FormRefused, Planned, planned
from ivr.console.templates import day
from ivr.console.visit import Visit
from ivr.engine.environment import OneOffHoliday
from ivr.helpline.timezone import whole_day
from ivr.staff import holidays as staff
from ivr.staff.accounts import Role
from ivr.staff.trial import Trial
from ivr.store.cipher import Cipher

HOLIDAYS = f"{HOURS}/holidays"
NOT_THERE = "No bank holiday was added on that day."


async def add(visit: Visit) -> Planned[tuple[OneOffHoliday, int]]:
    """Plan a bank holiday."""
    on, name = day_in(visit.form, "day", "which day it is"), visit.form.get("name", "")
    if not name:
        raise FormRefused({"name": "Write what it is for, such as: the coronation."})
    holiday = OneOffHoliday(on, name, visit.form.get("confirmed") == "yes")
    languages = visit.services.content().flows.languages

    async def change(db: AsyncConnection, cipher: Cipher) -> tuple[OneOffHoliday, int]:
        return await staff.add(db, cipher, holiday, languages, visit.by)

    def does(trial: Trial[tuple[OneOffHoliday, int]]) -> Sequence[str]:
        added, moved = trial.done
        return [f"{day(on)} is a bank holiday: {added.name}.", _deadlines(added), _reminders(moved)]

    return Planned("The bank holiday, before it is saved", change, lambda _: _begins(on), does, "holiday_added")


async def confirm(visit: Visit) -> Planned[OneOffHoliday]:
    """Plan to confirm a bank holiday."""
    on = day_in_address(visit.id, NOT_THERE)

    async def change(db: AsyncConnection, cipher: Cipher) -> OneOffHoliday:
        return await staff.confirm(db, on, visit.by)

    def does(trial: Trial[OneOffHoliday]) -> Sequence[str]:
        return [f"{day(on)}, {trial.done.name}, is certain.", _deadlines(trial.done)]

    title = "The bank holiday, before it is confirmed"
    return Planned(title, change, lambda _: _begins(on), does, "holiday_confirmed")


async def remove(visit: Visit) -> Planned[OneOffHoliday]:
    """Plan to take a bank holiday back."""
    on = day_in_address(visit.id, NOT_THERE)

    async def change(db: AsyncConnection, cipher: Cipher) -> OneOffHoliday:
        return await staff.remove(db, on, visit.by)

    def does(trial: Trial[OneOffHoliday]) -> Sequence[str]:
        return [
            f"{day(on)} is an ordinary day again, not {trial.done.name}.",
            "Reminders that came forward stay as they are: an early one is safe.",
        ]

    title = "The bank holiday, before it is taken back"
    return Planned(title, change, lambda _: _begins(on), does, "holiday_removed")


def _begins(on: date) -> datetime:
    return whole_day(on)[0]


def _deadlines(holiday: OneOffHoliday) -> str:
    """Say what it does to the last days that callers are told."""
    if holiday.is_confirmed:
        return "The days by which callers must act come forward, and the Tribunal's own last day goes back."
    return "The days by which callers must act come forward; the Tribunal's own last day stays until it is confirmed."


def _reminders(moved: int) -> str:
    if not moved:
        return "No reminder names that day."
    names = "1 reminder that names it" if moved == 1 else f"{moved} reminders that name it"
    return f"{names} will name the last working day before it."


PAGES: tuple[Page, ...] = (
    sent(HOLIDAYS, Role.manager, planned(add, of_section("holidays"), HOURS)),
    sent(f"{HOLIDAYS}/{{id}}/confirm", Role.manager, planned(confirm, of_section(""), HOURS)),
    sent(f"{HOLIDAYS}/{{id}}/remove", Role.manager, planned(remove, of_section(""), HOURS)),
)
