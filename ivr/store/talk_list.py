"""The list of the last talks: callers for whom advisers were rung, and callers who were rung back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, cast, literal, null, select, true, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.canary import CANARY
from ivr.helpline.hunt import HuntState
from ivr.helpline.rota import Adviser
from ivr.store import rota
from ivr.store.cipher import Cipher
from ivr.store.item_kinds import ItemKind
from ivr.store.leg_states import LegOutcome, LegState
from ivr.store.tables import callback_attempts, callbacks, hunts, legs

UNNAMED = "somebody who is not on the rota any more"
OF_SETTING = "somebody of IVR_ADVISERS"
NOT_PICKED_UP = LegOutcome.unanswered, LegOutcome.busy, LegOutcome.declined, LegOutcome.failed, LegOutcome.lost


@dataclass(frozen=True, slots=True)
class Talk:
    """One talk, or one attempt at it. `outcome` is how the hunt ended, or the result of ringing a caller back.

    `kind` and `id` are those of a talk or of a callback. `who` is who talked, `seconds` for how long, if that is known.
    `missed` are those who were rung and did not pick up, each with how that ended. `number` (E.164) is the caller's,
    None if it was withheld.
    """

    kind: ItemKind
    id: str
    at: datetime
    topic: str
    deadline: date | None
    audience: str
    number: str | None = field(repr=False)
    outcome: str
    who: str | None
    seconds: int | None = None
    missed: tuple[tuple[str, str], ...] = ()


async def read(
    db: AsyncConnection, cipher: Cipher, advisers: Iterable[Adviser], limit: int, offset: int = 0
) -> list[Talk]:
    """Return the last talks, the latest first; `advisers` are those of the settings, who are not on the rota."""
    most = limit + offset
    hunted = _hunts(true()).order_by(hunts.c.began.desc()).limit(most).subquery()
    tried = _attempts().order_by(callback_attempts.c.at.desc()).limit(most).subquery()
    last = union_all(select(hunted), select(tried)).subquery()
    query = select(last).order_by(last.c.at.desc(), last.c.id).limit(limit).offset(offset)
    return await _read(db, cipher, advisers, (await db.execute(query)).all())


async def find(db: AsyncConnection, cipher: Cipher, advisers: Iterable[Adviser], begins: str) -> list[Talk]:
    """Return the talks of advisers, but no callbacks, whose id begins so."""
    rows = (await db.execute(_hunts(hunts.c.id.startswith(begins, autoescape=True)))).all()
    return await _read(db, cipher, advisers, rows)


def _hunts(which: ColumnElement[bool]) -> Any:
    over = (hunts.c.state != HuntState.ringing) & (hunts.c.topic != CANARY)
    return select(
        literal(ItemKind.talk, Text).label("kind"),
        hunts.c.id,
        hunts.c.began.label("at"),
        hunts.c.topic,
        hunts.c.deadline,
        hunts.c.audience,
        hunts.c.number,
        hunts.c.way.label("outcome"),
        cast(null(), Text).label("who"),
    ).where(over, which)


def _attempts() -> Any:
    return select(
        literal(ItemKind.callback, Text).label("kind"),
        callbacks.c.id,
        callback_attempts.c.at,
        callbacks.c.topic,
        callbacks.c.deadline,
        callbacks.c.audience,
        callbacks.c.number,
        callback_attempts.c.how.label("outcome"),
        callback_attempts.c.who,
    ).join_from(callback_attempts, callbacks)


async def _read(
    db: AsyncConnection, cipher: Cipher, advisers: Iterable[Adviser], rows: Iterable[Row[Any]]
) -> list[Talk]:
    rows = list(rows)
    rung = await _legs(db, [row.id for row in rows if row.kind == ItemKind.talk])
    names = await _names(db, cipher, advisers) if rung else {}
    return [_talk(row, cipher, rung.get(row.id, []), names) for row in rows]


async def _legs(db: AsyncConnection, ids: list[str]) -> Mapping[str, list[Row[Any]]]:
    """Return the legs of some hunts, by hunt, in the order in which they were rung."""
    theirs = select(legs).where(legs.c.hunt.in_(ids)).order_by(legs.c.hunt, legs.c.began, legs.c.id)
    rows = (await db.execute(theirs)).all()
    return {hunt: list(found) for hunt, found in groupby(rows, lambda row: row.hunt)}


async def _names(db: AsyncConnection, cipher: Cipher, advisers: Iterable[Adviser]) -> Mapping[bytes, str]:
    """Return the names of advisers by the blind indexes of their numbers."""
    known = (*advisers, *await rota.read(db, cipher))
    return {mark: one.name or OF_SETTING for one in known if one.number for mark in cipher.blind_indexes(one.number)}


def _talk(row: Row[Any], cipher: Cipher, rung: list[Row[Any]], names: Mapping[bytes, str]) -> Talk:
    number = cipher.decrypt_or_none(row.number) if row.number is not None else None
    about = ItemKind(row.kind), row.id, row.at, row.topic, row.deadline, row.audience, number, row.outcome or ""
    if row.kind == ItemKind.callback:
        return Talk(*about, row.who)
    took = next((leg for leg in rung if leg.outcome == LegOutcome.talked or leg.state == LegState.talking), None)
    who = names.get(took.blind_index, UNNAMED) if took else None
    missed = [(names.get(leg.blind_index, UNNAMED), leg.outcome) for leg in rung if leg.outcome in NOT_PICKED_UP]
    return Talk(*about, who, took.seconds if took else None, tuple(missed))
