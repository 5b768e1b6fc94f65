"""What staff do with a complaint about what we do with somebody's data (Data Protection Act 2018, s. 164A).

It is taken down here, and looked into; `complaint_answers.py` acknowledges, closes and reopens it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import IvrError
from ivr.helpline.data_complaints import Channel, Standing
from ivr.helpline.timezone import today_in_london
from ivr.staff import working
from ivr.staff.complaint_words import Written, check_received
from ivr.staff.lookup import SHOWN, by_prefix
from ivr.store import audit, data_complaints
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.data_complaints import DataComplaint
from ivr.store.item_kinds import ItemKind

LOOK_AT = Standing.overdue, Standing.due, Standing.quiet
"""How a complaint stands that somebody must see to now, the most urgent first."""


class CannotChange(IvrError):
    """It is closed, or not closed, already."""


@dataclass(frozen=True, slots=True)
class Source:
    """The message, text, talk or call back that is made into a complaint."""

    kind: ItemKind
    id: str


@dataclass(frozen=True, slots=True)
class Urgent:
    """A complaint that somebody must see to now, and why."""

    complaint: DataComplaint
    standing: Standing


async def urgent(db: AsyncConnection, cipher: Cipher, today: date) -> list[Urgent]:
    """Return the complaints that somebody must see to now, the most urgent first."""
    found = [Urgent(one, one.standing(today)) for one in await data_complaints.read(db, cipher)]
    return sorted((one for one in found if one.standing in LOOK_AT), key=lambda one: LOOK_AT.index(one.standing))


async def find(db: AsyncConnection, cipher: Cipher, prefix: str) -> DataComplaint:
    """Return the complaint whose id begins so; raise NoSuchItem."""
    return by_prefix(await data_complaints.find(db, cipher, prefix.lower()), prefix, "complaint")


async def find_open(db: AsyncConnection, cipher: Cipher, prefix: str) -> DataComplaint:
    """Return it likewise; raise CannotChange if it is closed."""
    complaint = await find(db, cipher, prefix)
    if not complaint.is_open:
        raise CannotChange("It is closed: open it again first.")
    return complaint


async def look(db: AsyncConnection, cipher: Cipher, prefix: str, by: By, *, number: bool = False) -> DataComplaint:
    """Return it likewise for somebody who reads it, with the whole `number` or without, which the audit log tells."""
    complaint = await find(db, cipher, prefix)
    await audit.write(db, by, entry(complaint.id, working.SAW_NUMBER if number else "seen"))
    return complaint


async def take_down(
    db: AsyncConnection,
    cipher: Cipher,
    written: Written,
    channel: Channel,
    received: date,
    by: By,
    source: Source | None = None,
) -> DataComplaint:
    """Take a complaint down, which may be made of a `source`: the same one again is the complaint that is there.

    Raises WrongField: without any words that say what it is about, or for a day that cannot be.
    """
    voicemail = source.id if source and source.kind is ItemKind.message else None
    words = written.checked(is_spoken=voicemail is not None)
    check_received(received, today_in_london(by.at))
    id = data_complaints.id_of(source.kind, source.id) if source else str(uuid4())
    if await data_complaints.add(db, cipher, id, words, channel, received, by.who, by.at, voicemail):
        of = f", of {source.kind} {source.id[:SHOWN]}" if source else ""
        await audit.write(db, by, entry(id, f"taken down{of}"))
    return await find(db, cipher, id)


async def amend(db: AsyncConnection, cipher: Cipher, prefix: str, written: Written, by: By) -> DataComplaint:
    """Write down anew what it is about, who complains and where they are; raise NoSuchItem, CannotChange or WrongField.

    What cannot be decrypted stays as it is unless something is written in its place.
    """
    complaint = await find_open(db, cipher, prefix)
    words = written.checked(is_spoken=bool(complaint.voicemail) or complaint.body is None)
    lost = {name for name in words if getattr(complaint, name) is None and not words[name]}
    kept = {name: value for name, value in words.items() if name not in lost}
    return await changed(db, cipher, complaint, by, "written down anew", **kept)


async def note(db: AsyncConnection, cipher: Cipher, prefix: str, body: str, by: By) -> DataComplaint:
    """Add a note of what was done or said, open or closed; raise NoSuchItem or InvalidInput."""
    complaint = await find(db, cipher, prefix)
    await data_complaints.change(db, cipher, complaint.id, by.at)
    await working.add_note(db, cipher, ItemKind.complaint, complaint.id, complaint.number, body, by)
    return await find(db, cipher, complaint.id)


async def changed(
    db: AsyncConnection, cipher: Cipher, complaint: DataComplaint, by: By, what: str, **values: Any
) -> DataComplaint:
    """Change a complaint, write that to the audit log, and return it as it is then."""
    await data_complaints.change(db, cipher, complaint.id, by.at, **values)
    await audit.write(db, by, entry(complaint.id, what))
    return await find(db, cipher, complaint.id)


def entry(id: str, what: str) -> str:
    """Return an entry of the audit log about a complaint, without anything of who complains."""
    return f"complaint {id[:SHOWN]}: {what}"
