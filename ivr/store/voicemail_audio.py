"""The sound of messages: news of it, fetching it, keeping it sealed; and when the provider may forget it.

`look_at` is when to fetch one; it is empty once the sound is here and was read back, and when we have given up.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.message import SHORTEST
from ivr.store import provider_resources
from ivr.store.cipher import Cipher
from ivr.store.tables import voicemails
from ivr.store.voicemail_state import VoicemailState

A_WHILE = timedelta(seconds=30)
"""How long we wait for the provider to say that a recording is complete, before we try without."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=1)
MOST_TRIES = 80
"""That is about three days."""


@dataclass(frozen=True, slots=True)
class PendingRecording:
    """A recording to be fetched: the message, its name at the provider, and how often that was tried, this included."""

    message: str
    recording: str
    tries: int


async def arrived(
    db: AsyncConnection,
    id: str,
    recording: str,
    seconds: int | None,
    now: datetime,
    fetch_at: datetime | None = None,
) -> bool:
    """There is a recording for a message; False if nobody is to hear it, and the provider is to forget it.

    That is so if the message was thrown away or erased meanwhile, or if the recording is too short to be words.
    Without `fetch_at` it is not known to be complete.
    """
    columns = (
        voicemails.c.state,
        voicemails.c.blind_index,
        voicemails.c.recording,
        voicemails.c.sound.is_not(None).label("is_here"),
    )
    row = (await db.execute(select(*columns).where(voicemails.c.id == id).with_for_update())).one_or_none()
    known = row is not None and row.recording == recording
    too_short = not known and seconds is not None and seconds < SHORTEST
    if row is None or row.state == VoicemailState.discarded or too_short:
        await provider_resources.add(db, "recording", recording, row.blind_index if row else None, now, due=now)
        return False
    if row.recording is None:
        found = {"recording": recording, "seconds": seconds, "look_at": fetch_at or now + A_WHILE}
        await _change(db, id, state=VoicemailState.recorded, changed=now, **found)
    elif not known:  # a second recording of one message: the first was kept, and this one will be forgotten in time
        await provider_resources.add(db, "recording", recording, row.blind_index, now)
    elif fetch_at and not row.is_here:
        await _change(db, id, look_at=fetch_at, tries=0)
    return True


async def absent(db: AsyncConnection, id: str, recording: str) -> bool:
    """The provider has no such recording after all; whether a message is lost by that.

    It tells so of every silence, too: those are no message's recording.
    """
    lost = voicemails.c.id == id, voicemails.c.recording == recording, voicemails.c.sound.is_(None)
    return (await db.execute(update(voicemails).where(*lost).values(look_at=None))).rowcount > 0


async def due(db: AsyncConnection, now: datetime, limit: int, lease: timedelta) -> list[PendingRecording]:
    """Take recordings to fetch them: nobody else is given them until the lease is over."""
    is_time = (voicemails.c.look_at <= now) | (voicemails.c.look_at > now + LONGEST_WAIT)  # or a clock was set back
    waiting = is_time, voicemails.c.recording.is_not(None)
    held = select(voicemails.c.id).where(*waiting).order_by(voicemails.c.look_at).limit(limit)
    ids = list(await db.scalars(held.with_for_update(skip_locked=True)))
    taken = update(voicemails).where(voicemails.c.id.in_(ids)).values(look_at=now + lease, tries=voicemails.c.tries + 1)
    rows = await db.execute(taken.returning(voicemails.c.id, voicemails.c.recording, voicemails.c.tries))
    return [PendingRecording(row.id, row.recording, row.tries) for row in rows]


async def keep(db: AsyncConnection, cipher: Cipher, waiting: PendingRecording, sound: bytes) -> bool:
    """Keep a sound; False if nobody wants it any more. The provider keeps it too, until `is_safe`."""
    return await _change(db, waiting.message, sound=cipher.encrypt_bytes(sound))


async def is_safe(db: AsyncConnection, waiting: PendingRecording, now: datetime) -> None:
    """What we keep was read back: the provider is to forget it."""
    if await _change(db, waiting.message, look_at=None):
        await let_go(db, voicemails.c.id == waiting.message, now)


async def failed(db: AsyncConnection, waiting: PendingRecording, now: datetime) -> bool:
    """It could not be fetched: try later, ever more rarely. True if it was given up; the provider still has it then."""
    give_up = waiting.tries >= MOST_TRIES
    await _change(db, waiting.message, look_at=None if give_up else now + _wait(waiting.tries))
    await let_go_if_lost(db, waiting.message, now)
    return give_up


async def let_go(db: AsyncConnection, which: ColumnElement[bool], now: datetime) -> None:
    """Have the provider forget the recordings of some messages as soon as can be."""
    found = select(voicemails.c.recording, voicemails.c.blind_index).where(which, voicemails.c.recording.is_not(None))
    for row in (await db.execute(found)).all():
        await provider_resources.add(db, "recording", row.recording, row.blind_index, now, due=now)


async def let_go_if_lost(db: AsyncConnection, id: str, now: datetime) -> None:
    """A message that is done, and will never be fetched: there is nothing to keep it at the provider for."""
    lost = voicemails.c.sound.is_(None) & voicemails.c.look_at.is_(None)
    await let_go(db, (voicemails.c.id == id) & (voicemails.c.state == VoicemailState.done) & lost, now)


async def is_here(db: AsyncConnection, id: str) -> bool:
    """Whether a message can be played."""
    return bool(await db.scalar(select(voicemails.c.id).where(voicemails.c.id == id, voicemails.c.sound.is_not(None))))


async def sound(db: AsyncConnection, cipher: Cipher, id: str) -> bytes | None:
    """The sound of a message, if it is here; raises BrokenSeal."""
    sealed = await db.scalar(select(voicemails.c.sound).where(voicemails.c.id == id))
    return None if sealed is None else cipher.decrypt_bytes(sealed)


async def _change(db: AsyncConnection, id: str, **values: Any) -> bool:
    """Change a message that was not thrown away."""
    which = voicemails.c.id == id, voicemails.c.state != VoicemailState.discarded
    return (await db.execute(update(voicemails).where(*which).values(values))).rowcount > 0


def _wait(tries: int) -> timedelta:
    """Each time twice as long as the last.

    >>> str(_wait(1)), str(_wait(4)), str(_wait(80))
    ('0:00:10', '0:01:20', '1:00:00')
    """
    return min(FIRST_WAIT * (1 << min(tries - 1, 20)), LONGEST_WAIT)
