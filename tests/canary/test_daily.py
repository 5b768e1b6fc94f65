"""The test call of a day is made once, by whichever worker is first, while we are open; and is missed if it is not."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

import pytest

from ivr.canary.daily import DailyCanary, due_since
from ivr.doctor.checks import CHECKS
from ivr.doctor.registry import Subject
from ivr.doctor.run import examine
from ivr.helpline.canary import Probe, ProbeResult, Verdict
from ivr.helpline.timezone import LONDON
from ivr.loader import load
from ivr.store import canary_runs
from ivr.store.database import Store
from tests.canary.rig import CANARY_NUMBER, settings
from tests.store.conftest import store, url

__all__ = ["store", "url"]

ELEVEN = datetime(2026, 12, 1, 11, tzinfo=LONDON)
HOUR = timedelta(hours=1)
PASSED = ProbeResult(Probe.call, Verdict.passed, "answered")
FAILED = ProbeResult(Probe.text, Verdict.failed, "it did not come")


class Worker:
    """One of several workers."""

    def __init__(self, store: Store, now: datetime, *, is_open: bool = True) -> None:
        self._store, self.now, self.is_open, self.made = store, now, is_open, 0
        self._daily = DailyCanary(self._run, self._asked, lambda: self.now)

    async def looks(self) -> None:
        await self._daily.call_if_due()

    async def _asked(self) -> bool:
        return self.is_open

    async def _run(self, since: datetime) -> Sequence[ProbeResult] | None:
        async with self._store.begin() as db:
            id = await canary_runs.begin(db, self.now, since)
        if id is None:
            return None
        self.made += 1
        async with self._store.begin() as db:
            await canary_runs.end(db, id, [PASSED], self.now)
        return [PASSED]


async def test_of_several_workers_one_makes_it_and_none_again_that_day(store: Store) -> None:
    workers = [Worker(store, ELEVEN) for _ in range(4)]
    for later in (timedelta(), HOUR, 5 * HOUR):
        for worker in workers:
            worker.now = ELEVEN + later
        await asyncio.gather(*(worker.looks() for worker in workers))
        assert sum(worker.made for worker in workers) == 1
    for worker in workers:
        worker.now = ELEVEN + timedelta(days=1)
        await worker.looks()
    assert sum(worker.made for worker in workers) == 2


async def test_before_ten_and_while_we_are_closed_none_is_made(store: Store) -> None:
    early, closed = Worker(store, ELEVEN - 2 * HOUR), Worker(store, ELEVEN, is_open=False)
    await early.looks()
    await closed.looks()
    assert early.made == closed.made == 0
    closed.is_open = True
    await closed.looks()
    assert closed.made == 1


@pytest.mark.parametrize("day", [datetime(2026, 3, 29, 12, tzinfo=LONDON), datetime(2026, 10, 25, 12, tzinfo=LONDON)])
def test_on_a_day_on_which_the_clocks_change_it_is_due_at_ten_by_the_clock_on_the_wall(day: datetime) -> None:
    assert due_since(day) == day.replace(hour=10)


async def test_a_run_that_was_broken_off_keeps_the_next_from_nothing(store: Store) -> None:
    async with store.begin() as db:
        assert await canary_runs.begin(db, ELEVEN)
        assert await canary_runs.begin(db, ELEVEN + timedelta(minutes=14)) is None
        assert await canary_runs.begin(db, ELEVEN + timedelta(minutes=16))


async def told(store: Store, now: datetime, number: str | None = CANARY_NUMBER) -> list[tuple[str, str]]:
    """Return what `ivr doctor canary` finds, with content that is always open."""
    given = settings("sqlite:///nothing.db", {}).model_copy(update={"canary_number": number})
    subject = cast(Subject, Looked(given, store, now))
    return [(one.severity, one.says) async for one in examine(subject, [CHECKS["canary"]])]


class Looked:
    """What the check looks at."""

    def __init__(self, settings: object, store: Store, now: datetime) -> None:
        self.settings, self.store, self.now = settings, store, now

    def content(self) -> object:
        return load()


async def made_at(store: Store, at: datetime, *results: ProbeResult) -> None:
    async with store.begin() as db:
        id = await canary_runs.begin(db, at)
        assert id
        await canary_runs.end(db, id, results, at + timedelta(minutes=5))


async def test_without_a_second_number_it_is_said_that_none_is_made(store: Store) -> None:
    [(severity, says)] = await told(store, ELEVEN, None)
    assert (severity, "IVR_CANARY_NUMBER is not set" in says) == ("skipped", True)


async def test_a_test_call_that_was_never_made_or_not_today_is_told(store: Store) -> None:
    assert await told(store, ELEVEN) == [("warning", "no test call was ever made")]
    await made_at(store, ELEVEN, PASSED)
    assert await told(store, ELEVEN + 23 * HOUR) == []
    tomorrow = ELEVEN + timedelta(days=1)
    assert await told(store, tomorrow) == []
    assert await told(store, tomorrow + 3 * HOUR) == [("warning", "the last test call is of Tue 01 Dec at 11:00")]
    assert await told(store, ELEVEN + timedelta(days=4, hours=3)) == []  # a Saturday, on which we are closed


async def test_what_failed_is_told_with_when_it_passed_last(store: Store) -> None:
    await made_at(store, ELEVEN, PASSED)
    await made_at(store, ELEVEN + HOUR, PASSED, FAILED)
    [(severity, says)] = await told(store, ELEVEN + 2 * HOUR)
    assert severity == "error"
    expected = "test call of Tue 01 Dec at 12:00: text failed: it did not come (passed last on Tue 01 Dec at 11:00)"
    assert says == expected


async def test_a_test_call_that_never_ended_is_told_and_what_was_found_before_it_stays(store: Store) -> None:
    await made_at(store, ELEVEN, FAILED)
    async with store.begin() as db:
        await canary_runs.begin(db, ELEVEN + HOUR)
    severities = [severity for severity, _ in await told(store, ELEVEN + 2 * HOUR)]
    assert severities == ["warning", "error"]
