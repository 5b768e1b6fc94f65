"""Complaints about data that callers speak: taken down in the transaction in which their message is passed on."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.data_complaints import TOPIC, Channel
from ivr.helpline.phone_numbers import identity
from ivr.helpline.timezone import today_in_london
from ivr.store import data_complaints
from ivr.store.cipher import Cipher
from ivr.store.item_kinds import ItemKind
from ivr.store.tables import data_complaints as complaints
from ivr.store.tables import voicemails

CALLER = "the caller"
"""Who took such a complaint down."""


async def take_down(db: AsyncConnection, cipher: Cipher, voicemail: str, now: datetime) -> None:
    """Take down the complaint of a voicemail, if it is one; it is received on the day of the call.

    A complaint that was taken down before stays as it is.
    """
    spoken = select(voicemails).where(voicemails.c.id == voicemail, voicemails.c.topic == TOPIC)
    row = (await db.execute(spoken)).one_or_none()
    if row is None:
        return
    number = cipher.decrypt_or_none(row.number)
    words = {"number": identity(number) or ""} if number else {}
    id, day = data_complaints.id_of(ItemKind.message, voicemail), today_in_london(row.began)
    await data_complaints.add(db, cipher, id, words, Channel.telephone, day, CALLER, now, voicemail)


async def acknowledge_by(db: AsyncConnection, voicemail: str) -> date | None:
    """Return the last day to acknowledge the complaint of a voicemail; None if it is no complaint."""
    found: date | None = await db.scalar(
        select(complaints.c.acknowledge_by).where(complaints.c.voicemail == voicemail).limit(1)
    )
    return found
