"""What an adviser does with a message that a caller left."""

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import IvrError
from ivr.staff.lookup import SHOWN, by_prefix
from ivr.store import audit, voicemail_audio, voicemail_list, voicemails
from ivr.store.audit import By
from ivr.store.cipher import Cipher
from ivr.store.voicemail_list import COMING, HERE, LOST, Voicemail
from ivr.tokens import RecordingLinks

NOT_HERE = {COMING: "not fetched yet", LOST: "cannot be fetched: look for {} at the telephone company"}

NOBODY_KNOWS = "the telephone company could not tell whether anything was said"


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


async def link(db: AsyncConnection, cipher: Cipher, links: RecordingLinks, prefix: str, by: By) -> str:
    """Return an address at which a message can be heard for ten minutes; raise NoSuchItem or CannotPlay."""
    message = await _playable(db, cipher, prefix)
    await audit.write(db, by, f"message {message.id[:SHOWN]}: link to hear it")
    return links.address(message.id, by.at)


async def audio(db: AsyncConnection, cipher: Cipher, prefix: str, by: By) -> bytes:
    """Return the recording of a message (WAV); raise NoSuchItem or CannotPlay."""
    message = await _playable(db, cipher, prefix)
    await audit.write(db, by, f"message {message.id[:SHOWN]}: sound saved to a file")
    return await voicemail_audio.sound(db, cipher, message.id) or b""


async def done(db: AsyncConnection, cipher: Cipher, prefix: str, by: By) -> Voicemail:
    """Mark a message as done and return it; what was done before stays with whoever did it. Raise NoSuchItem."""
    message = await find(db, cipher, prefix)
    if await voicemails.done(db, message.id, by.who, by.at):
        await audit.write(db, by, f"message {message.id[:SHOWN]}: done")
    return await find(db, cipher, message.id)


async def _playable(db: AsyncConnection, cipher: Cipher, prefix: str) -> Voicemail:
    message = await find(db, cipher, prefix)
    if reason := why_not_here(message):
        raise CannotPlay(f"This message cannot be heard ({reason}).")
    return message
