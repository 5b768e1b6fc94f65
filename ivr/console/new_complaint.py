"""Taking down a complaint about data, of what somebody says or of a message, a text, a talk or a call back."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from ivr.console.complaint_changes import chosen, day, written
from ivr.console.complaints import CHANNELS, LIST
from ivr.console.page import Page, sent, shown
from ivr.console.visit import Visit
from ivr.helpline.data_complaints import Channel
from ivr.helpline.timezone import today_in_london
from ivr.staff import complaint_sources, data_complaints
from ivr.staff.accounts import Role
from ivr.staff.complaint_sources import Known
from ivr.staff.complaint_words import WrongField
from ivr.staff.lookup import NoSuchItem
from ivr.store.item_kinds import ItemKind

NEW = f"{LIST}/new"


async def new(visit: Visit) -> Response:
    """Show the form, with what is known already; what was made into a complaint before is shown itself."""
    async with visit.services.store.begin() as db:
        known = await _known(db, visit, visit.query("kind"), visit.query("of"))
    if known and known.complaint:
        return visit.go(f"{LIST}/{known.complaint}")
    return _form(visit, known, _prefilled(visit, known))


async def take_down(visit: Visit) -> Response:
    """Take it down."""
    cipher = visit.services.store.cipher
    try:
        async with visit.services.store.begin() as db:
            known = await _known(db, visit, visit.form.get("kind", ""), visit.form.get("of", ""))
            channel = chosen(visit, "channel", Channel, "Choose how it came.")
            received, words = day(visit, "received"), written(visit, known.written.number if known else "")
            source = known.source if known else None
            made = await data_complaints.take_down(db, cipher, words, channel, received, visit.by, source)
    except WrongField as error:
        return _form(visit, known, visit.form, {error.field: str(error)}, 422)
    return visit.go(f"{LIST}/{made.id}", "complaint_taken")


async def _known(db: AsyncConnection, visit: Visit, kind: str, id: str) -> Known | None:
    if not kind and not id:
        return None
    if kind not in list(ItemKind):
        raise NoSuchItem("There is nothing of that kind that could be made into a complaint.")
    services = visit.services
    return await complaint_sources.look(db, services.store.cipher, services.advisers, ItemKind(kind), id, visit.by)


def _prefilled(visit: Visit, known: Known | None) -> Mapping[str, str]:
    if known is None:
        return {"channel": Channel.telephone, "received": today_in_london(visit.now).isoformat()}
    about = {"kind": known.source.kind, "of": known.source.id, "channel": known.channel}
    return about | {"received": known.received.isoformat(), "body": known.written.body}


def _form(
    visit: Visit,
    known: Known | None,
    form: Mapping[str, str],
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    is_spoken = known is not None and known.source.kind is ItemKind.message
    fields = {"form": defaultdict(str, form), "wrong": defaultdict(str, wrong or {})}
    about: dict[str, Any] = {**fields, "channels": CHANNELS, "is_spoken": is_spoken}
    about["has_number"] = known is not None and bool(known.written.number)
    return visit.page("complaint_new.html", status, source=known.source if known else None, **about)


PAGES: tuple[Page, ...] = (
    shown(NEW, Role.adviser, new),
    sent(LIST, Role.adviser, take_down),
)
