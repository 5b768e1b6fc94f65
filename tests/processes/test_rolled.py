"""A release is rolled out under two hundred calls and taken back; each caller stays where they were."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from ivr.simulator.phone import Phone
from ivr.simulator.transcript import HELPLINE
from ivr.store.database import Store
from ivr.store.tables import call_events
from tests.phone_calls import goes_on
from tests.processes.ivr_process import ROOT, IvrProcess
from tests.processes.load_balancer import LoadBalancer
from tests.processes.test_many import wait_until
from tests.simulator.browsing import content_in
from tests.store.conftest import SECRETS, postgresql_url
from tests.worker.kill import PUBLIC_URL, settings

CALLS = 200
PAUSE = 2.0
"""Seconds between two keys of one caller."""
LETTER = f"{datetime.now(UTC) - timedelta(days=14):%d%m%Y}"
PLACES: Sequence[tuple[str, ...]] = (
    (),
    ("2",),
    ("2", "2"),
    ("2", "2", "1"),
    ("4",),
    ("5", "1"),
    ("1", "1"),
    ("1", "1", LETTER),
    ("1", "1", LETTER, "1"),
    ("1", "1", LETTER, "1", "2"),
)
"""The keys to a menu, to pages, to a date, and to questions about it: these processes go by the real clock."""
AGAIN = "*"


def next_release(folder: Path) -> Path:
    """Return the content of a release in which a menu has another name, where a tenth of the callers are."""
    content_in(folder)
    for file, old, new in (
        ("flows/getting_a_plan.yaml", "\nmenu:\n", "\nwhich:\n  formerly: [menu]\n"),
        ("prompts/en-GB/getting_a_plan.yaml", "\nmenu:\n", "\nwhich:\n"),
        ("flows/welcome.yaml", "getting_a_plan/menu", "getting_a_plan/which"),
        ("flows/moving.yaml", "getting_a_plan/menu", "getting_a_plan/which"),
    ):
        path = folder / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
    return folder


@dataclass
class Release:
    """The processes of one release: two that answer calls, and a worker."""

    name: str
    folder: Path
    settings: dict[str, str]

    def processes(self) -> list[IvrProcess]:
        commands = (("serve", "--no-worker", "--port", "0"),) * 2 + (("worker",),)
        return [
            IvrProcess(self.folder / f"{self.name}-{number}", self.settings, command)
            for number, command in enumerate(commands)
        ]


@dataclass
class Running:
    """What runs now, and what it is behind."""

    load_balancer: LoadBalancer
    processes: list[IvrProcess]
    started: list[IvrProcess]

    async def roll(self, release: Release) -> None:
        """Replace the processes one after another: each goes only when its successor answers."""
        for old, new in zip(list(self.processes), release.processes(), strict=True):
            await new.start()
            self.started.append(new)
            if new.command[0] == "serve":
                self.load_balancer.backends.append(await new.base_url())
                self.load_balancer.remove(await old.base_url())
            self.processes[self.processes.index(old)] = new
            assert await old.stop() in (0, -15)


@pytest.fixture
def releases(tmp_path: Path) -> tuple[Release, Release, Release]:
    """Return a release, the next one, and the first again."""
    given = settings(postgresql_url(), "http://127.0.0.1:1") | {"IVR_ADVISERS": "+447700900001"}
    now = given | {"IVR_CONTENT": str(ROOT)}
    later = given | {"IVR_CONTENT": str(next_release(tmp_path / "content"))}
    return Release("first", tmp_path, now), Release("next", tmp_path, later), Release("back", tmp_path, now)


@pytest.fixture
async def running(releases: tuple[Release, ...]) -> AsyncIterator[Running]:
    async with LoadBalancer(timeout=60) as load_balancer, AsyncExitStack() as stack:
        everything = Running(load_balancer, releases[0].processes(), [])
        for process in everything.processes:
            await stack.enter_async_context(process.running())
        load_balancer.backends = [await process.base_url() for process in everything.processes[:2]]
        try:
            yield everything
        finally:
            for process in everything.started:
                await process.stop()


def heard(phone: Phone) -> list[str]:
    """Return what the caller heard since their last key."""
    return [one.text for one in phone.transcript.this_turn if one.who == HELPLINE and one.ear == phone.transcript.ear]


async def stays_where_it_is(phone: Phone, place: tuple[str, ...], rolled: asyncio.Event) -> int:
    """Ring, go to a place, and ask to hear it again until everything is rolled; return how often."""
    await goes_on(await phone.dials(), *place)
    at_first = heard(await phone.presses(AGAIN))
    times = 0
    while not rolled.is_set():
        await asyncio.sleep(PAUSE)
        assert heard(await phone.presses(AGAIN)) == at_first, (place, phone.failures)
        times += 1
    return times


async def test_two_hundred_calls_keep_their_place_while_a_release_is_rolled_out_and_taken_back(
    running: Running, releases: tuple[Release, Release, Release]
) -> None:
    rolled = asyncio.Event()
    first = Phone(running.load_balancer, public_url=PUBLIC_URL, caller="+447700900100", default_callee="no_answer")
    phones = [first] + [
        Phone(running.load_balancer, public_url=PUBLIC_URL, caller=f"+4477009{number:05}", default_callee="no_answer")
        for number in range(101, 100 + CALLS)
    ]
    calls = [
        asyncio.create_task(stays_where_it_is(phone, PLACES[number % len(PLACES)], rolled))
        for number, phone in enumerate(phones)
    ]
    for release in releases[1:]:
        await running.roll(release)
    rolled.set()
    assert min(await asyncio.gather(*calls)) > 1
    assert not [failure for phone in phones for failure in phone.failures]
    assert {request.status for request in running.load_balancer.requests} == {200}
    assert len(running.load_balancer.backends_for("/voice")) == 6
    await all_are_recorded(releases[0].settings["DATABASE_URL"], sum(len(phone.documents) for phone in phones))


async def all_are_recorded(database: str, answers: int) -> None:
    """Wait until each answer has its event: none was lost with a process."""
    async with Store(database, SECRETS, patience=30) as store:

        async def recorded() -> bool:
            async with store.begin() as db:
                return await db.scalar(select(func.count()).select_from(call_events)) == answers

        await wait_until(recorded, f"{answers} events")
