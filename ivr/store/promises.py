"""Any promise, kept: the one door for whoever answers a call."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.promises import Kept, Promise, ReminderPromise, StopReminders, TextPromise
from ivr.store import reminders, texts
from ivr.store.caps import Caps
from ivr.store.cipher import Cipher
from ivr.store.once import once


async def keep(db: AsyncConnection, cipher: Cipher, key: str, promise: Promise, now: datetime, caps: Caps) -> Kept:
    """Undertake what a step promises. The key is the call, the step and the turn: the same again adds nothing.

    What it says is true only once the transaction has been committed.
    """
    match promise:
        case TextPromise():
            return await texts.promise(db, cipher, key, promise, now, caps)
        case ReminderPromise():
            return await reminders.promise(db, cipher, key, promise, now, caps)
        case StopReminders():
            return await _stop(db, cipher, key, promise, now)


async def _stop(db: AsyncConnection, cipher: Cipher, key: str, promise: StopReminders, now: datetime) -> Kept:
    async def decide() -> Kept:
        return Kept.kept if await reminders.stop(db, cipher, promise.number) else Kept.nothing

    return Kept(await once(db, cipher, key, now, decide))
