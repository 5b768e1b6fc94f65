"""The audit log: who changed what and looked at whom, and whether the log is whole."""

from starlette.responses import Response

from ivr.console.page import Page, sent, shown
from ivr.console.visit import Visit
from ivr.errors import InvalidInput
from ivr.staff import audit as staff
from ivr.staff.accounts import Role
from ivr.staff.audit import Verified
from ivr.store import audit as store

AUDIT = "/console/audit"
ENTRIES = 100


async def audit(visit: Visit) -> Response:
    """Show the latest entries, or those before one, with the words that were looked for."""
    return await _page(visit)


async def verify(visit: Visit) -> Response:
    """Verify the whole log."""
    try:
        found = await staff.verify(visit.services.store, visit.form.get("seal", ""))
    except InvalidInput as error:
        return await _page(visit, error=str(error), status=422)
    return await _page(visit, found)


async def _page(visit: Visit, verified: Verified | None = None, error: str = "", status: int = 200) -> Response:
    before, search = visit.query("before"), visit.query("search")
    after = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    async with visit.services.store.read() as db:
        entries = await store.read(db, ENTRIES + 1, before=after, search=search)
    older = entries[ENTRIES - 1].n if len(entries) > ENTRIES else None
    shown_entries = entries[:ENTRIES]
    return visit.page(
        "audit.html", status, entries=shown_entries, older=older, search=search, verified=verified, error=error
    )


PAGES: tuple[Page, ...] = (
    shown(AUDIT, Role.manager, audit),
    sent(f"{AUDIT}/verify", Role.manager, verify),
)
