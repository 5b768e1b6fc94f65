"""One caller, looked up by number: all that is kept of them, and whether they are texted.

The number comes in a form and stands sealed in the address of the page, which is good for an hour.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from ivr.console import caller_number, letter
from ivr.console.caller_number import CALLER, number_in, page_of
from ivr.console.items import typed
from ivr.console.page import Page, sent, shown
from ivr.console.talks import OUTCOMES
from ivr.console.templates import TEXT_STATES
from ivr.console.visit import Visit
from ivr.errors import InvalidInput
from ivr.staff import blocks as staff_blocks
from ivr.staff import callers as staff
from ivr.staff import opt_outs
from ivr.staff.accounts import Role
from ivr.staff.opt_outs import HELD_BY_THE_PROVIDER
from ivr.store.caller_history import HistoryEntry, HistoryKind

CALLERS = "/console/callers"
STATES: Mapping[HistoryKind, Mapping[str, str]] = {
    HistoryKind.callback: {
        "open": "waits to be rung back",
        "claimed": "waits to be rung back",
        "done": "reached",
        "gave_up": "given up",
    },
    HistoryKind.message: {
        "begun": "nothing was said",
        "recorded": "not passed on yet",
        "sent": "waits to be heard",
        "discarded": "thrown away by the caller",
        "done": "done",
    },
    HistoryKind.text: {"waiting": "waits for an answer", "done": "done"},
    HistoryKind.sent: {state.value: words for state, words in TEXT_STATES.items()},
    HistoryKind.talk: OUTCOMES,
}
"""How an entry stands, in words; other states are shown as they are."""
WORDS: Mapping[HistoryKind, str] = {
    HistoryKind.callback: "Asked to be rung back",
    HistoryKind.message: "Left a message",
    HistoryKind.text: "Texted us",
    HistoryKind.sent: "Text from us",
    HistoryKind.reminder: "Reminder to come",
    HistoryKind.talk: "Asked for an adviser",
    HistoryKind.note: "Note",
    HistoryKind.complaint: "Complaint about their data",
}
HEARD = ("sent", "done")
"""The states of a message that has a page."""


@dataclass(frozen=True)
class EntryShown:
    """An entry as the page shows it: what it is, how it stands, and the address of its own page, "" for none."""

    entry: HistoryEntry
    what: str
    state: str
    path: str


async def callers(visit: Visit) -> Response:
    """Ask for a number."""
    return visit.page("callers.html", wanted="", error="")


async def find(visit: Visit) -> Response:
    """Lead to the page of a number, which is told to the audit log there."""
    wanted = visit.form.get("number", "")
    try:
        number = staff.number_of(wanted)
    except InvalidInput as error:
        return visit.page("callers.html", 422, wanted=wanted, error=str(error))
    return visit.go(page_of(visit, number))


async def caller(visit: Visit) -> Response:
    """Show all that is kept of a caller."""
    return await show(visit)


async def number(visit: Visit) -> Response:
    """Show the same with the whole number."""
    return await show(visit, in_full=True)


async def opt_out(visit: Visit) -> Response:
    """Have a caller texted no more."""
    async with visit.services.store.begin() as db:
        await opt_outs.opt_out(db, visit.services.store.cipher, number_in(visit), visit.by)
    return visit.go(path(visit), "opted_out")


async def opt_in(visit: Visit) -> Response:
    """Have a caller texted again who asked for it."""
    if visit.form.get("asked") != "yes":
        return await show(visit, "Tick that the owner of this number has asked to be texted again.", status=422)
    try:
        async with visit.services.store.begin() as db:
            await opt_outs.lift(db, visit.services.store.cipher, number_in(visit), visit.by)
    except opt_outs.CannotLift as error:
        return await show(visit, str(error), status=409)
    return visit.go(path(visit), "opted_in")


async def show(visit: Visit, error: str = "", *, in_full: bool = False, status: int = 200) -> Response:
    """Return the page of a caller, with an error of one of its forms."""
    wanted, cipher = number_in(visit), visit.services.store.cipher
    async with visit.services.store.begin() as db:
        found = await staff.look_up(db, cipher, wanted, visit.by, number=in_full)
    block = found.block
    about: dict[str, Any] = {
        "caller": found,
        "entries": [_shown(entry) for entry in found.history],
        "number": caller_number.number_shown(visit, wanted, path(visit), in_full=in_full, is_own_page=True),
        "path": path(visit),
        "letter": letter.address(*found.told),
        "blocked_until": staff_blocks.last_day(block) if block else None,
        "presets": staff_blocks.PRESETS,
        "held_by_the_provider": HELD_BY_THE_PROVIDER,
        "is_manager": visit.account.role.includes(Role.manager),
    }
    return visit.page("caller.html", status, error=error, typed=typed(visit), **about)


def path(visit: Visit) -> str:
    """Return the address of the caller's page that this one belongs to."""
    return CALLER.format(**visit.request.path_params)


def _shown(entry: HistoryEntry) -> EntryShown:
    state = STATES.get(entry.kind, {}).get(entry.state, entry.state.replace("_", " "))
    return EntryShown(entry, WORDS[entry.kind], state, _page_of(entry))


def _page_of(entry: HistoryEntry) -> str:
    if entry.about:
        kind, id = entry.about
        return f"/console/{kind}s/{id}"
    if entry.kind is HistoryKind.message and entry.state not in HEARD:
        return ""
    has_page = entry.kind in (HistoryKind.callback, HistoryKind.message, HistoryKind.text, HistoryKind.talk)
    return f"/console/{entry.kind}s/{entry.id}" if has_page else ""


PAGES: tuple[Page, ...] = (
    shown(CALLERS, Role.adviser, callers),
    sent(CALLERS, Role.adviser, find),
    shown(CALLER, Role.adviser, caller),
    caller_number.in_full(CALLER, number),
    sent(f"{CALLER}/opt-out", Role.adviser, opt_out),
    sent(f"{CALLER}/opt-in", Role.adviser, opt_in),
)
