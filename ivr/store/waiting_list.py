"""The list of all that waits for staff: callbacks, messages, incoming texts and complaints about data, in one order.

First what whoever looks at it wanted to be reminded of by now; then by the legal date that the caller was told, those
without one last; then by when they came. A complaint waits until it is acknowledged, by the last day for that, in the
place of the message in which it was spoken. Nothing on the list tells who the callers are.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Row, Select, Text, case, cast, func, literal, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.timezone import today_in_london
from ivr.helpline.urgency import is_urgent
from ivr.helpline.working_days import Calendar, england_and_wales
from ivr.store import callback_list, one_off_holidays
from ivr.store.callback_list import CallbackState
from ivr.store.claims import A_CLAIM
from ivr.store.data_complaints import SPOKEN_COMPLAINTS, ComplaintState
from ivr.store.item_kinds import ItemKind
from ivr.store.tables import callbacks, data_complaints, sms_inbox, voicemails
from ivr.store.voicemail_list import VoicemailState

WAITING_KINDS = ItemKind.callback, ItemKind.message, ItemKind.text, ItemKind.complaint
MESSAGE_WAITS = (voicemails.c.state == VoicemailState.sent) & voicemails.c.id.not_in(SPOKEN_COMPLAINTS)
COMPLAINT_WAITS = (data_complaints.c.state == ComplaintState.open) & data_complaints.c.acknowledged.is_(None)


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """Something that waits for staff.

    `deadline` is the legal date that the caller was told, or the last day to acknowledge a complaint, `since` when it
    came. `claimed_by` is who has claimed it. `urgent` is as of the day the list was read; `is_due` says that whoever
    looks at the list wanted to be reminded of it by now. `part` is the part of the day that a caller asked to be rung
    in.
    """

    kind: ItemKind
    id: str
    topic: str
    deadline: date | None
    since: datetime
    claimed_by: str | None
    urgent: bool
    is_due: bool
    audience: str
    part: str


async def read(
    db: AsyncConnection,
    who: str,
    now: datetime,
    limit: int,
    offset: int = 0,
    kinds: Collection[ItemKind] = WAITING_KINDS,
) -> list[WaitingItem]:
    """Return what waits, of some kinds, as `who` is to see it."""
    queries = [query for kind, query in _queries(who, now).items() if kind in kinds]
    waiting = union_all(*queries).subquery()
    order = waiting.c.is_due.desc(), waiting.c.deadline.nulls_last(), waiting.c.since, waiting.c.id
    rows = (await db.execute(select(waiting).order_by(*order).limit(limit).offset(offset))).all()
    calendar = england_and_wales(await one_off_holidays.read(db))
    return [_item(row, now, calendar) for row in rows]


async def counts(db: AsyncConnection) -> dict[ItemKind, int]:
    """Return how many of each kind wait."""
    tables = {
        ItemKind.callback: (callbacks, callback_list.LISTED),
        ItemKind.message: (voicemails, MESSAGE_WAITS),
        ItemKind.text: (sms_inbox, sms_inbox.c.done.is_(None)),
        ItemKind.complaint: (data_complaints, COMPLAINT_WAITS),
    }
    return {
        kind: await db.scalar(select(func.count()).select_from(table).where(which)) or 0
        for kind, (table, which) in tables.items()
    }


def _queries(who: str, now: datetime) -> Mapping[ItemKind, Select[Any]]:
    """Return the query of each kind, all with the same columns."""
    lapsed = now - A_CLAIM
    is_claimed = (callbacks.c.state == CallbackState.claimed) & (callbacks.c.changed >= lapsed)
    is_due = (callbacks.c.state == CallbackState.claimed) & (callbacks.c.by == who) & (callbacks.c.remind_at <= now)
    return {
        ItemKind.callback: select(
            *_columns(ItemKind.callback, callbacks),
            callbacks.c.asked.label("since"),
            case((is_claimed, callbacks.c.by)).label("claimed_by"),
            case((is_due, 1), else_=0).label("is_due"),
            callbacks.c.part,
        ).where(callback_list.LISTED),
        ItemKind.message: select(
            *_columns(ItemKind.message, voicemails),
            voicemails.c.began.label("since"),
            case((voicemails.c.claimed >= lapsed, voicemails.c.claimed_by)).label("claimed_by"),
            literal(0).label("is_due"),
            literal("").label("part"),
        ).where(MESSAGE_WAITS),
        ItemKind.text: select(
            literal(ItemKind.text, Text).label("kind"),
            sms_inbox.c.id,
            literal("").label("topic"),
            cast(null(), Date).label("deadline"),
            literal("").label("audience"),
            sms_inbox.c.received.label("since"),
            case((sms_inbox.c.claimed >= lapsed, sms_inbox.c.claimed_by)).label("claimed_by"),
            literal(0).label("is_due"),
            literal("").label("part"),
        ).where(sms_inbox.c.done.is_(None)),
        ItemKind.complaint: select(
            literal(ItemKind.complaint, Text).label("kind"),
            data_complaints.c.id,
            literal("").label("topic"),
            data_complaints.c.acknowledge_by.label("deadline"),
            literal("").label("audience"),
            data_complaints.c.taken.label("since"),
            cast(null(), Text).label("claimed_by"),
            literal(0).label("is_due"),
            literal("").label("part"),
        ).where(COMPLAINT_WAITS),
    }


def _columns(kind: ItemKind, table: Any) -> tuple[Any, ...]:
    return literal(kind, Text).label("kind"), table.c.id, table.c.topic, table.c.deadline, table.c.audience


def _item(row: Row[Any], now: datetime, calendar: Calendar) -> WaitingItem:
    urgent = is_urgent(row.deadline, today_in_london(now), today_in_london(row.since), calendar)
    what = ItemKind(row.kind), row.id, row.topic, row.deadline, row.since, row.claimed_by
    return WaitingItem(*what, urgent, bool(row.is_due), row.audience, row.part)
