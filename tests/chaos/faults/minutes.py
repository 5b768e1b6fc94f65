"""Faults of minutes, hours and days: the clocks of the processes, the provider and the database server are moved."""

import json
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import cycle

from ivr.simulator.twilio_api.faults import NO_FAULT
from tests.chaos.faults.provider import ERRORS
from tests.chaos.run import Run
from tests.chaos.run_clock import MINUTE, Pace
from tests.chaos.scenario import Injected, Scenario
from tests.chaos.settling import wait_until_settled
from tests.processes.load_balancer import NEWS_PATHS

TWENTY_DAYS, WORKER_DOWN = timedelta(days=20), timedelta(minutes=5)
TWO_DAYS, HOURS = timedelta(days=2), Pace(timedelta(hours=6), 2.0)
"""Each step is long enough for the worker to send what is due in it."""
STATUS_ASKED = 20
"""How often `ivr secret status` is asked, once a minute, until it calls a step safe."""


@asynccontextmanager
async def texts_refused(run: Run) -> Injected:
    """Let the API fail for what sends texts; it rings advisers and lists texts all the while."""
    provider_api = run.environment.provider_api
    provider_api.inject_from(cycle(ERRORS), into="Messages")
    try:
        yield
    finally:
        provider_api.inject_from(cycle((NO_FAULT,)), into="Messages")


@asynccontextmanager
async def news_dropped(run: Run) -> Injected:
    """Let no status callback through."""
    run.environment.load_balancer.dropped = NEWS_PATHS
    try:
        yield
    finally:
        run.environment.load_balancer.dropped = ()


@asynccontextmanager
async def no_worker(run: Run) -> Injected:
    """Stop every worker, and start it again on exit."""
    for worker in run.workers:
        await worker.stop()
    yield
    for worker in run.workers:
        await worker.start()


@asynccontextmanager
async def clock_wrong_after_restart(run: Run) -> Injected:
    """Set the processes' clock twenty days ahead while the worker is down and texts wait, and right again on exit."""
    for worker in run.workers:
        await worker.stop()
    await run.let_pass(WORKER_DOWN)
    run.clock.set_wrong(TWENTY_DAYS)
    for worker in run.workers:
        await worker.start()
    try:
        yield
    finally:
        run.clock.set_wrong(timedelta())


@asynccontextmanager
async def secret_rotated(run: Run) -> Injected:
    """Change IVR_SECRET_KEY as docs/operating.md says; before the old one goes, two days pass in which nobody calls."""
    old, new = run.webs[0].settings["IVR_SECRET_KEY"], (await run.ivr("secret")).split()[-1]
    await run.learn_secrets(f"{old},{new}")
    await run.set_secrets(f"{old},{new}")
    await _wait_until_safe(run, "Safe now: set IVR_SECRET_KEY=new,old")
    await run.set_secrets(f"{new},{old}")
    await _wait_until_safe(run, "Run `ivr secret rotate`")
    await run.ivr("secret", "rotate")
    yield
    await run.wait_for_silence()
    await wait_until_settled(run)
    await run.let_pass(TWO_DAYS, HOURS)
    await _wait_until_safe(run, "Safe now: set IVR_SECRET_KEY=new everywhere")
    run.calls_go_on()
    await run.set_secrets(new)
    await run.ivr("secret", "rotate")


async def _wait_until_safe(run: Run, step: str) -> None:
    """Ask once a minute which step is safe, until it is this one."""
    for _ in range(STATUS_ASKED):
        status = await run.ivr("secret", "status", "--json")
        found = json.loads(status[status.index("{") :])["next_step"]
        if found.startswith(step):
            return
        await run.let_pass(MINUTE)
    raise AssertionError(f"instead of {step!r}, `ivr secret status` says: {found}")


@asynccontextmanager
async def backup_restored(run: Run) -> Injected:
    """Take a backup, and restore it on exit while calls go on; then restart everything."""
    file = run.folder / "backup.db"
    run.note_backup()
    await run.ivr("backup", str(file))
    yield
    await run.ivr("restore", str(file), "--yes", "--force")
    run.note_restored()
    await run.rolling_restart()
    await run.restart_worker()


SCENARIOS = (
    Scenario(
        "texts refused for minutes",
        "The API answers every request to send a text with 500, 503 or a gateway's error page; it lists texts and rings advisers.",
        texts_refused,
        minutes=10,
    ),
    Scenario(
        "news dropped for minutes",
        "No status callback of a call, a recording or a text arrives.",
        news_dropped,
        minutes=10,
    ),
    Scenario(
        "news dropped at closing time",
        "The same; the helpline, which is always open in the other scenarios, closes in the third minute.",
        news_dropped,
        minutes=6,
        closes_after=3,
    ),
    Scenario(
        "no worker for an hour",
        "The only worker is stopped (SIGTERM), and started again an hour later.",
        no_worker,
        minutes=60,
    ),
    Scenario(
        "clock twenty days ahead",
        "The worker is stopped; five minutes later the wall clock of all processes is set twenty days ahead of the provider's and the database server's, and the worker is started. At the end the clock is set right.",
        clock_wrong_after_restart,
        minutes=4,
    ),
    Scenario(
        "secret rotated under load",
        "IVR_SECRET_KEY is changed from `old` to `old,new`, `new,old` and `new`, with rolling restarts, whenever `ivr secret status` calls the step safe; before the last, two days pass without calls.",
        secret_rotated,
        minutes=1,
    ),
    Scenario(
        "restore under load",
        "`ivr backup` of SQLite, and after five minutes of calls `ivr restore --force` of it while they go on; then a restart.",
        backup_restored,
        minutes=5,
        settles=75,
        webs=1,
        is_sqlite=True,
    ),
)
