"""One run of a scenario: the processes, the simulated callers, and what was seen of both."""

import asyncio
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from time import monotonic

from sqlalchemy import text

from ivr.config import Settings
from ivr.errors import DatabaseUnavailable
from ivr.store.database import Store
from ivr.store.heartbeat import WORKER, last_heartbeat
from tests.chaos.call_result import CallResult
from tests.chaos.caller import Caller
from tests.chaos.database import MOVE_CLOCK, Database
from tests.chaos.environment import Environment
from tests.chaos.goals import GOALS
from tests.chaos.latency_proxy import LatencyProxy
from tests.chaos.run_clock import DURING_CALLS, MINUTES, Pace, RunClock
from tests.chaos.scenario import Scenario
from tests.processes.ivr_process import IvrProcess

CALLERS = 50
"""At a time; in a fault of minutes half as many, which make more calls."""
FIRST_NUMBER, NUMBERS = 447_700_900_000, 990
CALL_TIMEOUT = 60.0
"""Real seconds after which a call counts as hanging."""
SECRETS = [bytes(32)]
PATIENCE = 5.0
"""Seconds that this process waits for the database."""
TICK_TIMEOUT = 20.0
"""Real seconds within which a worker must have noticed that time has passed."""


@dataclass
class Run:
    """Everything that runs, and the calls so far."""

    scenario: Scenario
    folder: Path
    environment: Environment
    store: Store
    callers: int
    clock: RunClock
    stack: AsyncExitStack
    """Closed when the run is over."""
    database: Database | None = None
    latency_proxy: LatencyProxy | None = None
    disk: Path | None = None
    webs: list[IvrProcess] = field(default_factory=list)
    workers: list[IvrProcess] = field(default_factory=list)
    calls: list[CallResult] = field(default_factory=list)
    hanging: list[str] = field(default_factory=list)
    """Transcripts of calls that did not end."""
    in_progress: int = 0
    in_progress_at_fault: int = 0
    backup_taken: float | None = None
    restored: float | None = None
    """Monotonic times between which what is promised is lost, as a backup is restored that was taken before it."""
    is_over: bool = False
    """Whether callers call no more."""
    _may_call: asyncio.Event = field(default_factory=asyncio.Event)
    _numbers: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        self._may_call.set()

    def now(self) -> datetime:
        """Return the time by the clock of the processes."""
        return self.clock.process_time()

    async def let_pass(self, time: timedelta, pace: Pace | None = None) -> None:
        """Let time pass for every clock, step by step; a worker that runs does its work at each.

        Without a pace it is one that calls to advisers can follow, if any may be placed.
        """
        await self.clock.let_pass(time, self._notice, pace or (DURING_CALLS if self._works else MINUTES))

    async def start_web(self, place: int) -> None:
        """Start a web process and add it to the load balancer once it listens."""
        web = self.webs[place]
        await web.start()
        self.environment.load_balancer.backends.append(await web.base_url())

    async def stop_web(self, place: int) -> None:
        """Take a web process out of the load balancer and shut it down."""
        web = self.webs[place]
        self.environment.load_balancer.remove(await web.base_url())
        await web.stop()

    async def rolling_restart(self) -> None:
        """Replace the web processes one after the other."""
        for place in range(len(self.webs)):
            await self.stop_web(place)
            await self.start_web(place)

    async def restart_worker(self) -> None:
        """Stop the workers and start them again."""
        for worker in self.workers:
            await worker.stop()
            await worker.start()

    async def set_secrets(self, key: str) -> None:
        """Set IVR_SECRET_KEY everywhere, and restart one process after another."""
        for process in (*self.webs, *self.workers):
            process.settings = {**process.settings, "IVR_SECRET_KEY": key}
        await self.rolling_restart()
        await self.restart_worker()

    async def learn_secrets(self, key: str) -> None:
        """Open what is sealed with any of these secrets from now on."""
        settings = Settings(**{**self.webs[0].settings, "IVR_SECRET_KEY": key})
        store = Store(settings.database_url, settings.secrets, PATIENCE)
        self.store = await self.stack.enter_async_context(store)

    async def ivr(self, *words: str) -> str:
        """Run a command with the settings of the processes and return what it prints."""
        log = self.folder / f"command-{monotonic()}.log"
        command = IvrProcess(log, self.webs[0].settings, words, self.webs[0].program)
        await command.start()
        return await command.finish()

    def note_backup(self) -> None:
        """Note that a backup is about to be taken."""
        self.backup_taken = monotonic()

    def note_restored(self) -> None:
        """Note that a backup has been restored."""
        self.restored = monotonic()

    def may_be_lost(self, call: CallResult) -> bool:
        """Return whether a call was promised something that a restored backup may not have."""
        if self.backup_taken is None or self.restored is None:
            return False
        return call.ended > self.backup_taken and call.began < self.restored

    async def make_calls(self) -> None:
        """Let every caller call again and again, until it `is_over`."""
        await asyncio.gather(*(self._call_repeatedly(n) for n in range(self.callers)))

    async def wait_for_silence(self) -> None:
        """Let nobody call until `calls_go_on`, and wait until every call has ended."""
        self._may_call.clear()
        while self.in_progress:
            await asyncio.sleep(0.05)

    def calls_go_on(self) -> None:
        """Let callers call again."""
        self._may_call.set()

    async def _call_repeatedly(self, place: int) -> None:
        await asyncio.sleep(place / self.callers)
        while not self.is_over:
            await self._may_call.wait()
            n = next(self._numbers)
            caller = Caller(self.environment, f"+{FIRST_NUMBER + n % NUMBERS}", GOALS[n % len(GOALS)])
            self.in_progress += 1
            try:
                async with asyncio.timeout(CALL_TIMEOUT):
                    self.calls.append(await caller.run())
            except TimeoutError:
                self.hanging.append(str(caller.line.transcript))
            finally:
                self.in_progress -= 1

    async def _notice(self, time: datetime) -> None:
        """Move the clock of the database server, and wait until a worker that runs has noticed the time."""
        deadline = monotonic() + TICK_TIMEOUT
        while monotonic() < deadline:
            with suppress(DatabaseUnavailable):  # this machine may be slow
                if await self._has_noticed(time):
                    return
            await asyncio.sleep(0.02)

    async def _has_noticed(self, time: datetime) -> bool:
        if self.database:
            async with self.store.begin() as db:
                await db.execute(text(MOVE_CLOCK), {"seconds": self.clock.passed.total_seconds()})
        async with self.store.read() as db:
            beaten = await last_heartbeat(db, WORKER)
        return not self._works or (beaten is not None and beaten >= time)

    @property
    def _works(self) -> bool:
        """Whether a worker runs: in a process of its own or, without any, in the web process."""
        return any(process.is_running for process in self.workers or self.webs)
