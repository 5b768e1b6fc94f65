"""The sound of messages: news of it, fetching it, keeping it sealed; and when the provider may forget it.

`look_at` is when to fetch one; it is empty once the sound is here and was read back, and when we have given up.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.helpline.message import SHORTEST
from ivr.store import resources
from ivr.store.cipher import Cipher
from ivr.store.message_state import State
from ivr.store.tables import messages

A_WHILE = timedelta(seconds=30)
"""How long we wait for the provider to say that a recording is complete, before we try without."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=1)
MOST_TRIES = 80
"""That is about three days."""


@dataclass(frozen=True, slots=True)
class Waiting:
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
    columns = messages.c.state, messages.c.mark, messages.c.recording, messages.c.sound.is_not(None).label("is_here")
    row = (await db.execute(select(*columns).where(messages.c.id == id).with_for_update())).one_or_none()
    known = row is not None and row.recording == recording
    too_short = not known and seconds is not None and seconds < SHORTEST
    if row is None or row.state == State.discarded or too_short:
        await resources.add(db, "recording", recording, row.mark if row else None, now, due=now)
        return False
    if row.recording is None:
        found = {"recording": recording, "seconds": seconds, "look_at": fetch_at or now + A_WHILE}
        await _change(db, id, state=State.recorded, changed=now, **found)
    elif not known:  # a second recording of one message: the first was kept, and this one will be forgotten in time
        await resources.add(db, "recording", recording, row.mark, now)
    elif fetch_at and not row.is_here:
        await _change(db, id, look_at=fetch_at, tries=0)
    return True


async def absent(db: AsyncConnection, id: str, recording: str) -> bool:
    """The provider has no such recording after all; whether a message is lost by that.

    It tells so of every silence, too: those are no message's recording.
    """
    lost = messages.c.id == id, messages.c.recording == recording, messages.c.sound.is_(None)
    return (await db.execute(update(messages).where(*lost).values(look_at=None))).rowcount > 0


async def due(db: AsyncConnection, now: datetime, limit: int, lease: timedelta) -> list[Waiting]:
    """Take recordings to fetch them: nobody else is given them until the lease is over."""
    is_time = (messages.c.look_at <= now) | (messages.c.look_at > now + LONGEST_WAIT)  # or a clock was set back
    waiting = is_time, messages.c.recording.is_not(None)
    held = select(messages.c.id).where(*waiting).order_by(messages.c.look_at).limit(limit)
    ids = list(await db.scalars(held.with_for_update(skip_locked=True)))
    taken = update(messages).where(messages.c.id.in_(ids)).values(look_at=now + lease, tries=messages.c.tries + 1)
    rows = await db.execute(taken.returning(messages.c.id, messages.c.recording, messages.c.tries))
    return [Waiting(row.id, row.recording, row.tries) for row in rows]


async def keep(db: AsyncConnection, cipher: Cipher, waiting: Waiting, sound: bytes) -> bool:
    """Keep a sound; False if nobody wants it any more. The provider keeps it too, until `is_safe`."""
    return await _change(db, waiting.message, sound=cipher.seal_bytes(sound))


async def is_safe(db: AsyncConnection, waiting: Waiting, now: datetime) -> None:
    """What we keep was read back: the provider is to forget it."""
    if await _change(db, waiting.message, look_at=None):
        await let_go(db, messages.c.id == waiting.message, now)


async def failed(db: AsyncConnection, waiting: Waiting, now: datetime) -> bool:
    """It could not be fetched: try later, ever more rarely. True if it was given up; the provider still has it then."""
    give_up = waiting.tries >= MOST_TRIES
    await _change(db, waiting.message, look_at=None if give_up else now + _wait(waiting.tries))
    await let_go_if_lost(db, waiting.message, now)
    return give_up


async def let_go(db: AsyncConnection, which: ColumnElement[bool], now: datetime) -> None:
    """Have the provider forget the recordings of some messages as soon as can be."""
    found = select(messages.c.recording, messages.c.mark).where(which, messages.c.recording.is_not(None))
    for row in (await db.execute(found)).all():
        await resources.add(db, "recording", row.recording, row.mark, now, due=now)


async def let_go_if_lost(db: AsyncConnection, id: str, now: datetime) -> None:
    """A message that is done, and will never be fetched: there is nothing to keep it at the provider for."""
    lost = messages.c.sound.is_(None) & messages.c.look_at.is_(None)
    await let_go(db, (messages.c.id == id) & (messages.c.state == State.done) & lost, now)


async def is_here(db: AsyncConnection, id: str) -> bool:
    """Whether a message can be played."""
    return bool(await db.scalar(select(messages.c.id).where(messages.c.id == id, messages.c.sound.is_not(None))))


async def sound(db: AsyncConnection, cipher: Cipher, id: str) -> bytes | None:
    """The sound of a message, if it is here; raises BrokenSeal."""
    sealed = await db.scalar(select(messages.c.sound).where(messages.c.id == id))
    return None if sealed is None else cipher.open_bytes(sealed)


async def _change(db: AsyncConnection, id: str, **values: Any) -> bool:
    """Change a message that was not thrown away."""
    which = messages.c.id == id, messages.c.state != State.discarded
    return (await db.execute(update(messages).where(*which).values(values))).rowcount > 0


def _wait(tries: int) -> timedelta:
    """Each time twice as long as the last.

    >>> str(_wait(1)), str(_wait(4)), str(_wait(80))
    ('0:00:10', '0:01:20', '1:00:00')
    """
    return min(FIRST_WAIT * (1 << min(tries - 1, 20)), LONGEST_WAIT)
