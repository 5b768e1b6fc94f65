"""Messages that callers leave.

    begun ─ a recording ─► recorded ─ sent by a key, or the call is over ─► sent ─ done ─► done
      └───────────────────────┴── discard ─► discarded

The row is there before the tone: its name stands in the address at which the provider tells of the recording, which
may be all that we ever hear of it. Only `discard` keeps what a caller has said from our advisers.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.events import PromiseKept
from ivr.engine.promises import (
    Kept,
    Message,
    MessageBegin,
    MessageDiscard,
    MessageHear,
    MessageRecorded,
    MessageSend,
)
from ivr.helpline.numbers import Line, kind_of
from ivr.store import counts, recordings
from ivr.store.alerts import Alerts
from ivr.store.asker import Asker
from ivr.store.caps import HOUR, is_full
from ivr.store.cipher import Cipher
from ivr.store.message_state import State
from ivr.store.once import once
from ivr.store.tables import calls, messages


async def keep(db: AsyncConnection, cipher: Cipher, asker: Asker, promise: Message) -> PromiseKept:
    """Undertake what a step promises. Asked again, each has the same outcome and changes nothing."""
    match promise:
        case MessageBegin():
            return await _begin(db, cipher, asker, promise)
        case MessageRecorded(id, recording, seconds, gone):
            stands = await recordings.arrived(db, id, recording, seconds, asker.now)
            if stands and gone:
                await send(db, cipher, id, asker.now, asker.alerts)
            return PromiseKept(Kept.kept if stands else Kept.nothing)
        case MessageHear(id):
            return PromiseKept(Kept.kept, id) if await recordings.is_here(db, id) else PromiseKept(Kept.nothing)
        case MessageSend(id):
            await send(db, cipher, id, asker.now, asker.alerts)
            return PromiseKept(await _if_in(db, id, State.sent, State.done))
        case MessageDiscard(id):
            await _discard(db, id, asker.now)
            return PromiseKept(await _if_in(db, id, State.discarded))


async def _begin(db: AsyncConnection, cipher: Cipher, asker: Asker, promise: MessageBegin) -> PromiseKept:
    name = asker.name(cipher)

    async def decide() -> Kept:
        withheld = kind_of(promise.number) is Line.withheld
        if await is_full(db, asker.caps, [] if withheld else cipher.marks(promise.number), asker.now):
            return Kept.capped
        whose = {"number": cipher.seal(promise.number), "mark": cipher.mark(promise.number)}
        about = {"call": cipher.mark(asker.call), "topic": promise.topic, "deadline": promise.deadline}
        times = {"began": asker.now, "changed": asker.now}
        await db.execute(insert(messages).values(id=name, state=State.begun, **whose, **about, **times))
        return Kept.kept

    how = Kept(await once(db, cipher, asker.key, asker.now, decide))
    return PromiseKept(how, name if how is Kept.kept else "")


async def news(
    db: AsyncConnection,
    cipher: Cipher,
    id: str,
    recording: str,
    seconds: int | None,
    now: datetime,
    alerts: Alerts | None,
) -> None:
    """The provider has finished a recording. It may tell so late, twice, first of all, or of what is gone here."""
    stands = await recordings.arrived(db, id, recording, seconds, now, fetch_at=now)
    if stands and await _is_over(db, id):
        await send(db, cipher, id, now, alerts)


async def send(db: AsyncConnection, cipher: Cipher, id: str, now: datetime, alerts: Alerts | None) -> bool:
    """Pass a message on, and tell whoever is on shift; False, and nothing done, if it was or is not to be."""
    if not await _move(db, id, (State.recorded,), State.sent, now):
        return False
    await counts.add_one(db, "message sent", now)
    if alerts:
        await alerts.of_message(db, cipher, id, now)
    return True


async def over(db: AsyncConnection, cipher: Cipher, call: bytes, now: datetime, alerts: Alerts | None) -> int:
    """The call with this mark has ended: what was said in it and not thrown away is passed on. How many there were."""
    return await _send_all(db, cipher, messages.c.call == call, now, alerts)


async def send_forgotten(db: AsyncConnection, cipher: Cipher, now: datetime, alerts: Alerts | None) -> int:
    """Pass on what lies there for an hour because nobody told us that the call was over; how many there were."""
    return await _send_all(db, cipher, messages.c.changed < now - HOUR, now, alerts)


async def done(db: AsyncConnection, id: str, by: str, now: datetime) -> bool:
    """An adviser has dealt with it; False, and nothing changed, if it was done before or is not there."""
    moved = await _move(db, id, (State.sent,), State.done, now, by=by)
    await recordings.let_go_if_lost(db, id, now)
    return moved


async def _send_all(
    db: AsyncConnection, cipher: Cipher, which: ColumnElement[bool], now: datetime, alerts: Alerts | None
) -> int:
    waiting = select(messages.c.id).where(which, messages.c.state == State.recorded).order_by(messages.c.id)
    ids = (await db.scalars(waiting.with_for_update())).all()
    return sum([await send(db, cipher, id, now, alerts) for id in ids])


async def _discard(db: AsyncConnection, id: str, now: datetime) -> None:
    if await _move(db, id, (State.begun, State.recorded), State.discarded, now, sound=None, look_at=None):
        await recordings.let_go(db, messages.c.id == id, now)


async def _is_over(db: AsyncConnection, id: str) -> bool:
    ended = exists().where(calls.c.mark == messages.c.call, calls.c.ended.is_not(None))
    return bool(await db.scalar(select(messages.c.id).where(messages.c.id == id, ended)))


async def _if_in(db: AsyncConnection, id: str, *states: State) -> Kept:
    there = select(messages.c.id).where(messages.c.id == id, messages.c.state.in_(states))
    return Kept.kept if await db.scalar(there) else Kept.nothing


async def _move(db: AsyncConnection, id: str, before: Iterable[State], to: State, now: datetime, **values: Any) -> bool:
    """Bring a message into another state, if it is in one of those before."""
    which = messages.c.id == id, messages.c.state.in_(list(before))
    return (await db.execute(update(messages).where(*which).values(state=to, changed=now, **values))).rowcount > 0
