"""The audio of voicemails: fetched from the provider, stored encrypted, then deleted at the provider.

`look_at` is when to fetch one; it is empty once the audio is stored and was read back, and when we have given up.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.call_variables import SHORTEST
from ivr.store import provider_resources
from ivr.store.backoff import backoff
from ivr.store.cipher import Cipher
from ivr.store.idempotency import insert_new
from ivr.store.missing_recordings import OF_THE_CALLER, id_for
from ivr.store.tables import voicemails
from ivr.store.voicemail_list import COLUMNS, VoicemailState

A_WHILE = timedelta(seconds=30)
"""How long we wait for the provider to say that a recording is complete, before we try without."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=1)
MOST_TRIES = 80
"""That is about three days."""


@dataclass(frozen=True, slots=True)
class PendingRecording:
    """A recording to be fetched: the voicemail, the RecordingSid, and the number of tries, this included."""

    voicemail: str
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
    """Record that there is a recording; return False if nobody is to hear it.

    That is so if the voicemail was discarded or erased meanwhile, or if the recording is too short for words. Without
    `fetch_at` it is not known to be complete, and how long it is said to be is no reason to delete it.
    """
    row = await _read(db, voicemails.c.id == id)
    if row is None or row.state == VoicemailState.discarded:
        await provider_resources.add(db, "recording", recording, row.blind_index if row else None, now, due=now)
        return False
    if row.recording == recording:
        if fetch_at and not row.is_here:
            await _change(db, id, look_at=fetch_at, tries=0)
        return await measured(db, id, seconds if fetch_at else None, now)
    if seconds is not None and seconds < SHORTEST:
        if fetch_at:
            await provider_resources.add(db, "recording", recording, row.blind_index, now, due=now)
        return False
    await _keep(db, row, recording, seconds, now, fetch_at or now + A_WHILE)
    return True


async def measured(db: AsyncConnection, id: str, seconds: int | None, now: datetime) -> bool:
    """Record how long a recording is, if nobody knew; return False if it is too short for words, and not passed on."""
    row = await _read(db, voicemails.c.id == id, voicemails.c.seconds.is_(None), voicemails.c.recording.is_not(None))
    if row is None or seconds is None:
        return True
    if seconds >= SHORTEST or row.state != VoicemailState.recorded:
        await _change(db, id, seconds=seconds)
        return True
    await delete_at_provider(db, voicemails.c.id == id, now)
    await _change(db, id, state=VoicemailState.begun, changed=now, recording=None, sound=None, look_at=None)
    return False


async def is_measured(db: AsyncConnection, id: str) -> bool:
    """Return whether it is known how long a voicemail is."""
    known = voicemails.c.id == id, voicemails.c.seconds.is_not(None)
    return bool(await db.scalar(select(voicemails.c.id).where(*known)))


async def _read(db: AsyncConnection, *which: ColumnElement[bool]) -> Any:
    """Return a voicemail and whether its audio is here, locked; None if there is none."""
    is_here = voicemails.c.sound.is_not(None).label("is_here")
    return (await db.execute(select(*COLUMNS, is_here).where(*which).with_for_update())).one_or_none()


async def _keep(
    db: AsyncConnection, row: Any, recording: str, seconds: int | None, now: datetime, fetch_at: datetime
) -> None:
    """Keep a recording in its row; a second one of a voicemail gets a row of its own, for both may be words."""
    found = {"recording": recording, "seconds": seconds, "look_at": fetch_at}
    found |= {"state": VoicemailState.recorded, "changed": now}
    if row.recording is None:
        await _change(db, row.id, **found)
    else:
        same = {name: row._mapping[name] for name in OF_THE_CALLER}
        await insert_new(db, voicemails, id=id_for(recording), **same, **found)


async def absent(db: AsyncConnection, id: str, recording: str) -> bool:
    """Record that the provider has no such recording after all; return whether a voicemail is lost by that.

    The provider reports every silence so, too: those are no voicemail's recording.
    """
    lost = voicemails.c.id == id, voicemails.c.recording == recording, voicemails.c.sound.is_(None)
    return (await db.execute(update(voicemails).where(*lost).values(look_at=None))).rowcount > 0


async def due(db: AsyncConnection, now: datetime, limit: int, lease: timedelta) -> list[PendingRecording]:
    """Claim recordings to fetch them: no other worker gets them until the lease is over."""
    is_time = (voicemails.c.look_at <= now) | (voicemails.c.look_at > now + LONGEST_WAIT)  # or a clock was set back
    waiting = is_time, voicemails.c.recording.is_not(None)
    held = select(voicemails.c.id).where(*waiting).order_by(voicemails.c.look_at).limit(limit)
    ids = list(await db.scalars(held.with_for_update(skip_locked=True)))
    taken = update(voicemails).where(voicemails.c.id.in_(ids)).values(look_at=now + lease, tries=voicemails.c.tries + 1)
    rows = await db.execute(taken.returning(voicemails.c.id, voicemails.c.recording, voicemails.c.tries))
    return [PendingRecording(row.id, row.recording, row.tries) for row in rows]


async def save(db: AsyncConnection, cipher: Cipher, waiting: PendingRecording, sound: bytes) -> bool:
    """Store the audio; return False if it is not wanted any more. The provider has it too, until `verified`."""
    return await _change(db, waiting.voicemail, sound=cipher.encrypt_bytes(sound))


async def verified(db: AsyncConnection, waiting: PendingRecording, now: datetime) -> None:
    """Record that the stored audio was read back: the provider is to delete its own."""
    if await _change(db, waiting.voicemail, look_at=None):
        await delete_at_provider(db, voicemails.c.id == waiting.voicemail, now)


async def failed(db: AsyncConnection, waiting: PendingRecording, now: datetime) -> bool:
    """Try later, ever more rarely; return True if it was given up, and the provider still has it."""
    give_up = waiting.tries >= MOST_TRIES
    later = now + backoff(waiting.tries, FIRST_WAIT, LONGEST_WAIT)
    await _change(db, waiting.voicemail, look_at=None if give_up else later)
    await delete_at_provider_if_lost(db, waiting.voicemail, now)
    return give_up


async def delete_at_provider(db: AsyncConnection, which: ColumnElement[bool], now: datetime) -> None:
    """Have the recordings of some voicemails deleted at the provider as soon as can be."""
    found = select(voicemails.c.recording, voicemails.c.blind_index).where(which, voicemails.c.recording.is_not(None))
    for row in (await db.execute(found)).all():
        await provider_resources.add(db, "recording", row.recording, row.blind_index, now, due=now)


async def delete_at_provider_if_lost(db: AsyncConnection, id: str, now: datetime) -> None:
    """Do so for a voicemail that is done and will never be fetched."""
    lost = voicemails.c.sound.is_(None) & voicemails.c.look_at.is_(None)
    await delete_at_provider(db, (voicemails.c.id == id) & (voicemails.c.state == VoicemailState.done) & lost, now)


async def is_here(db: AsyncConnection, id: str) -> bool:
    """Return whether a voicemail can be played."""
    return bool(await db.scalar(select(voicemails.c.id).where(voicemails.c.id == id, voicemails.c.sound.is_not(None))))


async def sound(db: AsyncConnection, cipher: Cipher, id: str) -> bytes | None:
    """Return the audio of a voicemail, if it is stored; raise InvalidToken if it cannot be decrypted."""
    encrypted = await db.scalar(select(voicemails.c.sound).where(voicemails.c.id == id))
    return None if encrypted is None else cipher.decrypt_bytes(encrypted)


async def _change(db: AsyncConnection, id: str, **values: Any) -> bool:
    """Change a voicemail that was not discarded."""
    which = voicemails.c.id == id, voicemails.c.state != VoicemailState.discarded
    return (await db.execute(update(voicemails).where(*which).values(values))).rowcount > 0
