"""Blocked: the callers who are put through to none of us; managers block one, and end a block."""

from datetime import date

from starlette.responses import Response

from ivr.console import callers
from ivr.console.caller_number import CALLER, number_in, page_of
from ivr.console.items import typed
from ivr.console.page import Page, sent, shown
from ivr.console.visit import Visit
from ivr.errors import InvalidInput
from ivr.helpline.masked_number import masked
from ivr.helpline.timezone import today_in_london
from ivr.staff import blocks as staff
from ivr.staff.accounts import Role
from ivr.staff.blocks import CannotBlock
from ivr.store import blocks as store

BLOCKS = "/console/blocks"


async def blocked(visit: Visit) -> Response:
    """Show who is blocked, the next to end first."""
    return await _list(visit)


async def add(visit: Visit) -> Response:
    """Block a number that is written in the form."""
    try:
        await _block(visit, staff.number_to_block(visit.form.get("number", "")))
    except (InvalidInput, CannotBlock) as error:
        return await _list(visit, str(error), 422)
    return visit.go(BLOCKS, "blocked")


async def add_caller(visit: Visit) -> Response:
    """Block the caller of a page."""
    number = number_in(visit)
    try:
        await _block(visit, number)
    except (InvalidInput, CannotBlock) as error:
        return await callers.show(visit, str(error), status=422)
    return visit.go(callers.path(visit), "blocked")


async def end(visit: Visit) -> Response:
    """End a block."""
    async with visit.services.store.begin() as db:
        await staff.end(db, visit.services.store.cipher, visit.id, visit.by)
    return visit.go(BLOCKS, "block_ended")


async def _block(visit: Visit, number: str) -> None:
    services = visit.services
    ours = {*services.own_numbers, *(one.number for one in services.advisers)}
    async with services.store.begin() as db:
        why = visit.form.get("why", "")
        await staff.block(db, services.store.cipher, number, _last_day(visit), why, ours, visit.by)


def _last_day(visit: Visit) -> date:
    written = visit.form.get("last_day", "") or visit.form.get("preset", "")
    return staff.last_day_of(written, today_in_london(visit.now))


async def _list(visit: Visit, error: str = "", status: int = 200) -> Response:
    async with visit.services.store.read() as db:
        found = await store.read(db, visit.services.store.cipher, visit.now)
    rows = [
        (one, masked(one.number) if one.number else "", page_of(visit, one.number) if one.number else "")
        for one in found
    ]
    last_days = {one.id: staff.last_day(one) for one in found}
    return visit.page(
        "blocks.html",
        status,
        rows=rows,
        last_days=last_days,
        presets=staff.PRESETS,
        error=error,
        typed=typed(visit),
    )


PAGES: tuple[Page, ...] = (
    shown(BLOCKS, Role.manager, blocked),
    sent(BLOCKS, Role.manager, add),
    sent(f"{BLOCKS}/{{id}}/end", Role.manager, end),
    sent(f"{CALLER}/block", Role.manager, add_caller),
)
