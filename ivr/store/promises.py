"""Any promise, kept: the one door for whoever answers a call."""

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.events import PromiseKept
from ivr.engine.promises import (
    Kept,
    Message,
    Promise,
    ReminderPromise,
    RingingBack,
    StopReminders,
    TextPromise,
)
from ivr.store import callbacks, hunts, messages, reminders, texts
from ivr.store.asker import Asker
from ivr.store.cipher import Cipher
from ivr.store.once import once


async def keep(db: AsyncConnection, cipher: Cipher, asker: Asker, promise: Promise) -> PromiseKept:
    """Undertake what a step promises: the same asker with the same key again adds nothing.

    What it says is true only once the transaction has been committed.
    """
    match promise:
        case TextPromise():
            return PromiseKept(await texts.promise(db, cipher, asker.key, promise, asker.now, asker.caps))
        case ReminderPromise():
            return PromiseKept(await reminders.promise(db, cipher, asker.key, promise, asker.now, asker.caps))
        case StopReminders():
            return PromiseKept(await _stop(db, cipher, asker, promise))
    if isinstance(promise, RingingBack):
        return await callbacks.keep(db, cipher, asker, promise)
    if isinstance(promise, Message):
        return await messages.keep(db, cipher, asker, promise)
    return await hunts.keep(db, cipher, asker, promise)


async def _stop(db: AsyncConnection, cipher: Cipher, asker: Asker, promise: StopReminders) -> Kept:
    async def decide() -> Kept:
        return Kept.kept if await reminders.stop(db, cipher, promise.number) else Kept.nothing

    return Kept(await once(db, cipher, asker.key, asker.now, decide))
