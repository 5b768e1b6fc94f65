"""All that is kept of one caller, in the order of time: what they asked for, what they were sent, what was noted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.cipher import Cipher
from ivr.store.tables import callbacks, data_complaints, hunts, notes, reminders, sms_inbox, sms_outbox, voicemails


class HistoryKind(StrEnum):
    """What an entry of a caller's history is."""

    callback = "callback"
    message = "message"
    text = "text"
    """One that came in."""
    sent = "sent"
    """A text of ours."""
    reminder = "reminder"
    """A text of ours that is still to come."""
    talk = "talk"
    note = "note"
    complaint = "complaint"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One entry. `state` is the table's own word for how it stands, `words` what was written, if anything was.

    `about` is the kind and the id of what a note is about. `who` is who of staff wrote or sent it.
    """

    kind: HistoryKind
    id: str
    at: datetime
    topic: str = ""
    deadline: date | None = None
    audience: str = ""
    state: str = ""
    words: str | None = field(default=None, repr=False)
    who: str | None = None
    about: tuple[str, str] | None = None


async def read(db: AsyncConnection, cipher: Cipher, number: str) -> list[HistoryEntry]:
    """Return what is kept of a number (E.164), the latest first."""
    blind_indexes = cipher.blind_indexes(number)
    found: list[HistoryEntry] = []
    for table, entry in ENTRIES.items():
        columns = [column for column in table.c if column.name != "sound"]
        rows = await db.execute(select(*columns).where(table.c.blind_index.in_(blind_indexes)))
        found += [entry(row, cipher) for row in rows]
    return sorted(found, key=lambda one: (one.at, one.id), reverse=True)


def _callback(row: Row[Any], cipher: Cipher) -> HistoryEntry:
    about = row.topic, row.deadline, row.audience, row.state
    return HistoryEntry(HistoryKind.callback, row.id, row.asked, *about, who=row.by)


def _message(row: Row[Any], cipher: Cipher) -> HistoryEntry:
    about = row.topic, row.deadline, row.audience, row.state
    return HistoryEntry(HistoryKind.message, row.id, row.began, *about, who=row.by)


def _text(row: Row[Any], cipher: Cipher) -> HistoryEntry:
    state, words = "done" if row.done else "waiting", cipher.decrypt_or_none(row.body)
    return HistoryEntry(HistoryKind.text, row.id, row.received, state=state, words=words, who=row.done_by)


def _sent(row: Row[Any], cipher: Cipher) -> HistoryEntry:
    words = cipher.decrypt_or_none(row.body)
    return HistoryEntry(
        HistoryKind.sent, row.id, row.promised, row.topic, state=row.state, words=words, who=row.sent_by
    )


def _reminder(row: Row[Any], cipher: Cipher) -> HistoryEntry:
    words = cipher.decrypt_or_none(row.body)
    return HistoryEntry(HistoryKind.reminder, row.id, row.due, row.topic, state="to come", words=words)


def _talk(row: Row[Any], cipher: Cipher) -> HistoryEntry:
    about = row.topic, row.deadline, row.audience, row.way or ""
    return HistoryEntry(HistoryKind.talk, row.id, row.began, *about)


def _note(row: Row[Any], cipher: Cipher) -> HistoryEntry:
    about, words = (row.kind, row.about), cipher.decrypt_or_none(row.body)
    return HistoryEntry(HistoryKind.note, row.id, row.at, words=words, who=row.who, about=about)


def _complaint(row: Row[Any], cipher: Cipher) -> HistoryEntry:
    received = datetime.combine(row.received, time(12), UTC)  # a day, whose hour nobody wrote down
    words = cipher.decrypt_or_none(row.body)
    return HistoryEntry(HistoryKind.complaint, row.id, received, state=row.state, words=words, who=row.taken_by)


ENTRIES: Mapping[Table, Callable[[Row[Any], Cipher], HistoryEntry]] = {
    callbacks: _callback,
    voicemails: _message,
    sms_inbox: _text,
    sms_outbox: _sent,
    reminders: _reminder,
    hunts: _talk,
    notes: _note,
    data_complaints: _complaint,
}
"""The tables that hold something of a number."""
