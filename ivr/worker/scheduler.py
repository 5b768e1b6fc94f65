"""The worker: runs every task on its own schedule, until told to stop."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import uniform

from ivr.errors import DatabaseUnavailable
from ivr.log import reason
from ivr.stop import stopped_within
from ivr.store import secrets_in_use
from ivr.store.database import Store
from ivr.store.heartbeat import SMS_SENDER, WORKER, WORKER_EVERY
from ivr.store.staff_alerts import StaffAlerts
from ivr.telephony.rest import Provider
from ivr.worker.call_distributor import CallDistributor
from ivr.worker.clock_check import ClockCheck
from ivr.worker.heartbeat import Heartbeat
from ivr.worker.leg_status import LegStatus
from ivr.worker.maintenance import Maintenance
from ivr.worker.missing_recordings import MissingRecordings
from ivr.worker.outbox import Outbox, SmsSender
from ivr.worker.reconcile import Reconciler
from ivr.worker.recordings import Recordings
from ivr.worker.shift_reminders import ShiftReminders

log = logging.getLogger(__name__)

TICK, SECOND, MINUTE, HOUR, DAY = 0.25, 1.0, 60.0, 3600.0, 86_400.0
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds to wait after a failure, twice as long after each further one."""
LAST_WAIT = 7.0
"""Seconds to finish what was begun when told to stop; whatever is cut off then, another worker takes over."""


@dataclass(frozen=True)
class Task:
    """Something done again and again; when there was nothing to do, it rests for `every` seconds.

    What destroys something waits `first` seconds before the first time: a worker that was started with a wrong clock or
    the wrong database can be stopped, and not all workers do it at once.
    """

    name: str
    run: Callable[[], Awaitable[int]]
    every: float
    first: float = 0.0
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
    last_wait: float = LAST_WAIT,
    numbers: Iterable[str] = (),
    shifts: ShiftReminders | None = None,
    besides: Iterable[Task] = (),
) -> None:
    """Run every task until `stop` is set; what was begun is finished first, in `last_wait` seconds at most.

    Any number of workers may run at once. Without a sender no texts are sent, and without a distributor nobody is rung.
    Without a `clock_check` the clock is compared with what the database has seen alone. `numbers` are those that
    callers ring. Without `shifts` nobody is reminded of theirs. `besides` are further tasks, such as telling staff what
    is wrong.
    """
    check = clock_check or ClockCheck(store, clock, asks_server=False)
    maintenance = Maintenance(store, provider, clock, check)
    recordings = Recordings(store, provider, clock, alerts)
    works = (WORKER, SMS_SENDER) if sender else (WORKER,)
    beat = Heartbeat(store, works, clock).beat
    missing = MissingRecordings(store, provider, clock, alerts, numbers)
    tasks = [
        Task("record heartbeat", beat, WORKER_EVERY.total_seconds(), longest_wait=WORKER_EVERY.total_seconds()),
        Task("fetch recordings", recordings.fetch, SECOND),
        Task("send forgotten voicemails", recordings.send_forgotten, MINUTE),
        Task("ask for missing recordings", missing.ask, MINUTE),
        Task("find unknown recordings", missing.find_unknown, HOUR),
        Task("release reminders", maintenance.release_reminders, MINUTE),
        Task("settle calls", maintenance.settle_calls, MINUTE),
        Task("end silent calls", maintenance.end_silent_calls, 10 * MINUTE),
        Task("delete at the provider", maintenance.delete_at_the_provider, MINUTE, first=spread(MINUTE)),
        Task("purge", maintenance.purge, 6 * HOUR, first=spread(10 * MINUTE)),
        Task("record secrets in use", partial(_record_secrets, store, clock), MINUTE),
        *besides,
    ]
    if sender:
        tasks.append(Task("send texts", Outbox(store, provider, sender, clock, check).send_due, SECOND))
        tasks.append(Task("reconcile texts", Reconciler(store, provider, sender, clock).look_up, SECOND))
    if shifts:
        tasks.append(Task("remind of shifts", shifts.remind, MINUTE))
    if distributor:
        tasks.append(Task("ask for legs", LegStatus(store, provider, clock, check).ask, 10 * SECOND))
        tasks.append(Task("ring advisers", distributor.distribute, TICK, longest_wait=5 * SECOND))
    async with _cut_off(stop, last_wait):
        if not stop.is_set():
            with suppress(DatabaseUnavailable):
                await check.is_plausible()  # before a clock that is wrong writes anything
        async with asyncio.TaskGroup() as group:
            for task in tasks:
                group.create_task(repeat(task, stop))
        if distributor:
            await distributor.finish()


@asynccontextmanager
async def _cut_off(stop: asyncio.Event, last_wait: float) -> AsyncIterator[None]:
    """Cancel what is done here so many seconds after `stop` was set: a database or a network may never answer."""
    loop = asyncio.get_running_loop()

    async def watch(limit: asyncio.Timeout) -> None:
        await stop.wait()
        limit.reschedule(loop.time() + last_wait)

    try:
        async with asyncio.timeout(None) as limit:
            watching = asyncio.create_task(watch(limit))
            try:
                yield
            finally:
                watching.cancel()
    except TimeoutError:
        log.warning("worker stopped before its tasks were done: seconds=%s", last_wait)


def spread(seconds: float) -> float:
    """Return a time between this one and twice as long, by chance, so that not all workers do a thing at once."""
    return uniform(seconds, 2 * seconds)  # noqa: S311  nothing secret


async def _record_secrets(store: Store, clock: Callable[[], datetime]) -> int:
    return await secrets_in_use.record_of(store, secrets_in_use.WORKER, clock())


async def repeat(task: Task, stop: asyncio.Event) -> None:
    """Run one task until told to stop. A failure is logged, and the task tried again later."""
    wait = FIRST_WAIT
    if task.first:
        await stopped_within(stop, task.first)
    while not stop.is_set():
        try:
            done = await task.run()
        except Exception as error:
            log.error("task failed: task=%r error=%r", task.name, reason(error, DatabaseUnavailable))
            rest, wait = wait, min(wait * 2, LONGEST_WAIT, task.longest_wait)
        else:
            rest, wait = 0.0 if done else task.every, FIRST_WAIT
        await stopped_within(stop, rest)
