"""Deploys the helpline for one run: processes, database, provider, load balancer and advisers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import httpx2

from ivr.config import Settings
from ivr.fallback_document import fallback_document
from ivr.simulator.twilio_api.account import SENDER, TwilioAccount
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.server import served
from ivr.store.database import Store
from ivr.store.migrate import migrate
from tests.chaos import disk
from tests.chaos.adviser import run_advisers
from tests.chaos.database import Database
from tests.chaos.environment import ADVISERS, AUTH_TOKEN, PUBLIC_URL, Environment
from tests.chaos.latency_proxy import LatencyProxy
from tests.chaos.program import copy_program
from tests.chaos.run import CALLERS, PATIENCE, SECRETS, Run
from tests.chaos.run_clock import RunClock
from tests.chaos.scenario import Scenario
from tests.processes.ivr_process import IvrProcess
from tests.processes.load_balancer import LoadBalancer


@asynccontextmanager
async def deployed(scenario: Scenario, folder: Path, seed: int, callers: int = CALLERS) -> AsyncIterator[Run]:
    """Deploy the helpline for a scenario in an empty folder, and remove everything on exit."""
    program = folder / "program"
    copy_program(program, closes=scenario.closes_after > 0, is_fast=scenario.minutes > 0)
    scenario.patch(program)
    async with AsyncExitStack() as stack:
        load_balancer = await stack.enter_async_context(LoadBalancer())
        webhooks = httpx2.ASGITransport(load_balancer, raise_app_exceptions=False)
        clock = RunClock(folder / "clock")
        provider_api = TwilioAccount(clock=clock.true_time, transport=webhooks)
        api_url = await stack.enter_async_context(served(provider_api))
        database, latency_proxy, mounted = None, None, None
        if scenario.is_sqlite:
            if scenario.disk:
                mounted = stack.enter_context(disk.mounted(folder / "disk", scenario.disk))
            url = direct_url = f"sqlite:///{mounted or folder}/helpline.db"
            await asyncio.to_thread(migrate, url)
        else:
            database = await asyncio.to_thread(Database)
            stack.callback(database.drop)
            url = direct_url = database.url
            if scenario.has_latency_proxy:
                latency_proxy = stack.enter_context(LatencyProxy(database.socket).running())
                url = f"postgresql://postgres@127.0.0.1:{latency_proxy.port}/{database.name}"
        if scenario.clock:
            clock.start_at(scenario.clock)
        settings = _settings(url, api_url) | {"CHAOS_CLOCK_FILE": str(folder / "clock")}
        store = await stack.enter_async_context(Store(direct_url, SECRETS, PATIENCE))
        fallback_twiml = fallback_document(Settings(**settings), datetime.now(UTC))
        environment = Environment(load_balancer, provider_api, fallback_twiml, Random(seed))
        at_a_time = callers // 2 if scenario.minutes else callers
        run = Run(scenario, folder, environment, store, at_a_time, clock, stack, database, latency_proxy, mounted)
        serve = ("serve", "--port", "0", *(() if scenario.is_sqlite else ("--no-worker",)))
        run.webs = [IvrProcess(folder / f"web{n}.log", settings, serve, program) for n in range(scenario.webs)]
        run.workers = [] if scenario.is_sqlite else [IvrProcess(folder / "worker.log", settings, ("worker",), program)]
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
