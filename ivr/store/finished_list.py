"""The list of what staff have finished with, the latest first, for as long as it is kept (`retention.py`)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Row,
    Select,
    Text,
    cast,
    desc,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.phone_numbers import parse_number
from ivr.store import callback_list
from ivr.store.cipher import Cipher
from ivr.store.item_kinds import ItemKind
from ivr.store.tables import callbacks, sms_inbox, voicemails
from ivr.store.voicemail_list import VoicemailState


@dataclass(frozen=True, slots=True)
class FinishedItem:
    """What was finished, when and by whom; `gave_up` if a caller could not be reached."""

    kind: ItemKind
    id: str
    topic: str
    deadline: date | None
    since: datetime
    finished: datetime
    by: str
    gave_up: bool


async def read(
    db: AsyncConnection, cipher: Cipher, limit: int, offset: int = 0, wanted: str = ""
) -> list[FinishedItem]:
    """Return what is finished: all of it, or what has the `wanted` number, id or name of who finished it.

    A number may be written as people do; of an id the beginning is enough, and of a name any part, in any case.
    """
    each = [query.order_by(desc("finished")).limit(limit + offset).subquery() for query in _queries(cipher, wanted)]
    finished = union_all(*map(select, each)).subquery()
    latest = select(finished).order_by(finished.c.finished.desc(), finished.c.id).limit(limit).offset(offset)
    return [_item(row) for row in (await db.execute(latest)).all()]


def _queries(cipher: Cipher, wanted: str) -> list[Select[Any]]:
    return [
        select(
            *_columns(ItemKind.callback, callbacks, callbacks.c.topic, callbacks.c.deadline),
            callbacks.c.asked.label("since"),
            callbacks.c.changed.label("finished"),
            callbacks.c.by.label("by"),
            callbacks.c.state.label("state"),
        ).where(callback_list.SETTLED, _matches(cipher, callbacks, callbacks.c.by, wanted)),
        select(
            *_columns(ItemKind.message, voicemails, voicemails.c.topic, voicemails.c.deadline),
            voicemails.c.began.label("since"),
            voicemails.c.changed.label("finished"),
            voicemails.c.by.label("by"),
            voicemails.c.state.label("state"),
        ).where(voicemails.c.state == VoicemailState.done, _matches(cipher, voicemails, voicemails.c.by, wanted)),
        select(
            *_columns(ItemKind.text, sms_inbox, literal(""), cast(null(), Date)),
            sms_inbox.c.received.label("since"),
            sms_inbox.c.done.label("finished"),
            sms_inbox.c.done_by.label("by"),
            literal("done").label("state"),
        ).where(sms_inbox.c.done.is_not(None), _matches(cipher, sms_inbox, sms_inbox.c.done_by, wanted)),
    ]


def _columns(kind: ItemKind, table: Any, topic: Any, deadline: Any) -> tuple[Any, ...]:
    return literal(kind, Text).label("kind"), table.c.id, topic.label("topic"), deadline.label("deadline")


def _matches(cipher: Cipher, table: Any, by: Any, wanted: str) -> ColumnElement[bool]:
    if not (wanted := wanted.strip().lower()):
        return true()
    if number := parse_number(wanted):
        found: ColumnElement[bool] = table.c.blind_index.in_(cipher.blind_indexes(number))
        return found
    return or_(table.c.id.startswith(wanted, autoescape=True), func.lower(by).contains(wanted, autoescape=True))


def _item(row: Row[Any]) -> FinishedItem:
    what = ItemKind(row.kind), row.id, row.topic, row.deadline, row.since
    return FinishedItem(*what, row.finished, row.by or "", row.state == callback_list.CallbackState.gave_up)
