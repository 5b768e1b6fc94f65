"""Acknowledges a complaint about data, closes it with its outcome and what they were told, and opens it again."""

from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.effects import SendText
from ivr.helpline.data_complaints import TOPIC, Means, Outcome
from ivr.helpline.timezone import today_in_london
from ivr.staff import outgoing_texts
from ivr.staff.complaint_words import WrongField, check_day, checked, in_words
from ivr.staff.data_complaints import CannotChange, changed, find, find_open
from ivr.staff.outgoing_texts import Texting
from ivr.store import idempotency, notes, voicemails
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.data_complaints import ComplaintState, DataComplaint
from ivr.store.item_kinds import ItemKind
from ivr.store.sms_list import ListedText


async def acknowledge(db: AsyncConnection, cipher: Cipher, prefix: str, day: date, how: Means, by: By) -> DataComplaint:
    """Record that they were told, on a day, that we have their complaint; raise NoSuchItem, CannotChange or WrongField.

    Done again, it is corrected. A message in which it was spoken is finished with.
    """
    complaint = await find_open(db, cipher, prefix)
    check_day(complaint, day, by)
    return await _acknowledged(db, cipher, complaint, day, how, by)


async def acknowledge_by_text(
    db: AsyncConnection, cipher: Cipher, prefix: str, words: str, texting: Texting, by: By
) -> DataComplaint:
    """Send a text that we have their complaint, once, and record it; raise NoSuchItem, CannotChange or CannotText."""
    complaint, today = await find_open(db, cipher, prefix), today_in_london(by.at)
    check_day(complaint, today, by)
    number = outgoing_texts.check_number(complaint.number or None, texting.destinations)
    text = SendText(number, outgoing_texts.checked(words), TOPIC)
    await outgoing_texts.send(db, cipher, _text_key(complaint), text, by, texting.quotas)
    return await _acknowledged(db, cipher, complaint, today, Means.text, by)


async def text_of(db: AsyncConnection, cipher: Cipher, complaint: DataComplaint) -> ListedText | None:
    """Return how the text stands with which it was acknowledged in the last days."""
    sent = await idempotency.known_outcome(db, cipher, _text_key(complaint))
    return await outgoing_texts.state_of(db, cipher, sent)


async def close(
    db: AsyncConnection, cipher: Cipher, prefix: str, outcome: Outcome, answer: str, how: Means, by: By
) -> DataComplaint:
    """Close a complaint with its outcome and what they were told; raise NoSuchItem, CannotChange or WrongField.

    An answer acknowledges it too, if nothing has before.
    """
    complaint, today = await find_open(db, cipher, prefix), today_in_london(by.at)
    check_day(complaint, today, by)
    if complaint.acknowledged and today < complaint.acknowledged:
        raise WrongField("day", f"It was acknowledged on {in_words(complaint.acknowledged)}, which is after today.")
    if not (told := checked("answer", answer)):
        raise WrongField("answer", "Write what they were told: nothing is closed without an answer.")
    new: dict[str, Any] = {"state": ComplaintState.closed, "closed": today, "closed_by": by.who}
    new |= {"outcome": outcome, "answer": told, "answered_how": how}
    new |= {} if complaint.acknowledged else {"acknowledged": today, "acknowledged_how": how}
    await _finish_message(db, complaint, by)
    return await changed(db, cipher, complaint, by, f"closed, {_plain(outcome)}, told by {how}", **new)


async def reopen(db: AsyncConnection, cipher: Cipher, prefix: str, why: str, by: By) -> DataComplaint:
    """Open a closed complaint again; raise NoSuchItem, CannotChange or WrongField.

    What they were told is kept in a note, with the reason.
    """
    complaint = await find(db, cipher, prefix)
    if complaint.is_open:
        raise CannotChange("It is open already.")
    if not (reason := checked("why", why)):
        raise WrongField("why", "Write why it is opened again.")
    words = f"Opened again: {reason}\n\n{_how_it_ended(complaint)}"
    await notes.add(db, cipher, ItemKind.complaint, complaint.id, complaint.number or None, words, by.who, by.at)
    new = dict.fromkeys(("outcome", "answer", "answered_how", "closed", "closed_by"))
    return await changed(db, cipher, complaint, by, "opened again", state=ComplaintState.open, **new)


async def _acknowledged(
    db: AsyncConnection, cipher: Cipher, complaint: DataComplaint, day: date, how: Means, by: By
) -> DataComplaint:
    await _finish_message(db, complaint, by)
    what = f"acknowledged on {in_words(day)} by {how}"
    return await changed(db, cipher, complaint, by, what, acknowledged=day, acknowledged_how=how)


async def _finish_message(db: AsyncConnection, complaint: DataComplaint, by: By) -> None:
    if complaint.voicemail:
        await voicemails.done(db, complaint.voicemail, by.who, by.at)


def _how_it_ended(complaint: DataComplaint) -> str:
    when = in_words(complaint.closed) if complaint.closed else "a day that is not known"
    outcome = _plain(complaint.outcome) if complaint.outcome else "closed"
    told = complaint.answer or "what they were told cannot be read"
    return f"Closed on {when} by {complaint.closed_by}: {outcome}. Told by {complaint.answered_how}:\n{told}"


def _plain(outcome: Outcome) -> str:
    return outcome.replace("_", " ")


def _text_key(complaint: DataComplaint) -> str:
    """Return what makes the acknowledgement of the same complaint the same text."""
    return f"acknowledge complaint {complaint.id}"
