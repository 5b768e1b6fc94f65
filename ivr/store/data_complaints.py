"""Complaints about what we do with somebody's data, as they are kept; `ivr/staff/data_complaints.py` has the rules.

open ── acknowledge ── close ──► closed (reopen ─► open)

Nothing here deletes one: only its retention period does. An erasure of the number leaves it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import ColumnElement, Row, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.data_complaints import Channel, Means, Outcome, Standing, last_day_to_acknowledge, standing_of
from ivr.helpline.timezone import today_in_london
from ivr.store.cipher import Cipher
from ivr.store.idempotency import insert_new
from ivr.store.item_kinds import ItemKind
from ivr.store.tables import data_complaints

SEALED = "name", "contact", "body", "answer"
SPOKEN_COMPLAINTS = select(data_complaints.c.voicemail).where(data_complaints.c.voicemail.is_not(None))
"""The messages in which somebody complains about what we do with their data: kept as long as that complaint."""


class ComplaintState(StrEnum):
    """Whether a complaint is still to be answered."""

    open = "open"
    closed = "closed"


@dataclass(frozen=True, slots=True)
class DataComplaint:
    """One complaint. What somebody wrote is "" where there is nothing, and None where it cannot be decrypted.

    `voicemail` is the id of the message in which it was spoken, `changed` when something was last done about it.
    """

    id: str
    name: str | None = field(repr=False)
    number: str | None = field(repr=False)
    contact: str | None = field(repr=False)
    body: str | None = field(repr=False)
    voicemail: str | None
    channel: Channel
    received: date
    acknowledge_by: date
    acknowledged: date | None
    acknowledged_how: Means | None
    state: ComplaintState
    outcome: Outcome | None
    answer: str | None = field(repr=False)
    answered_how: Means | None
    taken_by: str
    taken: datetime
    closed_by: str | None
    closed: date | None
    changed: datetime

    @property
    def is_open(self) -> bool:
        """Whether it is still to be answered."""
        return self.state is ComplaintState.open

    def standing(self, today: date) -> Standing:
        """Return how urgent it is on a day."""
        done_last = today_in_london(self.changed)
        is_known = self.acknowledged is not None
        return standing_of(self.acknowledge_by, today, done_last, acknowledged=is_known, closed=not self.is_open)


def id_of(kind: ItemKind, about: str) -> str:
    """Return the id of the complaint that an item is made into: the same each time.

    >>> id_of(ItemKind.text, "1") == id_of(ItemKind.text, "1") != id_of(ItemKind.message, "1")
    True
    """
    return str(uuid5(NAMESPACE_OID, f"complaint {kind} {about}"))


async def add(
    db: AsyncConnection,
    cipher: Cipher,
    id: str,
    words: Mapping[str, str],
    channel: Channel,
    received: date,
    taken_by: str,
    now: datetime,
    voicemail: str | None = None,
) -> bool:
    """Add a complaint; return False, and change nothing, if one of that id is there.

    `words` has what there is of `name`, `number` (E.164), `contact` and `body`.
    """
    days = {"received": received, "acknowledge_by": last_day_to_acknowledge(received)}
    taken = {"taken_by": taken_by, "taken": now, "changed": now, "state": ComplaintState.open}
    about = {"id": id, "channel": channel, "voicemail": voicemail}
    sealed = _sealed(cipher, {"body": "", **words})
    return await insert_new(db, data_complaints, **about, **sealed, **days, **taken)


async def read(
    db: AsyncConnection, cipher: Cipher, *, everything: bool = False, limit: int | None = None
) -> list[DataComplaint]:
    """Return the open complaints: those not acknowledged first, by their last day, then by when something was last
    done; of everything, the closed ones come behind, the latest first.
    """
    table = data_complaints.c
    waits = table.acknowledged.is_not(None), table.acknowledge_by, table.changed
    order = table.state.desc(), table.closed.desc().nulls_first(), *waits, table.id
    wanted = true() if everything else table.state == ComplaintState.open
    rows = await db.execute(select(data_complaints).where(wanted).order_by(*order).limit(limit))
    return [_complaint(row, cipher) for row in rows]


async def find(db: AsyncConnection, cipher: Cipher, begins: str) -> list[DataComplaint]:
    """Return the complaints whose id begins so."""
    named = data_complaints.c.id.startswith(begins, autoescape=True)
    rows = await db.execute(select(data_complaints).where(named).with_for_update())
    return [_complaint(row, cipher) for row in rows]


async def of_voicemail(db: AsyncConnection, cipher: Cipher, voicemail: str) -> DataComplaint | None:
    """Return the complaint that was spoken in a message."""
    return await _first(db, cipher, data_complaints.c.voicemail == voicemail)


async def of_item(db: AsyncConnection, cipher: Cipher, kind: ItemKind, about: str) -> DataComplaint | None:
    """Return the complaint that an item was made into, if it was."""
    same = data_complaints.c.id == id_of(kind, about)
    return await _first(db, cipher, same | (data_complaints.c.voicemail == about))


async def change(db: AsyncConnection, cipher: Cipher, id: str, now: datetime, **values: Any) -> None:
    """Change columns of a complaint; what is sealed is given as it is written."""
    written = {name: value for name, value in values.items() if name in (*SEALED, "number")}
    plain = {name: value for name, value in values.items() if name not in written}
    new = {**plain, **_sealed(cipher, written), "changed": now}
    await db.execute(update(data_complaints).where(data_complaints.c.id == id).values(new))


async def _first(db: AsyncConnection, cipher: Cipher, which: ColumnElement[bool]) -> DataComplaint | None:
    row = (await db.execute(select(data_complaints).where(which).order_by(data_complaints.c.taken))).first()
    return _complaint(row, cipher) if row else None


def _sealed(cipher: Cipher, words: Mapping[str, str | None]) -> dict[str, bytes | None]:
    """Return the columns of what was written; nothing is kept of what is empty, except that there are no words yet."""
    sealed: dict[str, bytes | None] = {
        name: cipher.encrypt(words[name] or "") if words[name] or name == "body" else None
        for name in SEALED
        if name in words
    }
    if "number" in words:
        number = words["number"]
        sealed |= cipher.encrypt_number(number) if number else {"number": None, "blind_index": None}
    return sealed


def _complaint(row: Row[Any], cipher: Cipher) -> DataComplaint:
    def opened(sealed: bytes | None) -> str | None:
        return "" if sealed is None else cipher.decrypt_or_none(sealed)

    return DataComplaint(
        id=row.id,
        name=opened(row.name),
        number=opened(row.number),
        contact=opened(row.contact),
        body=opened(row.body),
        voicemail=row.voicemail,
        channel=Channel(row.channel),
        received=row.received,
        acknowledge_by=row.acknowledge_by,
        acknowledged=row.acknowledged,
        acknowledged_how=Means(row.acknowledged_how) if row.acknowledged_how else None,
        state=ComplaintState(row.state),
        outcome=Outcome(row.outcome) if row.outcome else None,
        answer=opened(row.answer),
        answered_how=Means(row.answered_how) if row.answered_how else None,
        taken_by=row.taken_by,
        taken=row.taken,
        closed_by=row.closed_by,
        closed=row.closed,
        changed=row.changed,
    )
