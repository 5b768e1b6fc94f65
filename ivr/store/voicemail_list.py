"""The list of voicemails that advisers see."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store.cipher import Cipher
from ivr.store.tables import voicemails


class VoicemailState(StrEnum):
    """The state of a voicemail: `recorded` ones are still the caller's to throw away, `sent` ones are on the list."""

    begun = "begun"
    recorded = "recorded"
    sent = "sent"
    discarded = "discarded"
    done = "done"


LISTED = VoicemailState.sent, VoicemailState.done
COLUMNS = [column for column in voicemails.c if column is not voicemails.c.sound]
HERE, COMING, LOST = "here", "coming", "lost"


@dataclass(frozen=True, slots=True)
class Voicemail:
    """One voicemail. `number` is as the provider gave it, so it may be withheld; None if it cannot be decrypted.

    `by` is who has dealt with it, `audience` is young_person if that is who called.

    `sound` is `here`, `coming`, or `lost`: then the provider may still have it, under the RecordingSid `recording`.
    """

    id: str
    number: str | None = field(repr=False)
    topic: str
    deadline: date | None
    state: VoicemailState
    seconds: int | None
    sound: str
    recording: str | None
    by: str | None
    began: datetime
    audience: str = ""


async def read(db: AsyncConnection, cipher: Cipher, *, everything: bool = False) -> list[Voicemail]:
    """Return what waits to be dealt with, the oldest first, or everything."""
    wanted = LISTED if everything else (VoicemailState.sent,)
    return await _read(db, cipher, voicemails.c.state.in_(wanted))


async def find(db: AsyncConnection, cipher: Cipher, begins: str) -> list[Voicemail]:
    """Return the listed voicemails whose id begins so."""
    named = voicemails.c.id.startswith(begins, autoescape=True)
    return await _read(db, cipher, named & voicemails.c.state.in_(LISTED))


async def _read(db: AsyncConnection, cipher: Cipher, which: Any) -> list[Voicemail]:
    is_here = voicemails.c.sound.is_not(None).label("is_here")
    rows = await db.execute(select(*COLUMNS, is_here).where(which).order_by(voicemails.c.began, voicemails.c.id))
    return [_voicemail(row, cipher) for row in rows.all()]


def _voicemail(row: Any, cipher: Cipher) -> Voicemail:
    sound = HERE if row.is_here else COMING if row.look_at else LOST
    caller = row.id, cipher.decrypt_or_none(row.number), row.topic, row.deadline
    state = VoicemailState(row.state)
    return Voicemail(*caller, state, row.seconds, sound, row.recording, row.by, row.began, row.audience)
