"""Recordings of which no news reached us: when to ask the provider, and where they belong.

While a voicemail has no recording, `look_at` is when to ask the provider for those of its call; it is empty once the
call is over and nothing was said.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.errors import InvalidToken
from ivr.helpline.phone_numbers import identity
from ivr.store import provider_resources
from ivr.store.backoff import backoff
from ivr.store.cipher import Cipher
from ivr.store.idempotency import insert_new
from ivr.store.tables import call_events, voicemails
from ivr.store.tables import provider_resources as resources
from ivr.store.voicemail_list import VoicemailState

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=1)
MOST_TRIES = 80
"""That is about three days."""
ENOUGH_TRIES = 2
"""How often the provider must say that nothing was recorded before we believe it."""
OF_THE_CALLER = "number", "blind_index", "call", "sid", "topic", "deadline", "audience", "began"
"""What two voicemails of one call have in common."""


@dataclass(frozen=True, slots=True)
class MissingRecording:
    """A voicemail without a recording, the CallSid (encrypted), and the number of tries, this included."""

    voicemail: str
    sid: bytes
    tries: int


async def due(db: AsyncConnection, now: datetime, limit: int, lease: timedelta) -> list[MissingRecording]:
    """Claim voicemails to ask for the recordings of their call: no other worker gets them until the lease is over."""
    is_time = (voicemails.c.look_at <= now) | (voicemails.c.look_at > now + LONGEST_WAIT)  # or a clock was set back
    waiting = is_time, _is_missing(), voicemails.c.sid.is_not(None)
    held = select(voicemails.c.id).where(*waiting).order_by(voicemails.c.look_at).limit(limit)
    ids = list(await db.scalars(held.with_for_update(skip_locked=True)))
    taken = update(voicemails).where(voicemails.c.id.in_(ids)).values(look_at=now + lease, tries=voicemails.c.tries + 1)
    rows = await db.execute(taken.returning(voicemails.c.id, voicemails.c.sid, voicemails.c.tries))
    return [MissingRecording(row.id, row.sid, row.tries) for row in rows]


async def ask_later(db: AsyncConnection, missing: MissingRecording, now: datetime) -> bool:
    """Ask again later, ever more rarely; return True if that was the last time."""
    later = now + backoff(missing.tries, FIRST_WAIT, LONGEST_WAIT)
    await db.execute(update(voicemails).where(_is(missing)).values(look_at=later))
    return missing.tries >= MOST_TRIES


async def nothing_was_said(db: AsyncConnection, missing: MissingRecording) -> None:
    """Do not ask again: the call is over, and the provider has no recording of it."""
    await db.execute(update(voicemails).where(_is(missing)).values(look_at=None))


async def unknown(db: AsyncConnection, recordings: Iterable[str]) -> list[str]:
    """Return the RecordingSids that are neither a voicemail's nor about to be deleted at the provider."""
    wanted = list(recordings)
    ours = select(voicemails.c.recording).where(voicemails.c.recording.in_(wanted))
    going = select(resources.c.sid).where(resources.c.sid.in_(wanted))
    known = {*(await db.scalars(ours)), *(await db.scalars(going))}
    return [sid for sid in wanted if sid not in known]


async def is_erased(db: AsyncConnection, call: str) -> bool:
    """Return whether all recordings of a call are about to be deleted at the provider."""
    return bool(await db.scalar(select(resources.c.sid).where(resources.c.sid == recordings_of(call))))


async def is_our_call(db: AsyncConnection, call: bytes) -> bool:
    """Return whether we have answered a call (by the blind index of its CallSid), as far as is still known."""
    known = exists().where(call_events.c.call == call) | exists().where(voicemails.c.call == call)
    return bool(await db.scalar(select(known)))


async def voicemail_for(
    db: AsyncConnection, cipher: Cipher, recording: str, call: str, caller: str | None, now: datetime
) -> str | None:
    """Return the id of the voicemail that a recording belongs to, made if there is none; None if nobody is its caller.

    In a call with several voicemails that is the first without a recording. One that the caller threw away had its
    own: another recording is another voicemail.
    """
    blind_index = cipher.blind_index(call)
    waiting = voicemails.c.call == blind_index, voicemails.c.state == VoicemailState.begun, _has_none()
    first = select(voicemails.c.id).where(*waiting).order_by(voicemails.c.began, voicemails.c.id).limit(1)
    if id := await db.scalar(first.with_for_update()):
        return str(id)
    of_this_call = select(voicemails).where(voicemails.c.call == blind_index).order_by(voicemails.c.began).limit(1)
    other = (await db.execute(of_this_call)).one_or_none()
    if other:
        about = {name: other._mapping[name] for name in OF_THE_CALLER}
    elif caller is not None:
        about = {**cipher.encrypt_number(identity(caller) or ""), "call": blind_index, "sid": cipher.encrypt(call)}
        about |= {"topic": "", "deadline": None, "began": now}
    else:
        return None
    id = id_for(recording)
    await insert_new(db, voicemails, id=id, state=VoicemailState.begun, changed=now, **about)
    return id


def id_for(recording: str) -> str:
    """Return the id of the voicemail that is made for a recording: the same each time it is found."""
    return str(uuid5(NAMESPACE_OID, recording))


async def delete_at_provider(db: AsyncConnection, cipher: Cipher, which: ColumnElement[bool], now: datetime) -> None:
    """Have the provider delete all recordings of calls whose recording never reached us, whenever it has them."""
    found = select(voicemails.c.sid, voicemails.c.blind_index).where(which, _has_none(), voicemails.c.sid.is_not(None))
    for row in (await db.execute(found)).all():
        try:
            call = cipher.decrypt(row.sid)
        except InvalidToken:  # its key is lost: nobody can tell which call it was
            continue
        await provider_resources.add(db, "recordings", recordings_of(call), row.blind_index, now, due=now)


def recordings_of(call: str) -> str:
    """Return the name of the recordings of a call, in `provider_resources`.

    >>> recordings_of("CA1")
    'CA1/Recordings'
    """
    return f"{call}/Recordings"


def _has_none() -> ColumnElement[bool]:
    return voicemails.c.recording.is_(None)


def _is_missing() -> ColumnElement[bool]:
    return (voicemails.c.state == VoicemailState.begun) & _has_none()


def _is(missing: MissingRecording) -> ColumnElement[bool]:
    return (voicemails.c.id == missing.voicemail) & _is_missing()
