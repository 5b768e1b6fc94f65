"""One run of a scenario: the deployment, the simulated callers, and what was seen of both."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from time import monotonic

import httpx2

from ivr.app import fallback_document
from ivr.config import Settings
from ivr.simulator.twilio_api.account import SENDER, TwilioAccount
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.server import served
from ivr.store.database import Store
from ivr.store.migrate import migrate
from tests.chaos import disk
from tests.chaos.adviser import run_advisers
from tests.chaos.call_result import CallResult
from tests.chaos.caller import Caller
from tests.chaos.database import Database
from tests.chaos.environment import ADVISERS, AUTH_TOKEN, PUBLIC_URL, Environment
from tests.chaos.goals import GOALS
from tests.chaos.latency_proxy import LatencyProxy
from tests.chaos.program import copy_program
from tests.chaos.scenario import Scenario
from tests.processes.ivr_process import IvrProcess
from tests.processes.load_balancer import LoadBalancer

CALLERS = 50
FIRST_NUMBER, NUMBERS = 447_700_900_000, 990
WARM_UP, COOL_DOWN = 2.0, 2.0
"""Seconds of calls before the fault and after it."""
CALL_TIMEOUT = 60.0
"""Real seconds after which a call counts as hanging."""
SECRETS = [bytes(32)]


@dataclass
class Run:
    """Everything that runs, and the calls so far."""

    scenario: Scenario
    folder: Path
    environment: Environment
    store: Store
    callers: int
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
    _numbers: "count[int]" = field(default_factory=count)

    @property
    def clock(self) -> Path:
        """The file with the offset of the processes' clock, in seconds."""
        return self.folder / "clock"

    def now(self) -> datetime:
        """Return the time by the clock of the processes."""
        offset = float(self.clock.read_text()) if self.clock.exists() else 0.0
        return datetime.now(UTC) + timedelta(seconds=offset)

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

    async def make_calls(self, until: float) -> None:
        """Let every caller call again and again, until a monotonic time."""
        await asyncio.gather(*(self._call_repeatedly(n, until) for n in range(self.callers)))

    async def _call_repeatedly(self, place: int, until: float) -> None:
        await asyncio.sleep(place / self.callers)
        while monotonic() < until:
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


@asynccontextmanager
async def deployed(scenario: Scenario, folder: Path, seed: int, callers: int = CALLERS) -> AsyncIterator[Run]:
    """Deploy the helpline for a scenario in an empty folder, and remove everything on exit."""
    program = folder / "program"
    copy_program(program)
    scenario.patch(program)
    async with AsyncExitStack() as stack:
        load_balancer = await stack.enter_async_context(LoadBalancer())
        webhooks = httpx2.ASGITransport(load_balancer, raise_app_exceptions=False)
        provider_api = TwilioAccount(clock=lambda: datetime.now(UTC), transport=webhooks)
        api_url = await stack.enter_async_context(served(provider_api))
        database, latency_proxy, mounted = None, None, None
        if scenario.disk:
            mounted = stack.enter_context(disk.mounted(folder / "disk", scenario.disk))
            url = direct_url = f"sqlite:///{mounted}/helpline.db"
            await asyncio.to_thread(migrate, url)
        else:
            database = await asyncio.to_thread(Database)
            stack.callback(database.drop)
            url = direct_url = database.url
            if scenario.has_latency_proxy:
                latency_proxy = stack.enter_context(LatencyProxy(database.socket).running())
                url = f"postgresql://postgres@127.0.0.1:{latency_proxy.port}/{database.name}"
        settings = _settings(url, api_url)
        if scenario.has_clock or scenario.clock:
            settings["CHAOS_CLOCK_FILE"] = str(folder / "clock")
            (folder / "clock").write_text(str(clock_offset(scenario.clock)))
        store = await stack.enter_async_context(Store(direct_url, SECRETS, patience=5))
        fallback_twiml = fallback_document(Settings(**settings), datetime.now(UTC))
        environment = Environment(load_balancer, provider_api, fallback_twiml, Random(seed))
        run = Run(scenario, folder, environment, store, callers, database, latency_proxy, mounted)
        serve = ("serve", "--port", "0", *(() if scenario.disk else ("--no-worker",)))
        run.webs = [IvrProcess(folder / f"web{n}.log", settings, serve, program) for n in range(scenario.webs)]
        run.workers = [] if scenario.disk else [IvrProcess(folder / "worker.log", settings, ("worker",), program)]
        for process in (*run.webs, *run.workers):
            stack.callback(process.kill_without_waiting)
        started_now = [] if scenario.restores_backup else run.workers
        webs = (run.start_web(n) for n in range(scenario.webs))
        await asyncio.gather(*webs, *(worker.start() for worker in started_now))
        advisers = asyncio.create_task(run_advisers(environment))
        stack.callback(advisers.cancel)
        yield run
        await asyncio.gather(*(process.stop() for process in (*run.webs, *run.workers)))


def _settings(url: str, api_url: str) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "IVR_ADVISERS": ",".join(ADVISERS),
        "IVR_CALLS_PER_SECOND": "50",
        "IVR_UNANSWERED_PER_HOUR": "10000",
        "IVR_CALLER_ID": "+441632960000",
        "IVR_CALLBACKS_PER_HOUR": "10000",
        "IVR_MESSAGES_PER_HOUR": "10000",
        "IVR_CALLER_SHARE": "100",
        "IVR_NUMBER": "0808 157 0000",
        "IVR_OTHER_NUMBERS_PER_CALL": "10000",
        "IVR_OTHER_NUMBERS_PER_CALLER": "10000",
        "IVR_OTHER_NUMBERS_WITHHELD": "10000",
        "IVR_PUBLIC_URL": PUBLIC_URL,
        "IVR_SECRET_KEY": "A" * 43,
        "IVR_SMS_FROM": SENDER,
        "IVR_TEXTS_PER_HOUR": "10000",
        "IVR_TEXTS_PER_SECOND": "40",
        "IVR_UNKNOWN_SECONDS": "1",
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_API_URL": api_url,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
    }


def clock_offset(clock: str) -> float:
    """Return the seconds from now to a time in ISO format; 0 for none."""
    return (datetime.fromisoformat(clock) - datetime.now(UTC)).total_seconds() if clock else 0.0
