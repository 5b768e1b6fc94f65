"""One caller to be rung back: claimed, rung at both ends, noted, done."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from ivr.console import caller_number, letter, written
from ivr.console.items import Action, actions, changed, may_undo_others, typed, work_on
from ivr.console.live import LivePart
from ivr.console.page import Page, sent, shown
from ivr.console.visit import Visit
from ivr.errors import InvalidInput
from ivr.helpline.date_format import parse_time_of_day
from ivr.helpline.phone_numbers import grouped
from ivr.staff import callbacks as staff
from ivr.staff import talks
from ivr.staff.accounts import Role
from ivr.staff.written_texts import WrittenText
from ivr.store import callback_attempts, legs, notes, rota
from ivr.store.callback_list import CallbackItem
from ivr.store.cipher import Cipher
from ivr.store.item_kinds import ItemKind
from ivr.store.leg_states import LegOutcome, LegState

PATH = "/console/callbacks/{id}"
LIVE = LivePart(f"{PATH}/live", "callback_live.html")
ANOTHER = "another"
"""Stands in the form for a telephone that is not on the rota."""
BY_STATE = {
    LegState.placing: "We are about to ring your telephone.",
    LegState.ringing: "Your telephone is ringing: pick it up.",
    LegState.screening: "You have picked up: press 1 there to ring them.",
    LegState.talking: "You are connected.",
}
BY_OUTCOME = {
    LegOutcome.unanswered: "Your telephone was not picked up.",
    LegOutcome.busy: "Your telephone was engaged.",
    LegOutcome.failed: "Your telephone could not be rung: the telephone company refused it.",
    LegOutcome.lost: "Your telephone could not be rung: the telephone company did not answer.",
}
CONNECTING = "They are being rung, or you are connected."
OVER = "That call is over: say below how it went."


async def callback(visit: Visit) -> Response:
    """Show a caller."""
    return await _show(visit)


async def number(visit: Visit) -> Response:
    """Show the same with their number."""
    return await _show(visit, in_full=True)


async def _show(visit: Visit, refused: str = "", *, in_full: bool = False) -> Response:
    cipher = visit.services.store.cipher
    async with visit.services.store.begin() as db:
        found = await staff.look(db, cipher, visit.id, visit.by, number=in_full)
        texts = await _texts(db, visit, found)
        advisers, how = await rota.read(db, cipher), await _how_it_goes(db, found)
        about: dict[str, Any] = {
            "item": found,
            "number": caller_number.number_shown(visit, found.number, PATH.format(id=found.id), in_full=in_full),
            "notes": await notes.read(db, cipher, found.id),
            "texts": texts,
            "letter": letter.address(found.topic, found.deadline, found.audience, f"callback {found.id[:8]}"),
            "sent": await talks.sent(db, cipher, ItemKind.callback, found.id, texts),
            "advisers": [one.name for one in advisers],
            "own": next((one.name for one in advisers if one.id == visit.account.adviser), ""),
            "live": LIVE.first(visit, how, **_shown(found, how)),
        }
    simulation = visit.services.simulation
    about["telephone"] = grouped(simulation.telephone) if simulation and not advisers else ""
    besides = {"can_ring": visit.services.ringing is not None, "may_undo": may_undo_others(visit)}
    return visit.page("callback.html", refused=refused, typed=typed(visit), **about, **besides)


async def live(visit: Visit) -> Response:
    """Bring up to date how ringing them goes; there is nothing in it of who they are."""
    async with visit.services.store.read() as db:
        found = await staff.find_any(db, visit.services.store.cipher, visit.id, visit.by)
        said = await _how_it_goes(db, found)
    return LIVE.again(visit, said, **_shown(found, said))


def _shown(item: CallbackItem, said: str) -> Mapping[str, Any]:
    return {"attempts": item.attempts, "how_it_goes": said}


async def _how_it_goes(db: AsyncConnection, item: CallbackItem) -> str:
    """Return how the last ring of an adviser for this caller goes, in a sentence; "" without one."""
    last = await legs.last_for_callback(db, item.id)
    if last is None:
        return ""
    state, outcome, began = last
    since = [attempt.how for attempt in item.attempts if attempt.at >= began]
    if state is LegState.screening and since:  # the leg itself comes to no other state before it is over
        return CONNECTING if callback_attempts.RINGING in since else OVER
    return BY_STATE.get(state) or BY_OUTCOME.get(outcome or LegOutcome.talked, OVER)


async def _texts(db: AsyncConnection, visit: Visit, item: CallbackItem) -> list[WrittenText]:
    return await written.offered(db, visit, item.topic, item.deadline, item.audience)


async def ring(visit: Visit) -> Response:
    """Have the adviser's telephone rung; how it goes is shown on the page."""

    async def begin() -> None:
        if visit.services.ringing is None:
            raise InvalidInput("Nobody can be rung from here: the settings name no telephone account.")
        chosen = visit.form.get("telephone", "")
        telephone = visit.form.get("number", "") if chosen in ("", ANOTHER) else chosen
        if not telephone:
            raise InvalidInput("Say whose telephone is to ring.")
        await visit.services.ringing.ring(visit.id, telephone, visit.by)

    return await changed(visit, PATH, _show, "ringing", begin)


async def _remind(db: AsyncConnection, cipher: Cipher, visit: Visit) -> CallbackItem:
    at = parse_time_of_day(visit.form.get("at", ""), visit.now)
    if at is None:
        raise InvalidInput("Write a time such as 15:00.")
    return await staff.remind(db, cipher, visit.id, at, visit.by)


async def _attempt(db: AsyncConnection, cipher: Cipher, visit: Visit) -> CallbackItem:
    how = " ".join(visit.form.get("how", "").split())
    if not 0 < len(how) <= 100:
        raise InvalidInput("Say in a few words how it went, such as “no answer”.")
    return await staff.attempt(db, cipher, visit.id, how, visit.by)


async def _send(db: AsyncConnection, cipher: Cipher, visit: Visit) -> str:
    item = await staff.find_any(db, cipher, visit.id, visit.by)
    texts = await _texts(db, visit, item)
    return await written.send(db, cipher, visit, ItemKind.callback, item.id, item.number, texts)


DOING: dict[str, Action] = work_on(staff) | {
    "done": lambda db, cipher, visit: staff.settle(db, cipher, visit.id, visit.by, reached=True),
    "gave-up": lambda db, cipher, visit: staff.settle(db, cipher, visit.id, visit.by, reached=False),
    "remind": _remind,
    "attempt": _attempt,
    "send": _send,
}
PAGES: tuple[Page, ...] = (
    shown(PATH, Role.adviser, callback),
    caller_number.in_full(PATH, number),
    shown(LIVE.path, Role.adviser, live, is_live=True),
    sent(f"{PATH}/ring", Role.adviser, ring),
    *actions(PATH, _show, DOING),
)
