"""Waiting: all that waits for staff, and Finished: what they have dealt with."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from ivr.console.live import LivePart
from ivr.console.page import Page, sent, shown
from ivr.console.visit import Visit
from ivr.staff import waiting as staff
from ivr.staff.accounts import Role
from ivr.store import waiting_list
from ivr.store.waiting_list import WAITING_KINDS

LIVE = LivePart("/console/waiting/live", "waiting_live.html", keeps=("kind", "page"))


async def waiting(visit: Visit) -> Response:
    """Show what waits, of all kinds or of one."""
    found = await _read(visit)
    return visit.page("waiting.html", live=LIVE.first(visit, _said(found), **found), kind=visit.query("kind"))


async def live(visit: Visit) -> Response:
    """Bring the list up to date."""
    found = await _read(visit)
    return LIVE.again(visit, _said(found), **found)


async def finished(visit: Visit) -> Response:
    """Show what is finished; what is searched for comes in a form, as it may be a number."""
    wanted = visit.form.get("wanted", "")
    async with visit.services.store.begin() as db:
        page = await staff.finished(db, visit.services.store.cipher, visit.by, visit.page_number, wanted)
    return visit.page("finished.html", page=page, wanted=wanted)


async def _read(visit: Visit) -> Mapping[str, Any]:
    kinds = [kind for kind in WAITING_KINDS if visit.query("kind") in ("", kind)] or WAITING_KINDS
    async with visit.services.store.read() as db:
        page = await staff.read(db, visit.by, visit.page_number, kinds)
        return {"page": page, "counts": await waiting_list.counts(db)}


def _said(found: Mapping[str, Any]) -> str:
    return f"Waiting for us: {sum(found['counts'].values())}."


PAGES: tuple[Page, ...] = (
    shown("/console/waiting", Role.adviser, waiting),
    shown(LIVE.path, Role.adviser, live, is_live=True),
    shown("/console/finished", Role.adviser, finished),
    sent("/console/finished", Role.adviser, finished),
)
