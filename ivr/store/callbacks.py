"""Callers who ask to be rung back, and the line of the adviser who does it. The list they stand on is `worklist.py`."""

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.events import Outcome, PromiseKept
from ivr.engine.promises import CallBack, CallBackRung, CallBackTake, Kept, RingingBack
from ivr.store import attempts, counts, rota
from ivr.store.alerts import alert
from ivr.store.asker import Asker
from ivr.store.caps import DAY, HOUR
from ivr.store.cipher import Cipher
from ivr.store.once import once, one_at_a_time
from ivr.store.tables import callbacks
from ivr.store.worklist import LISTED, State

AGAIN = "again"
"""Found by whoever asks for what they have asked for already."""
ENDS = {Outcome.busy: "busy", Outcome.unanswered: "no answer", Outcome.failed: "could not be rung"}


async def keep(db: AsyncConnection, cipher: Cipher, asker: Asker, promise: RingingBack) -> PromiseKept:
    """Undertake what a step promises."""
    match promise:
        case CallBack():
            return await _ask(db, cipher, asker, promise)
        case CallBackTake():
            return await _take(db, cipher, asker, promise)
        case CallBackRung():
            return await _rung(db, cipher, asker, promise)


async def _ask(db: AsyncConnection, cipher: Cipher, asker: Asker, promise: CallBack) -> PromiseKept:
    """Put a caller on the list, once for each topic: who asks again keeps their place, for another part of the day."""

    async def decide() -> str:
        await one_at_a_time(db, "callbacks")
        same = callbacks.c.mark.in_(cipher.marks(promise.number)), callbacks.c.topic == promise.topic
        standing: str | None = await db.scalar(select(callbacks.c.id).where(*same, LISTED).with_for_update())
        if standing is None and await _is_capped(db, cipher, asker, promise):
            return Kept.capped
        if standing is None:
            await _add(db, cipher, asker, promise)
        else:
            await _change(db, standing, promise)
        if promise.alert and asker.alerts:
            ours = await rota.read(db, cipher) or asker.advisers
            await alert(db, cipher, ours, promise.alert, asker.now, standing or asker.name(cipher))
        return Kept.kept if standing is None else AGAIN

    outcome = await once(db, cipher, asker.key, asker.now, decide)
    return PromiseKept(Kept.kept, AGAIN) if outcome == AGAIN else PromiseKept(Kept(outcome))


async def _is_capped(db: AsyncConnection, cipher: Cipher, asker: Asker, promise: CallBack) -> bool:
    of_day = callbacks.c.mark.in_(cipher.marks(promise.number)), callbacks.c.asked > asker.now - DAY
    of_hour = (callbacks.c.asked > asker.now - HOUR,)
    limits = (of_day, asker.caps.callbacks_per_number_per_day), (of_hour, asker.caps.callbacks_per_hour)
    for which, most in limits:
        if (await db.scalar(select(func.count()).select_from(callbacks).where(*which)) or 0) >= most:
            return True
    return False


async def _add(db: AsyncConnection, cipher: Cipher, asker: Asker, promise: CallBack) -> None:
    sealed = {"number": cipher.seal(promise.number), "mark": cipher.mark(promise.number)}
    about = {"topic": promise.topic, "deadline": promise.deadline, "part": promise.part, "state": State.open}
    times = {"asked": asker.now, "changed": asker.now}
    await db.execute(insert(callbacks).values(id=asker.name(cipher), **sealed, **about, **times))
    await counts.add_one(db, "call back promised", asker.now)


async def _change(db: AsyncConnection, id: str, promise: CallBack) -> None:
    """What they say now holds; a date that they did not come to this time is still theirs."""
    later = {"part": promise.part} | ({"deadline": promise.deadline} if promise.deadline else {})
    await db.execute(update(callbacks).where(callbacks.c.id == id).values(later))


async def _take(db: AsyncConnection, cipher: Cipher, asker: Asker, promise: CallBackTake) -> PromiseKept:
    """The number, for whoever has claimed it: it stands in no table of outcomes. That it is rung is noted once."""
    row = (
        await db.execute(
            select(callbacks).where(callbacks.c.id == promise.callback, callbacks.c.state == State.claimed)
        )
    ).first()
    if row is None:
        return PromiseKept(Kept.nothing)

    async def note() -> str:
        await attempts.add(db, row.id, row.by, attempts.RINGING, asker.now)
        return Kept.kept

    await once(db, cipher, asker.key, asker.now, note)
    return PromiseKept(Kept.kept, cipher.open(row.number))


async def _rung(db: AsyncConnection, cipher: Cipher, asker: Asker, promise: CallBackRung) -> PromiseKept:
    """Somebody who answered may have been a mailbox: whether it is done is for the adviser to say."""
    how = ENDS.get(Outcome(promise.outcome), f"answered, {promise.seconds} s")

    async def note() -> str:
        return Kept.kept if await attempts.ended(db, promise.callback, how) else Kept.nothing

    return PromiseKept(Kept(await once(db, cipher, asker.key, asker.now, note)))
