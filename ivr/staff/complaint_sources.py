"""What is known of a message, a text, a talk or a call back that staff make into a complaint about data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.data_complaints import Channel
from ivr.helpline.phone_numbers import identity
from ivr.helpline.rota import Adviser
from ivr.helpline.timezone import today_in_london
from ivr.staff import callbacks, incoming_texts, talks, voicemails
from ivr.staff.complaint_words import Written
from ivr.staff.data_complaints import Source
from ivr.staff.lookup import NoSuchItem
from ivr.store import data_complaints
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.item_kinds import ItemKind


@dataclass(frozen=True, slots=True)
class Known:
    """What can be written down of a complaint before anybody has asked; `complaint` is the id of one made before."""

    source: Source
    written: Written
    channel: Channel
    received: date
    complaint: str | None


async def look(
    db: AsyncConnection, cipher: Cipher, advisers: Iterable[Adviser], kind: ItemKind, prefix: str, by: By
) -> Known:
    """Return what is known, for somebody who sees the caller, which the audit log tells; raise NoSuchItem."""
    match kind:
        case ItemKind.message:
            message = await voicemails.look(db, cipher, prefix, by)
            return await _known(db, cipher, kind, message.id, message.number, message.began)
        case ItemKind.text:
            text = await incoming_texts.look(db, cipher, prefix, by)
            return await _known(db, cipher, kind, text.id, text.number, text.received, text.body or "")
        case ItemKind.callback:
            item = await callbacks.look(db, cipher, prefix, by)
            return await _known(db, cipher, kind, item.id, item.number, item.asked)
        case ItemKind.talk:
            talk = await talks.look(db, cipher, advisers, prefix, by)
            return await _known(db, cipher, kind, talk.id, talk.number, talk.at)
    raise NoSuchItem("That is a complaint already.")


async def _known(
    db: AsyncConnection, cipher: Cipher, kind: ItemKind, id: str, number: str | None, at: datetime, body: str = ""
) -> Known:
    before = await data_complaints.of_item(db, cipher, kind, id)
    written = Written(body, number=(identity(number) or "") if number else "")
    channel = Channel.text if kind is ItemKind.text else Channel.telephone
    return Known(Source(kind, id), written, channel, today_in_london(at), before.id if before else None)
