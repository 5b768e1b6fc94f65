"""Two web processes on one PostgreSQL are asked at the same moment: a caller has one adviser, an adviser one caller."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import httpx2

from ivr.config import CONTENT
from ivr.helpline.rota import of_setting
from ivr.store.database import Store
from ivr.store.hunt_assignment import NewLeg, RingingRules, assign_call
from ivr.worker.call_distributor import AdviserCaller
from tests.app_factory import PATIENT
from tests.processes.ivr_process import IvrProcess
from tests.processes.load_balancer import LoadBalancer
from tests.store.conftest import postgresql_url
from tests.web.running_app import Clock, RunningApp
from tests.web.test_queue import queued, wait_url, waits
from tests.web.webhooks import ADVISERS, SECRET, SETTINGS, SHOWN, TOKEN, URL, action, ask, form_of, said

OPEN = "\n".join(
    f'  {day}: ["00:00-24:00"]'
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)
TAKEN = "Somebody else has taken this call"


def always_open(folder: Path) -> Path:
    """Copy our content, but always open, with everybody rung at once: these processes go by the real clock."""
    for name in ("flows", "prompts"):
        copytree(CONTENT / name, folder / name)
    hours, person = folder / "flows/hours.yaml", folder / "flows/person.yaml"
    _, weekly, rest = hours.read_text().partition("\nweekly:\n")
    about = rest[rest.index("bank_holidays:") :].replace("bank_holidays: closed", "bank_holidays: open")
    hours.write_text(f"{weekly.lstrip()}{OPEN}\n{about}")
    person.write_text(person.read_text().replace("  kind: queue\n", "  kind: queue\n  all_at_once: yes\n"))
    return folder


@asynccontextmanager
async def two_processes(folder: Path, *advisers: str) -> AsyncIterator[tuple[RunningApp, LoadBalancer]]:
    """Run two web processes behind a balancer; nobody but the test rings advisers."""
    given = {
        "DATABASE_URL": (url := postgresql_url()),
        "IVR_ADVISERS": ",".join(advisers),
        "IVR_CALLER_ID": SHOWN,
        "IVR_CONTENT": str(always_open(folder / "content")),
        "IVR_PUBLIC_URL": URL,
        "IVR_SECRET_KEY": SECRET,
        "TWILIO_AUTH_TOKEN": TOKEN,
    }
    webs = [IvrProcess(folder / name, given, ("serve", "--no-worker", "--port", "0")) for name in ("web1", "web2")]
    async with (
        Store(url, SETTINGS.secrets, PATIENT) as store,
        LoadBalancer() as load_balancer,
        AsyncExitStack() as stack,
    ):
        for web in webs:
            await stack.enter_async_context(web.running())
        load_balancer.backends = [await web.base_url() for web in webs]
        yield RunningApp(load_balancer, store, Clock(datetime.now(UTC))), load_balancer


async def rung(here: RunningApp, *advisers: str) -> list[NewLeg]:
    """Whom a hunter rings now."""
    rules = RingingRules(of_setting(advisers), calls_per_second=100)
    async with here.store.begin() as db:
        return (await assign_call(db, here.store.cipher, rules, here.clock())).new


async def press_1(here: RunningApp, legs: list[NewLeg]) -> list[httpx2.Response]:
    """Return what advisers hear who are all offered their caller, and then press 1 at the same moment."""
    caller = AdviserCaller(SHOWN, URL, SETTINGS.secrets, lambda: "screening/offer", clock=here.clock)
    lines = []
    for leg in legs:
        form = form_of(f"CA{leg.leg}", From=SHOWN, To=leg.adviser.number)
        offer = await ask(here.app, caller.offer_url(leg), form)
        lines.append((action(offer), form | {"Digits": "1"}))
    return await asyncio.gather(*(ask(here.app, url, form) for url, form in lines))


async def test_two_advisers_press_1_at_the_same_moment_and_one_has_the_caller(tmp_path: Path) -> None:
    async with two_processes(tmp_path, *ADVISERS) as (here, load_balancer):
        await queued(here)
        legs = await rung(here, *ADVISERS)
        assert {leg.adviser.number for leg in legs} == set(ADVISERS)
        heard = await press_1(here, legs)
        assert len({request.backend for request in load_balancer.requests[-2:]}) == 2
        assert sorted(f"<Queue>{legs[0].hunt}</Queue>" in one.text for one in heard) == [False, True]
        assert [TAKEN in said(one) for one in heard].count(True) == 1


async def test_two_callers_at_the_same_moment_and_one_adviser(tmp_path: Path) -> None:
    async with two_processes(tmp_path, ADVISERS[0]) as (here, load_balancer):
        calls = dict(zip(("CA1", "CA2"), await asyncio.gather(queued(here, "CA1"), queued(here, "CA2")), strict=True))
        assert len({request.backend for request in load_balancer.requests}) == 2
        found = await asyncio.gather(rung(here, ADVISERS[0]), rung(here, ADVISERS[0]))
        [leg] = [leg for legs in found for leg in legs]
        [taken] = await press_1(here, [leg])
        assert f"<Queue>{leg.hunt}</Queue>" in taken.text
        [other] = [call for call, heard in calls.items() if f">{leg.hunt}</Enqueue>" not in heard.text]
        assert await rung(here, ADVISERS[0]) == []
        waiting = await waits(here, wait_url(calls[other]), other, "*")
        assert "talking to other callers" in said(waiting)
        assert "<Leave" not in waiting.text
