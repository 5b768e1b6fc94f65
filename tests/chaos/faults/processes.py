"""Faults of the helpline's own processes."""

import asyncio
from contextlib import asynccontextmanager

from tests.chaos.run import Run
from tests.chaos.scenario import Injected, Scenario

RESTART_DELAY = 2.0
"""Seconds until a supervisor starts a killed process again."""


@asynccontextmanager
async def worker_killed(run: Run) -> Injected:
    await run.workers[0].kill()
    await asyncio.sleep(RESTART_DELAY)
    await run.workers[0].start()
    yield


@asynccontextmanager
async def web_killed(run: Run) -> Injected:
    backend = await run.webs[0].base_url()
    await run.webs[0].kill()
    await asyncio.sleep(RESTART_DELAY)
    run.environment.load_balancer.remove(backend)
    await run.start_web(0)
    yield


@asynccontextmanager
async def rolling_restart(run: Run) -> Injected:
    await run.rolling_restart()
    yield


SCENARIOS = (
    Scenario(
        "worker killed",
        f"The only worker is killed (SIGKILL) and restarted after {RESTART_DELAY:.0f} seconds.",
        worker_killed,
        seconds=2.0,
    ),
    Scenario(
        "one of two web processes killed",
        f"SIGKILL; restarted after {RESTART_DELAY:.0f} seconds. The load balancer fails over to the other process.",
        web_killed,
        seconds=1.0,
    ),
    Scenario(
        "only web process killed",
        f"SIGKILL; restarted after {RESTART_DELAY:.0f} seconds. Until then the provider plays the document of `ivr fallback`.",
        web_killed,
        seconds=1.0,
        webs=1,
    ),
    Scenario(
        "rolling restart",
        "Both web processes are stopped (SIGTERM) and replaced, one after the other, as in a new release.",
        rolling_restart,
        seconds=1.0,
    ),
)
