"""What staff do with a text that came in: claim it, answer it in their own words, and finish with it."""

from collections.abc import Awaitable

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.effects import SendText
from ivr.staff import outgoing_texts, working
from ivr.staff.lookup import SHOWN, by_prefix
from ivr.staff.outgoing_texts import CannotText, Texting
from ivr.store import audit, sms_inbox
from ivr.store.audit import By
from ivr.store.cipher import UNREADABLE, Cipher
from ivr.store.item_kinds import ItemKind
from ivr.store.sms_inbox import IncomingText
from ivr.store.sms_states import SmsState

ANSWER = "answer"
"""The topic of an answer in the outbox."""


def words_of(text: IncomingText) -> str:
    """Return what staff read: the words, or that there are none but something we cannot see."""
    if text.body is None:
        return f"({UNREADABLE})"
    pictures = {0: "", 1: "a picture, which we cannot see"}.get(
        text.media, f"{text.media} pictures, which we cannot see"
    )
    if text.body and pictures:
        return f"{text.body} (and {pictures})"
    return text.body or (f"({pictures})" if pictures else "(an empty text)")


async def find(db: AsyncConnection, cipher: Cipher, prefix: str) -> IncomingText:
    """Return the text whose id begins so, done or not; raise NoSuchItem."""
    return by_prefix(await sms_inbox.find(db, cipher, prefix.lower()), prefix, "text")


async def look(db: AsyncConnection, cipher: Cipher, prefix: str, by: By, *, number: bool = False) -> IncomingText:
    """Return it likewise for somebody who reads it, which the audit log tells; raise NoSuchItem.

    `number`: whether they see the whole number.
    """
    text = await find(db, cipher, prefix)
    await audit.write(db, by, _entry(text, working.SAW_NUMBER if number else "read"))
    return text


async def claim(db: AsyncConnection, cipher: Cipher, prefix: str, by: By) -> IncomingText:
    """Claim a text: for two hours nobody else can; raise NoSuchItem or CannotClaim."""
    text = await find(db, cipher, prefix)
    return await _changed(db, cipher, text, by, sms_inbox.claim(db, text.id, by.who, by.at), "claimed")


async def release(db: AsyncConnection, cipher: Cipher, prefix: str, by: By) -> IncomingText:
    """Release a claim; raise NoSuchItem or CannotClaim."""
    text = await find(db, cipher, prefix)
    return await _changed(db, cipher, text, by, sms_inbox.release(db, text.id, by.who, by.at), "released")


async def done(db: AsyncConnection, cipher: Cipher, prefix: str, by: By) -> IncomingText:
    """Finish with a text that needs no answer; raise NoSuchItem or CannotClaim. What was done before stays so."""
    text = await find(db, cipher, prefix)
    if text.done:
        return text
    return await _changed(db, cipher, text, by, sms_inbox.done(db, text.id, by.who, by.at), "done")


async def undo(db: AsyncConnection, cipher: Cipher, prefix: str, by: By, *, of_others: bool) -> IncomingText:
    """Have a text wait again that was finished with by mistake; raise NoSuchItem or CannotUndo.

    `of_others`: whoever does it may undo what others did. An answer that was sent cannot be taken back.
    """
    text = await find(db, cipher, prefix)
    working.check_undo(by, text.done_by if text.done else None, of_others=of_others)
    return await _changed(db, cipher, text, by, sms_inbox.undo(db, text.id), "waits again")


async def note(db: AsyncConnection, cipher: Cipher, prefix: str, body: str, by: By) -> IncomingText:
    """Add a note, done or not; raise NoSuchItem or InvalidInput."""
    text = await find(db, cipher, prefix)
    await working.add_note(db, cipher, ItemKind.text, text.id, text.number, body, by)
    return text


async def answer(
    db: AsyncConnection, cipher: Cipher, prefix: str, words: str, texting: Texting, by: By
) -> IncomingText:
    """Answer a text, once, and finish with it; raise NoSuchItem, CannotClaim, CannotText or InvalidInput.

    An answer that could not be sent may be followed by another.
    """
    text = await find(db, cipher, prefix)
    before = await outgoing_texts.state_of(db, cipher, text.answer)
    if text.answer and (before is None or before.state is not SmsState.failed):
        raise CannotText(f"Text {text.id[:SHOWN]} was answered already.")
    number, body = outgoing_texts.check_number(text.number, texting.destinations), outgoing_texts.checked(words)
    key = f"answer {text.id} {text.answer or 'first'}"
    sent = await outgoing_texts.send(db, cipher, key, SendText(number, body, ANSWER), by, texting.quotas)
    return await _changed(db, cipher, text, by, sms_inbox.done(db, text.id, by.who, by.at, sent), "answered")


async def _changed(
    db: AsyncConnection, cipher: Cipher, text: IncomingText, by: By, change: Awaitable[bool], what: str
) -> IncomingText:
    refusal = working.who_has_it(text.claimer(by.at), text.done_by)
    await working.change(db, by, _entry(text, what), change, refusal)
    return await find(db, cipher, text.id)


def _entry(text: IncomingText, what: str) -> str:
    return f"text {text.id[:SHOWN]}: {what}"
