"""Today: the first page."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from ivr.console.call_words import closed_because, place
from ivr.console.live import LivePart
from ivr.console.page import Page, shown
from ivr.console.visit import Visit
from ivr.helpline.contacts import Contact
from ivr.helpline.dated_facts import DatedFact
from ivr.helpline.legal_rules import LegalRule
from ivr.helpline.timezone import today_in_london
from ivr.staff import today as staff
from ivr.staff.accounts import Role
from ivr.staff.hours import state_of
from ivr.staff.today import Today

HERE = {"hours", "complaints"}
"""What the page itself looks at, each time; every other alert is shown as the worker, or this process, found it."""
LIVE = LivePart("/console/today/live", "today_live.html")


async def today(visit: Visit) -> Response:
    """Show the page."""
    found = await _read(visit)
    return visit.page("today.html", live=LIVE.first(visit, _said(found), **_shown(visit, found)))


async def live(visit: Visit) -> Response:
    """Bring the page up to date."""
    found = await _read(visit)
    return LIVE.again(visit, _said(found), **_shown(visit, found))


async def _read(visit: Visit) -> Today:
    services = visit.services
    async with services.store.read() as db:
        hours, who = services.content().hours, visit.account.name
        cipher, unanswered = services.store.cipher, services.unanswered
        return await staff.read(db, cipher, hours, services.advisers, unanswered, who, visit.now)


def _shown(visit: Visit, found: Today) -> Mapping[str, Any]:
    helpline, day_now = visit.services.content(), today_in_london(visit.now)
    running_out = staff.running_out(helpline.other_facts, day_now)
    ours = helpline.ours_on(day_now, found.staff_hours)
    told = {one.alert.name for one in found.alerts.alerts}
    return {
        "today": found,
        "closed_because": closed_because(helpline.flows, found.opening.reason),
        "places": [place(helpline.flows, call.step) for call in found.calls],
        "day_now": day_now,
        "running_out": running_out,
        "names": [_name(fact) for fact in running_out],
        "hours": ours,
        "hours_state": state_of(ours, day_now) if ours else "",
        "alerts": [one for one in found.alerts.alerts if one.alert.name not in HERE],
        "faults": [one for one in visit.services.faults.found if one.check not in told],
        "looked_at": max(filter(None, (visit.services.faults.looked_at, found.alerts.looked_at)), default=None),
    }


def _said(found: Today) -> str:
    """Return what a screen reader tells when it changes: not every second that a call goes on."""
    state = "Open" if found.opening.is_open else "Closed"
    return f"{state}. Calls now: {len(found.calls)}. Waiting for us: {sum(found.waiting_of_kind.values())}."


def _name(fact: DatedFact) -> str:
    match fact:
        case Contact():
            return fact.name
        case LegalRule():
            return fact.is_so
    return fact.source


PAGES: tuple[Page, ...] = (
    shown("/console", Role.adviser, today),
    shown(LIVE.path, Role.adviser, live, is_live=True),
)
