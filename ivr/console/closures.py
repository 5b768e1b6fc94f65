"""Closing for a day or for hours, with a reason that callers hear."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.console.hours import HOURS, of_section
from ivr.console.hours_form import day_in, day_or_none, time_or_none
from ivr.console.page import Page, sent
from ivr.console.planned import FormRefused, Planned, planned
from ivr.console.templates import dated, dated_end
from ivr.console.visit import Visit
from ivr.helpline.opening_hours import Closure
from ivr.helpline.timezone import local_time, whole_day
from ivr.staff import closures as staff
from ivr.staff.accounts import Role
from ivr.staff.trial import Trial
from ivr.store.cipher import Cipher
from ivr.store.closures import StoredClosure

CLOSURES = f"{HOURS}/closures"


async def add(visit: Visit) -> Planned[StoredClosure]:
    """Plan a closure."""
    reasons = staff.reasons(visit.services.content().flows)
    if visit.form.get("reason") not in reasons:
        raise FormRefused({"reason": "Choose why we are closed: callers hear it."})
    closure = Closure(*_period(visit.form), visit.form["reason"])

    async def change(db: AsyncConnection, cipher: Cipher) -> StoredClosure:
        return await staff.add(db, closure, reasons, visit.by)

    def does(trial: Trial[StoredClosure]) -> Sequence[str]:
        return [f"We are closed {_when(trial.done.closure)}.", f"Callers hear: “{reasons[closure.reason]}”"]

    return Planned("The closure, before it is saved", change, _begins, does, "closure_added")


async def remove(visit: Visit) -> Planned[StoredClosure]:
    """Plan to take a closure back."""

    async def change(db: AsyncConnection, cipher: Cipher) -> StoredClosure:
        return await staff.remove(db, visit.id, visit.by)

    def does(trial: Trial[StoredClosure]) -> Sequence[str]:
        return [f"The usual hours count {_when(trial.done.closure)}."]

    return Planned("The closure, before it is taken back", change, _begins, does, "closure_removed")


def _begins(made: StoredClosure) -> datetime:
    return made.closure.begins


def _period(form: Mapping[str, str]) -> tuple[datetime, datetime]:
    """Return from when to when: whole days where no time is given."""
    first = day_in(form, "first_day", "on which day it begins")
    last = day_or_none(form, "last_day") or first
    begins, ends = time_or_none(form, "first_time"), time_or_none(form, "last_time")
    return (
        local_time(first, begins) if begins else whole_day(first)[0],
        local_time(last, ends) if ends else whole_day(last)[1],
    )


def _when(closure: Closure) -> str:
    return f"from {dated(closure.begins)} to {dated_end(closure.ends)}"


PAGES: tuple[Page, ...] = (
    sent(CLOSURES, Role.manager, planned(add, of_section("closures"), HOURS)),
    sent(f"{CLOSURES}/{{id}}/remove", Role.manager, planned(remove, of_section(""), HOURS)),
)
