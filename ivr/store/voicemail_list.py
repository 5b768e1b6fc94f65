"""The list of voicemails that advisers see, each dealt with by one of them at a time.

sent ── claim, release (`claims.py`) ── done (`voicemails.py`) ──► done ── undo ──► sent
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.store import claims
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
    claimed_by: str | None = None
    claimed: datetime | None = None

    def claimer(self, now: datetime) -> str | None:
        """Return who has claimed it, unless the claim has lapsed."""
        return claims.claimer(self.claimed_by, self.claimed, now)


async def read(db: AsyncConnection, cipher: Cipher, *, everything: bool = False) -> list[Voicemail]:
    """Return what waits to be dealt with, the oldest first, or everything."""
    wanted = LISTED if everything else (VoicemailState.sent,)
    return await _read(db, cipher, voicemails.c.state.in_(wanted))


async def find(db: AsyncConnection, cipher: Cipher, begins: str) -> list[Voicemail]:
    """Return the listed voicemails whose id begins so."""
    named = voicemails.c.id.startswith(begins, autoescape=True)
    return await _read(db, cipher, named & voicemails.c.state.in_(LISTED))


async def claim(db: AsyncConnection, id: str, who: str, now: datetime) -> bool:
    """Claim a voicemail; return False if somebody else has, or if it does not wait."""
    return await claims.claim(db, voicemails, _waits(id), who, now)


async def release(db: AsyncConnection, id: str, who: str, now: datetime) -> bool:
    """Release a claim; return False likewise."""
    return await claims.release(db, voicemails, _waits(id), who, now)


async def undo(db: AsyncConnection, id: str, now: datetime) -> bool:
    """Have a voicemail wait again that was done by mistake; return False if it was not done."""
    done = voicemails.c.id == id, voicemails.c.state == VoicemailState.done
    again = {"state": VoicemailState.sent, "by": None, "changed": now, **claims.UNCLAIMED}
    return (await db.execute(update(voicemails).where(*done).values(again))).rowcount > 0


def _waits(id: str) -> ColumnElement[bool]:
    return (voicemails.c.id == id) & (voicemails.c.state == VoicemailState.sent)


async def _read(db: AsyncConnection, cipher: Cipher, which: Any) -> list[Voicemail]:
    is_here = voicemails.c.sound.is_not(None).label("is_here")
    rows = await db.execute(select(*COLUMNS, is_here).where(which).order_by(voicemails.c.began, voicemails.c.id))
    return [_voicemail(row, cipher) for row in rows.all()]


def _voicemail(row: Any, cipher: Cipher) -> Voicemail:
    sound = HERE if row.is_here else COMING if row.look_at else LOST
    caller = row.id, cipher.decrypt_or_none(row.number), row.topic, row.deadline
    state, whose = VoicemailState(row.state), (row.audience, row.claimed_by, row.claimed)
    return Voicemail(*caller, state, row.seconds, sound, row.recording, row.by, row.began, *whose)
