"""What an adviser does with a message that a caller left."""

from collections.abc import Awaitable
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import IvrError
from ivr.staff import working
from ivr.staff.lookup import SHOWN, by_prefix
from ivr.store import audit, voicemail_audio, voicemail_list, voicemails
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.item_kinds import ItemKind
from ivr.store.voicemail_list import COMING, HERE, LOST, Voicemail, VoicemailState
from ivr.tokens import RecordingLinks

NOT_HERE = {COMING: "not fetched yet", LOST: "cannot be fetched: look for {} at the telephone company"}

NOBODY_KNOWS = "the telephone company could not tell whether anything was said"


ONE_PLAYING = timedelta(minutes=10)


class CannotPlay(IvrError):
    """The recording of a message is not here."""


def why_not_here(message: Voicemail) -> str | None:
    """Return why a message cannot be played, in words for an adviser; None if it can."""
    if message.recording is None:
        return NOBODY_KNOWS
    return None if message.sound == HERE else NOT_HERE[message.sound].format(message.recording)


async def find(db: AsyncConnection, cipher: Cipher, prefix: str) -> Voicemail:
    """Return the message whose id begins so, done or not; raise NoSuchItem."""
    return by_prefix(await voicemail_list.find(db, cipher, prefix.lower()), prefix, "message")


async def look(db: AsyncConnection, cipher: Cipher, prefix: str, by: By, *, number: bool = False) -> Voicemail:
    """Return it likewise for somebody who sees it, which the audit log tells; raise NoSuchItem.

    `number`: whether they see the whole number.
    """
    message = await find(db, cipher, prefix)
    await audit.write(db, by, _entry(message, working.SAW_NUMBER if number else "seen"))
    return message


async def claim(db: AsyncConnection, cipher: Cipher, prefix: str, by: By) -> Voicemail:
    """Claim a message: for two hours nobody else can; raise NoSuchItem or CannotClaim."""
    message = await find(db, cipher, prefix)
    return await _changed(db, cipher, message, by, voicemail_list.claim(db, message.id, by.who, by.at), "claimed")


async def release(db: AsyncConnection, cipher: Cipher, prefix: str, by: By) -> Voicemail:
    """Release a claim; raise NoSuchItem or CannotClaim."""
    message = await find(db, cipher, prefix)
    return await _changed(db, cipher, message, by, voicemail_list.release(db, message.id, by.who, by.at), "released")


async def undo(db: AsyncConnection, cipher: Cipher, prefix: str, by: By, *, of_others: bool) -> Voicemail:
    """Have a message wait again that was marked as done by mistake; raise NoSuchItem or CannotUndo.

    `of_others`: whoever does it may undo what others did.
    """
    message = await find(db, cipher, prefix)
    is_done = message.state is VoicemailState.done
    working.check_undo(by, (message.by or "Somebody") if is_done else None, of_others=of_others)
    return await _changed(db, cipher, message, by, voicemail_list.undo(db, message.id, by.at), "waits again")


async def note(db: AsyncConnection, cipher: Cipher, prefix: str, body: str, by: By) -> Voicemail:
    """Add a note, done or not; raise NoSuchItem or InvalidInput."""
    message = await find(db, cipher, prefix)
    await working.add_note(db, cipher, ItemKind.message, message.id, message.number, body, by)
    return message


async def link(db: AsyncConnection, cipher: Cipher, links: RecordingLinks, prefix: str, by: By) -> str:
    """Return an address at which a message can be heard for ten minutes; raise NoSuchItem or CannotPlay."""
    message = await _playable(db, cipher, prefix)
    await audit.write(db, by, _entry(message, "link to hear it"))
    return links.address(message.id, by.at)


async def audio(db: AsyncConnection, cipher: Cipher, prefix: str, by: By) -> bytes:
    """Return the recording of a message (WAV), for a file; raise NoSuchItem or CannotPlay."""
    message = await _playable(db, cipher, prefix)
    await audit.write(db, by, _entry(message, "sound saved to a file"))
    return await voicemail_audio.sound(db, cipher, message.id) or b""


async def sound(db: AsyncConnection, cipher: Cipher, id: str, by: By) -> bytes:
    """Return the recording of a message (WAV) for somebody who hears it; raise NoSuchItem or CannotPlay.

    A browser asks for it piece by piece: that they hear it stands in the audit log once in ten minutes.
    """
    message = await _playable(db, cipher, id)
    if not await audit.was_written(db, by, entry := _entry(message, "played"), since=by.at - ONE_PLAYING):
        await audit.write(db, by, entry)
    return await voicemail_audio.sound(db, cipher, message.id) or b""


async def done(db: AsyncConnection, cipher: Cipher, prefix: str, by: By) -> Voicemail:
    """Mark a message as done and return it; what was done before stays with whoever did it.

    Raises NoSuchItem or CannotClaim.
    """
    message = await find(db, cipher, prefix)
    if message.state is VoicemailState.done:
        return message
    return await _changed(db, cipher, message, by, voicemails.done(db, message.id, by.who, by.at), "done")


async def _changed(
    db: AsyncConnection, cipher: Cipher, message: Voicemail, by: By, change: Awaitable[bool], what: str
) -> Voicemail:
    refusal = working.who_has_it(message.claimer(by.at), message.by)
    await working.change(db, by, _entry(message, what), change, refusal)
    return await find(db, cipher, message.id)


def _entry(message: Voicemail, what: str) -> str:
    return f"message {message.id[:SHOWN]}: {what}"


async def _playable(db: AsyncConnection, cipher: Cipher, prefix: str) -> Voicemail:
    message = await find(db, cipher, prefix)
    if reason := why_not_here(message):
        raise CannotPlay(f"This message cannot be heard ({reason}).")
    return message
