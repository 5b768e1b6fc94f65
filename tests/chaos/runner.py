"""Runs one scenario from the first call to the last text message."""

import asyncio
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from sqlalchemy import select

from ivr.errors import DatabaseUnavailable
from ivr.store import heartbeat
from ivr.store.tables import voicemails
from ivr.store.voicemail_list import VoicemailState
from tests.chaos.caller import Caller
from tests.chaos.goals import GOALS
from tests.chaos.results import Results, count, unsettled_texts
from tests.chaos.run import CALLERS, COOL_DOWN, WARM_UP, Run, clock_offset, deployed
from tests.chaos.scenario import Scenario

RECOVERY_TIMEOUT = 30.0
"""Seconds after the fault within which everything that waits must be settled."""
CALLERS_BEFORE_BACKUP = 15


async def run_scenario(scenario: Scenario, seed: int, callers: int = CALLERS) -> Results:
    """Return the results of a scenario; raise FaultNotSupported when this machine does not allow the fault."""
    with TemporaryDirectory(prefix="ivr-chaos-") as name:
        async with deployed(scenario, Path(name), seed, callers) as run:
            if scenario.restores_backup:
                await _take_backup(run)
                await asyncio.gather(*(worker.start() for worker in run.workers))
            await _wait_for_worker(run)
            if scenario.restores_backup:
                await _wait_until_settled(run)
            if scenario.clock:  # set again, so that the start-up takes none of it
                run.clock.write_text(str(clock_offset(scenario.clock)))
            calling = asyncio.create_task(run.make_calls(monotonic() + WARM_UP + scenario.seconds + COOL_DOWN))
            try:
                await asyncio.sleep(WARM_UP)
                run.in_progress_at_fault = run.in_progress
                async with scenario.fault(run):
                    await asyncio.sleep(scenario.seconds)
                fault_end = monotonic()
                recovery = asyncio.create_task(_recovery_seconds(run, fault_end))
                await calling
            finally:
                calling.cancel()
            await _wait_until_settled(run)
            return await count(run, fault_end, await recovery)


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
    if run.database:
        await asyncio.to_thread(run.database.back_up)


async def _recovery_seconds(run: Run, fault_end: float) -> float | None:
    """Return the seconds from the end of the fault until the texts due then are settled; None after a timeout."""
    waiting: set[str] | None = None
    while monotonic() < fault_end + RECOVERY_TIMEOUT:
        with suppress(DatabaseUnavailable):
            unsettled = {*await unsettled_texts(run)}
            waiting = unsettled if waiting is None else waiting & unsettled
            if not waiting:
                return monotonic() - fault_end
        await asyncio.sleep(0.1)
    return None


async def _wait_until_settled(run: Run) -> None:
    """Wait until every due text is settled and every voicemail is downloaded, or until a timeout."""
    await run.environment.provider_api.callbacks_delivered()
    deadline = monotonic() + RECOVERY_TIMEOUT
    while monotonic() < deadline:
        with suppress(DatabaseUnavailable):
            if not await unsettled_texts(run) and not await _not_downloaded(run):
                return
        await asyncio.sleep(0.2)


async def _not_downloaded(run: Run) -> set[str]:
    """Return the voicemails that advisers are or will be shown and whose audio is missing."""
    wanted = voicemails.c.state.in_((VoicemailState.sent, VoicemailState.recorded)) & voicemails.c.sound.is_(None)
    async with run.store.begin() as db:
        return set(await db.scalars(select(voicemails.c.id).where(wanted)))
