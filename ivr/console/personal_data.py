"""What somebody may ask of us about their data: to see all we hold of them, and to have it erased."""

import json
from typing import Any

from starlette.responses import Response

from ivr.console import callers
from ivr.console.caller_number import CALLER, number_in
from ivr.console.page import Page, sent, shown
from ivr.console.visit import Visit
from ivr.helpline.timezone import today_in_london
from ivr.staff import personal_data as staff
from ivr.staff.accounts import Role

KNOW_THEM = "Tick first that it is known that whoever asks has this telephone."


async def export(visit: Visit) -> Response:
    """Give all we hold of a caller, as a file or as a page to print."""
    number = number_in(visit)
    if visit.form.get("known") != "yes":
        return await callers.show(visit, KNOW_THEM, status=422)
    async with visit.services.store.begin() as db:
        found = await staff.export(db, visit.services.store.cipher, number, visit.by)
    if visit.form.get("as") == "page":
        return visit.page("export.html", found=found, number=number, path=callers.path(visit))
    return _file(found, f"data-of-a-caller-{today_in_london(visit.now)}.json")


async def to_erase(visit: Visit) -> Response:
    """Show how much would be erased, and ask."""
    return await _ask(visit)


async def erase(visit: Visit) -> Response:
    """Erase all we hold of a caller, and tell what the provider is still to delete."""
    number = number_in(visit)
    if visit.form.get("sure") != "yes":
        return await _ask(visit, "Tick first that it is to be erased for good.", 422)
    gone = await staff.erase(visit.services.store, number, visit.by)
    return visit.page("erased.html", gone=gone, path=callers.path(visit))


async def _ask(visit: Visit, error: str = "", status: int = 200) -> Response:
    number = number_in(visit)
    async with visit.services.store.read() as db:
        rows = await staff.to_erase(db, visit.services.store.cipher, number)
    return visit.page("erase.html", status, rows=rows, path=callers.path(visit), error=error)


def _file(data: dict[str, Any], name: str) -> Response:
    content = json.dumps(data, indent=2, ensure_ascii=False)
    return Response(content, 200, {"Content-Disposition": f'attachment; filename="{name}"'}, "application/json")


PAGES: tuple[Page, ...] = (
    sent(f"{CALLER}/export", Role.manager, export),
    shown(f"{CALLER}/erase", Role.manager, to_erase),
    sent(f"{CALLER}/erase", Role.manager, erase),
)
