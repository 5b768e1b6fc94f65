"""Runs one scenario from the first call to the last text message."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from ivr.errors import DatabaseUnavailable
from ivr.store import heartbeat
from tests.chaos.caller import Caller
from tests.chaos.deployment import deployed
from tests.chaos.goals import GOALS
from tests.chaos.program import opening_hours
from tests.chaos.promises import unsettled_texts
from tests.chaos.results import Results, count
from tests.chaos.run import CALLERS, Run
from tests.chaos.run_clock import MINUTE, MINUTES, Pace
from tests.chaos.scenario import Scenario
from tests.chaos.settling import wait_until_settled

WARM_UP, COOL_DOWN = 2.0, 2.0
"""Seconds of calls before the fault and after it."""
SETTLING = Pace(3 * MINUTE, 0.5)
"""Time passes in longer steps after a fault of seconds."""
CALLERS_BEFORE_BACKUP = 15


async def run_scenario(scenario: Scenario, seed: int, callers: int = CALLERS) -> Results:
    """Return the results of a scenario; raise FaultNotSupported when this machine does not allow the fault.

    Time passes before anything is counted, so that whatever waits by the clock is over.
    """
    with TemporaryDirectory(prefix="ivr-chaos-") as name:
        async with deployed(scenario, Path(name), seed, callers) as run:
            if scenario.restores_backup:
                await _take_backup(run)
                await asyncio.gather(*(worker.start() for worker in run.workers))
            await _wait_for_worker(run)
            if scenario.restores_backup:
                await wait_until_settled(run)
            if scenario.closes_after:
                wait = _until_open_for(run, scenario.closes_after * MINUTE)
                await run.let_pass(wait, Pace(wait, 0.5))
            if scenario.clock:  # set again, so that the start-up takes none of it
                run.clock.start_at(scenario.clock)
            calling = asyncio.create_task(run.make_calls())
            try:
                await asyncio.sleep(WARM_UP)
                run.in_progress_at_fault = run.in_progress
                async with scenario.fault(run):
                    await _fault_lasts(run)
                fault_end = monotonic()
                recovery = asyncio.create_task(_recovery_seconds(run))
                await asyncio.sleep(COOL_DOWN)
                run.is_over = True
                await calling
            finally:
                calling.cancel()
            await run.let_pass(MINUTE)  # in which the last advisers are rung
            await run.let_pass(scenario.settles * MINUTE, MINUTES if scenario.minutes else SETTLING)
            await wait_until_settled(run)
            recovery.cancel()
            [seconds] = await asyncio.gather(recovery, return_exceptions=True)
            return await count(run, fault_end, seconds if isinstance(seconds, float) else None)


def _until_open_for(run: Run, time: timedelta) -> timedelta:
    """Return how long to wait until the helpline is open, and closes after that time."""
    hours, now = opening_hours(run.webs[0].program), run.clock.true_time()
    if hours is None:
        raise AssertionError("this copy of the program is always open")
    return next(closes - time - now for _, closes in hours.open_intervals(now) if closes - time > now)


async def _fault_lasts(run: Run) -> None:
    """Wait while the fault lasts, by the clocks that are moved if it lasts minutes."""
    if run.scenario.minutes:
        await run.let_pass(run.scenario.minutes * MINUTE)
    else:
        await asyncio.sleep(run.scenario.seconds)


async def _wait_for_worker(run: Run) -> None:
    """Wait for the worker's heartbeat: a fault during its start-up would be another scenario."""
    while run.workers:
        async with run.store.begin() as db:
            if await heartbeat.is_alive(db, heartbeat.CALL_DISTRIBUTOR, run.now()):
                return
        _ = run.workers[0].pid  # raises if the worker has exited
        await asyncio.sleep(0.05)


async def _take_backup(run: Run) -> None:
    """Take the backup after some calls whose texts are still unsent."""
    goal = GOALS[0]
    numbers = [f"+447700900{n}" for n in range(970, 970 + CALLERS_BEFORE_BACKUP)]
    run.calls += await asyncio.gather(*(Caller(run.environment, number, goal).run() for number in numbers))
    run.note_backup()
    if run.database:
        await asyncio.to_thread(run.database.back_up)


async def _recovery_seconds(run: Run) -> float:
    """Return the seconds, by the true time, until the texts that are due now are settled."""
    fault_end = run.clock.true_time()
    waiting: set[str] | None = None
    while True:
        with suppress(DatabaseUnavailable):
            unsettled = {*await unsettled_texts(run)}
            waiting = unsettled if waiting is None else waiting & unsettled
            if not waiting:
                return (run.clock.true_time() - fault_end).total_seconds()
        await asyncio.sleep(0.1)
