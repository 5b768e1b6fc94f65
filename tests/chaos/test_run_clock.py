"""Time passes for every clock of a run step by step, and those of the processes alone can be set wrong."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from ivr.store.database import Store
from tests.chaos.database import MOVE_CLOCK, Database
from tests.chaos.run import SECRETS
from tests.chaos.run_clock import MINUTE, Pace, RunClock

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def clock(tmp_path: Path) -> RunClock:
    return RunClock(tmp_path / "clock")


def ahead(clock: RunClock, tmp_path: Path) -> tuple[timedelta, timedelta]:
    """Return by how much the provider's clock and that of the processes are ahead."""
    true = clock.true_time() - datetime.now(UTC)
    return timedelta(seconds=round(true.total_seconds())), timedelta(seconds=float((tmp_path / "clock").read_text()))


async def test_time_passes_in_steps_and_everybody_notices_each(clock: RunClock, tmp_path: Path) -> None:
    noticed: list[datetime] = []

    async def tick(time: datetime) -> None:
        noticed.append(time)

    await clock.let_pass(150 * SECOND, tick, Pace(MINUTE, 0.0))
    assert ahead(clock, tmp_path) == (150 * SECOND, 150 * SECOND)
    steps = [round((time - datetime.now(UTC)).total_seconds()) for time in noticed]
    assert steps == [60, 120, 150]


def test_a_clock_set_wrong_is_that_of_the_processes_alone(clock: RunClock, tmp_path: Path) -> None:
    clock.advance(MINUTE)
    clock.set_wrong(HOUR)
    assert ahead(clock, tmp_path) == (MINUTE, MINUTE + HOUR)
    clock.set_wrong(timedelta())
    assert ahead(clock, tmp_path) == (MINUTE, MINUTE)


def test_the_processes_begin_at_a_time_of_the_scenario(clock: RunClock) -> None:
    clock.start_at("2026-10-25T00:59:57+00:00")
    assert abs(clock.process_time() - datetime.fromisoformat("2026-10-25T00:59:57+00:00")) < SECOND


@pytest.fixture
def database() -> Iterator[Database]:
    made = Database()
    yield made
    made.drop()


async def test_the_database_server_tells_the_time_that_has_passed(database: Database) -> None:
    async with Store(database.url, SECRETS, 30) as store:
        async with store.begin() as db:
            await db.execute(text(MOVE_CLOCK), {"seconds": HOUR.total_seconds()})
        async with store.begin() as db:
            told = await db.scalar(select(func.clock_timestamp()))
    assert told is not None
    assert abs(told - datetime.now(UTC) - HOUR) < MINUTE
