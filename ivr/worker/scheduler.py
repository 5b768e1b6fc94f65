"""The worker: runs every task on its own schedule, until told to stop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from ivr.errors import DatabaseUnavailable
from ivr.log import redacted_traceback
from ivr.store.database import Store
from ivr.store.heartbeat import SMS_SENDER, WORKER, WORKER_EVERY
from ivr.store.staff_alerts import StaffAlerts
from ivr.telephony.rest import Provider
from ivr.worker.call_distributor import CallDistributor
from ivr.worker.clock_check import ClockCheck
from ivr.worker.heartbeat import Heartbeat
from ivr.worker.leg_status import LegStatus
from ivr.worker.maintenance import Maintenance
from ivr.worker.outbox import Outbox, SmsSender
from ivr.worker.reconcile import Reconciler
from ivr.worker.recordings import Recordings

log = logging.getLogger(__name__)

TICK, SECOND, MINUTE, DAY = 0.25, 1.0, 60.0, 86_400.0
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds to wait after a failure, twice as long after each further one."""


@dataclass(frozen=True)
class Task:
    """Something done again and again; when there was nothing to do, it rests for `every` seconds."""

    name: str
    run: Callable[[], Awaitable[int]]
    every: float
    longest_wait: float = DAY
    """Seconds to wait at most after failures, where that is less than usual."""


async def work(
    store: Store,
    provider: Provider,
    sender: SmsSender | None,
    clock: Callable[[], datetime],
    stop: asyncio.Event,
    distributor: CallDistributor | None = None,
    alerts: StaffAlerts | None = None,
    clock_check: ClockCheck | None = None,
) -> None:
    """Run every task until `stop` is set; what was begun is finished first. Any number of workers may run at once.

    Without a sender no texts are sent, and without a distributor nobody is rung. Without a `clock_check` the clock is
    compared with what the database has seen alone.
    """
    check = clock_check or ClockCheck(store, clock, asks_server=False)
    maintenance = Maintenance(store, provider, clock, check)
    recordings = Recordings(store, provider, clock, alerts, check)
    works = (WORKER, SMS_SENDER) if sender else (WORKER,)
    beat = Heartbeat(store, works, clock).beat
    tasks = [
        Task("record heartbeat", beat, WORKER_EVERY.total_seconds(), longest_wait=WORKER_EVERY.total_seconds()),
        Task("fetch recordings", recordings.fetch, SECOND),
        Task("send forgotten voicemails", recordings.send_forgotten, MINUTE),
        Task("release reminders", maintenance.release_reminders, MINUTE),
        Task("settle calls", maintenance.settle_calls, MINUTE),
        Task("end silent calls", maintenance.end_silent_calls, 10 * MINUTE),
        Task("delete at the provider", maintenance.delete_at_the_provider, MINUTE),
        Task("purge", maintenance.purge, DAY),
    ]
    if sender:
        tasks.append(Task("send texts", Outbox(store, provider, sender, clock, check).send_due, SECOND))
        tasks.append(Task("reconcile texts", Reconciler(store, provider, sender, clock).look_up, SECOND))
    if distributor:
        tasks.append(Task("ask for legs", LegStatus(store, provider, clock, check).ask, 10 * SECOND))
        tasks.append(Task("ring advisers", distributor.distribute, TICK, longest_wait=5 * SECOND))
    async with asyncio.TaskGroup() as group:
        for task in tasks:
            group.create_task(repeat(task, stop))
    if distributor:
        await distributor.finish()


async def repeat(task: Task, stop: asyncio.Event) -> None:
    """Run one task until told to stop. A failure is logged, and the task tried again later."""
    wait = FIRST_WAIT
    while not stop.is_set():
        try:
            done = await task.run()
        except Exception as error:
            known = isinstance(error, DatabaseUnavailable)
            log.error("task failed: task=%r error=%r", task.name, str(error) if known else redacted_traceback(error))
            rest, wait = wait, min(wait * 2, LONGEST_WAIT, task.longest_wait)
        else:
            rest, wait = 0.0 if done else task.every, FIRST_WAIT
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), rest)
