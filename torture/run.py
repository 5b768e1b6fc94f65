"""Runs one day with a fault, from the first ring to the last text."""

import asyncio
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from sqlalchemy import select

from ivr.errors import StoreDown
from ivr.store import pulse
from ivr.store.message_state import State
from ivr.store.tables import messages, texts
from torture.caller import Caller
from torture.day import AFTERWARDS, CALLERS, WARM_UP, Day, day, moved
from torture.fault import Fault
from torture.tally import Tally, count, is_due
from torture.wishes import WISHES

LONGEST_CATCHING_UP = 30.0
"""Seconds until what waits must have been seen to."""
BEFORE_BACKUP = 15
"""Callers of the day before."""


async def run(fault: Fault, seed: int, callers: int = CALLERS) -> Tally:
    """What a fault came to; raises CannotBeInjected."""
    with TemporaryDirectory(prefix="ivr-torture-") as name:
        async with day(fault, Path(name), seed, callers) as today:
            if fault.begins_with_backup:
                await _yesterday(today)
                await asyncio.gather(*(worker.start() for worker in today.workers))
            await _works(today)
            if fault.begins_with_backup:
                await _settles(today)
            if fault.clock:  # what was needed to start is not to count
                today.clock.write_text(str(moved(fault.clock)))
            ringing = asyncio.create_task(today.is_rung(monotonic() + WARM_UP + fault.seconds + AFTERWARDS))
            try:
                await asyncio.sleep(WARM_UP)
                today.in_progress_at_fault = today.in_progress
                async with fault.inject(today):
                    await asyncio.sleep(fault.seconds)
                ended = monotonic()
                caught_up = asyncio.create_task(_catches_up(today, ended))
                await ringing
            finally:
                ringing.cancel()
            await _settles(today)
            return await count(today, ended, await caught_up)


async def _works(today: Day) -> None:
    """Wait until the worker is at work: what happens to one that is still starting is another story."""
    while today.workers:
        async with today.store.begin() as db:
            if await pulse.beats(db, pulse.HUNTER, today.now()):
                return
        _ = today.workers[0].pid  # which must not have ended
        await asyncio.sleep(0.05)


async def _yesterday(today: Day) -> None:
    """Some callers, of whom nobody has been texted yet, and then the backup."""
    wish = WISHES[0]
    numbers = [f"+447700900{n}" for n in range(970, 970 + BEFORE_BACKUP)]
    today.outcomes += await asyncio.gather(*(Caller(today.town, number, wish).calls() for number in numbers))
    if today.database:
        await asyncio.to_thread(today.database.back_up)


async def _catches_up(today: Day, ended: float) -> float | None:
    """Seconds from the end of the fault until all texts are settled that waited then; None if that was not to be."""
    waiting: set[str] | None = None
    while monotonic() < ended + LONGEST_CATCHING_UP:
        with suppress(StoreDown):
            unsettled = await _unsettled(today)
            waiting = unsettled if waiting is None else waiting & unsettled
            if not waiting:
                return monotonic() - ended
        await asyncio.sleep(0.1)
    return None


async def _settles(today: Day) -> None:
    """Wait until the last text is settled and the last message fetched, or long enough."""
    await today.office.has_told()
    until = monotonic() + LONGEST_CATCHING_UP
    while monotonic() < until:
        with suppress(StoreDown):
            if not await _unsettled(today) and not await _unfetched(today):
                return
        await asyncio.sleep(0.2)


async def _unsettled(today: Day) -> set[str]:
    async with today.store.begin() as db:
        return set(await db.scalars(select(texts.c.id).where(is_due(today.now()))))


async def _unfetched(today: Day) -> set[str]:
    """Messages that are in our advisers' list, or will be, without their sound."""
    wanted = messages.c.state.in_((State.sent, State.recorded)) & messages.c.sound.is_(None)
    async with today.store.begin() as db:
        return set(await db.scalars(select(messages.c.id).where(wanted)))
