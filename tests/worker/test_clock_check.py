"""A worker whose clock is wrong destroys nothing, says so once, and goes on by itself when it is right again."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.routes import rest_api
from ivr.store import last_seen, provider_resources
from ivr.store.database import Store
from ivr.telephony.rest import Provider
from ivr.worker.clock_check import REMIND, ClockCheck
from tests.store.fixtures import enqueue_text, states
from tests.worker.conftest import Clock, Work

DAY, MONTH = timedelta(days=1), timedelta(days=30)
JUMPS = pytest.mark.parametrize("jump", [20 * DAY, 2 * DAY, timedelta(hours=-1), -20 * DAY], ids=str)


@dataclass
class Counter:
    """A monotonic clock that is set by hand."""

    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Machine:
    """A machine whose clock may be wrong, and a provider whose clock is right, while it can be reached."""

    store: Store
    clock: Clock = field(default_factory=Clock)
    true: Clock = field(default_factory=Clock)
    counter: Counter = field(default_factory=Counter)

    def __post_init__(self) -> None:
        account = TwilioAccount(clock=self.true)
        self.account, self.line = account, httpx2.ASGITransport(rest_api(account))
        self.restarts()

    def restarts(self, *, reaches_the_provider: bool = True) -> None:
        """Start the worker again, which knows nothing but what is in the database."""
        reached = Provider(ACCOUNT_SID, "token", "http://office", 10, self.line)
        cut_off = Provider(ACCOUNT_SID, "token", "http://127.0.0.1:1", 10)
        provider = reached if reaches_the_provider else cut_off
        self.check = ClockCheck(self.store, self.clock, provider, asks_server=False, monotonic=self.counter)

    def passes(self, time: timedelta) -> None:
        """Let true time pass, on every clock."""
        self.clock.now += time
        self.true.now += time
        self.counter.seconds += time.total_seconds()


@pytest.fixture
def machine(store: Store) -> Machine:
    return Machine(store)


@JUMPS
@pytest.mark.parametrize("reaches_the_provider", [True, False])
async def test_a_clock_that_was_set_wrong_is_not_believed(
    machine: Machine, jump: timedelta, reaches_the_provider: bool
) -> None:
    machine.restarts(reaches_the_provider=reaches_the_provider)
    assert await machine.check.is_plausible()
    machine.clock.now += jump
    assert not await machine.check.is_plausible(), "it was set, so that it is looked at again at once"
    machine.clock.now -= jump
    assert await machine.check.is_plausible()


@JUMPS
@pytest.mark.parametrize("reaches_the_provider", [True, False])
async def test_a_worker_that_starts_with_a_wrong_clock_does_not_believe_it_however_often_it_starts(
    machine: Machine, jump: timedelta, reaches_the_provider: bool
) -> None:
    await enqueue_text(machine.store, at=machine.clock())
    machine.clock.now += jump
    for start in range(3):
        machine.restarts(reaches_the_provider=reaches_the_provider)
        assert not await machine.check.is_plausible()
        await enqueue_text(machine.store, f"promised by the wrong clock {start}", at=machine.clock())
    machine.clock.now -= jump
    assert await machine.check.is_plausible(), "what the wrong clock wrote does not count"


async def test_a_new_helpline_believes_its_clock(machine: Machine) -> None:
    machine.restarts(reaches_the_provider=False)
    assert await machine.check.is_plausible()


async def test_a_helpline_that_was_off_for_a_month_goes_on_by_itself(machine: Machine) -> None:
    assert await machine.check.is_plausible()
    machine.passes(MONTH)
    machine.restarts()
    assert await machine.check.is_plausible()


async def test_one_that_was_off_for_a_month_and_cannot_ask_the_provider_waits_for_it(machine: Machine) -> None:
    assert await machine.check.is_plausible()
    machine.passes(MONTH)
    machine.restarts(reaches_the_provider=False)
    assert not await machine.check.is_plausible()
    machine.restarts()
    assert await machine.check.is_plausible()


async def test_a_clock_that_goes_on_is_believed_for_months_without_the_provider(machine: Machine) -> None:
    machine.restarts(reaches_the_provider=False)
    for _ in range(100):
        assert await machine.check.is_plausible()
        machine.passes(timedelta(hours=20))


async def test_while_what_the_provider_said_last_agrees_it_is_not_asked_again(machine: Machine) -> None:
    for _ in range(9):
        assert await machine.check.is_plausible()
        machine.passes(timedelta(minutes=1))
    assert len(machine.account.requests) == 1


async def test_the_database_server_is_asked_for_its_time_too(store: Store, url: str) -> None:
    is_postgresql = url.startswith("postgresql")
    for ahead in (timedelta(0), 20 * DAY):
        now = datetime.now(UTC) + ahead
        async with store.begin() as db:
            await last_seen.record(db, now)
        assert await ClockCheck(store, Clock(now)).is_plausible() == (not ahead or not is_postgresql)


async def test_it_is_said_once_an_hour_with_every_clock_and_what_to_do(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    machine.clock.now += 20 * DAY
    for _ in range(5):
        assert not await machine.check.is_plausible()
        machine.passes(timedelta(minutes=2))
    [line] = caplog.records
    assert line.levelname == "ERROR"
    for told in ("machine=2026-12-13T10:00:00", "the provider's clock says 2026-11-23T10:00:00", "ivr clock --accept"):
        assert told in line.getMessage()
    machine.passes(timedelta(seconds=REMIND))
    await machine.check.is_plausible()
    assert len(caplog.records) == 2
    machine.clock.now -= 20 * DAY
    assert await machine.check.is_plausible()
    assert "clock plausible again" in caplog.messages[-1]


async def test_it_is_seen_in_the_database_for_the_metrics_until_the_clock_is_right(machine: Machine) -> None:
    async def is_doubted() -> bool:
        async with machine.store.read() as db:
            return await last_seen.is_doubted(db)

    machine.clock.now += 20 * DAY
    await machine.check.is_plausible()
    assert await is_doubted()
    machine.clock.now -= 20 * DAY
    await machine.check.is_plausible()
    assert not await is_doubted()


@JUMPS
async def test_by_a_wrong_clock_nothing_is_deleted_here_or_at_the_provider_and_nobody_is_reminded(
    work: Work, jump: timedelta
) -> None:
    work.twilio.deletable.add("Calls/CA1")
    work.twilio.clock = Clock(work.clock())
    async with work.store.begin() as db:
        await provider_resources.add(db, "call", "CA1", None, work.clock() - 40 * DAY)
    await work.enqueue()
    work.clock.now += jump
    for task in (work.maintenance.purge, work.maintenance.delete_at_the_provider, work.maintenance.release_reminders):
        assert await task() == 0
    assert await states(work.store) == {"waiting": 1}
    assert work.twilio.deletable == {"Calls/CA1"}
    work.clock.now -= jump
    assert await work.maintenance.delete_at_the_provider() == 1
