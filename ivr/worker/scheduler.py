"""The worker: every chore in its own time, until told to stop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from ivr.errors import DatabaseUnavailable
from ivr.store.database import Store
from ivr.store.staff_alerts import StaffAlerts
from ivr.telephony.rest import Provider
from ivr.worker.call_distributor import CallDistributor
from ivr.worker.maintenance import Maintenance
from ivr.worker.outbox import Outbox
from ivr.worker.reconcile import Reconciler
from ivr.worker.recordings import Recordings
from ivr.worker.sms_sender import SmsSender

log = logging.getLogger(__name__)

AT_ONCE, SECOND, MINUTE, DAY = 0.25, 1.0, 60.0, 86_400.0
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds to wait after a failure, twice as long after each further one."""


@dataclass(frozen=True)
class Task:
    """Something done again and again; after a time when there was nothing to do, it rests for `every` seconds."""

    name: str
    do: Callable[[], Awaitable[int]]
    every: float
    slowest: float = DAY
    """Seconds to wait at most after failures, where that is less than usual."""


async def work(
    store: Store,
    provider: Provider,
    sender: SmsSender | None,
    clock: Callable[[], datetime],
    stop: asyncio.Event,
    hunter: CallDistributor | None = None,
    alerts: StaffAlerts | None = None,
) -> None:
    """Do every chore until `stop` is set; what was begun is finished first. Any number may work at the same time.

    Without a sender no texts are sent, and without a hunter nobody is rung.
    """
    chores = Maintenance(store, provider, clock)
    recordings = Recordings(store, provider, clock, alerts)
    todo = [
        Task("fetch recordings", recordings.fetch, SECOND),
        Task("send forgotten messages", recordings.send_forgotten, MINUTE),
        Task("release reminders", chores.release_reminders, MINUTE),
        Task("close stale calls", chores.close_stale_calls, 10 * MINUTE),
        Task("delete at the provider", chores.delete_at_the_provider, MINUTE),
        Task("purge", chores.purge, DAY),
    ]
    if sender:
        todo.append(Task("send texts", Outbox(store, provider, sender, clock).send_due, SECOND))
        todo.append(Task("look for texts", Reconciler(store, provider, sender, clock).look, SECOND))
    if hunter:
        todo.append(Task("ring advisers", hunter.round, AT_ONCE, slowest=5 * SECOND))
    async with asyncio.TaskGroup() as tasks:
        for chore in todo:
            tasks.create_task(repeat(chore, stop))
    if hunter:
        await hunter.finish()


async def repeat(chore: Task, stop: asyncio.Event) -> None:
    """Do one chore until told to stop. Whatever fails is told to the log, and tried again later."""
    wait = FIRST_WAIT
    while not stop.is_set():
        try:
            done = await chore.do()
        except Exception as error:
            log.error("a chore failed: chore=%r %s", chore.name, _told(error))
            rest, wait = wait, min(wait * 2, LONGEST_WAIT, chore.slowest)
        else:
            rest, wait = 0.0 if done else chore.every, FIRST_WAIT
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), rest)


def _told(error: Exception) -> str:
    """What kind of failure, and where; its own words may hold a number."""
    if isinstance(error, DatabaseUnavailable):
        return f"error={str(error)!r}"
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    where = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else "nowhere"
    return f"error={type(error).__name__} where={where}"
