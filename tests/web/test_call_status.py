"""The final status callback closes a call's record, and counts it."""

import asyncio
from datetime import timedelta

import pytest

from ivr.store.tables import calls, daily_counts
from tests.conftest import Output
from tests.web.running_app import DOWN, SHORT, RunningApp, has_number, locked, running_app
from tests.web.webhooks import form_of

STATUS = "/voice/status"


async def is_over(here: RunningApp, status: str = "completed", call: str = "CA1") -> int:
    return (await here.post(STATUS, form_of(call, CallStatus=status))).status_code


async def has_rung(here: RunningApp, call: str = "CA1", *keys: str) -> None:
    """Call, and wait until every event is written."""
    await here.rings(call, *keys)
    async with asyncio.timeout(15):
        while not await is_written(here, call, len(keys) + 1):
            await asyncio.sleep(0.02)


async def is_written(here: RunningApp, call: str, number: int) -> bool:
    return len(await here.steps(call)) == number


async def counted(here: RunningApp) -> dict[str, int]:
    await here.settle()
    return {f"{row.metric} {row.dimension}".strip(): row.n for row in await here.rows(daily_counts)}


async def test_the_record_of_a_call_is_closed(here: RunningApp) -> None:
    await has_rung(here, "CA1", "4")
    assert (await here.record("CA1")).ended is None
    assert await is_over(here) == 204
    record = await here.record("CA1")
    assert (record.outcome, record.topics, record.ended) == ("abandoned", "school", here.clock())
    assert await counted(here) == {"call": 1, "call abandoned": 1, "topic school": 1}


@pytest.mark.parametrize(("stays", "how"), [(timedelta(minutes=1), "informed"), (timedelta(seconds=2), "abandoned")])
async def test_a_caller_who_heard_what_to_do_and_rang_off_is_informed(
    here: RunningApp, stays: timedelta, how: str
) -> None:
    await has_rung(here, "CA1", "4", "3")
    here.clock.passes(stays)
    await is_over(here)
    assert (await here.record("CA1")).outcome == how
    assert await counted(here) == {"call": 1, f"call {how}": 1, "topic school": 1}


@pytest.mark.parametrize(("last", "how"), [("5", "informed"), ("3", "abandoned")])
async def test_a_caller_who_chooses_the_goodbye_was_informed(here: RunningApp, last: str, how: str) -> None:
    await has_rung(here, "CA1", "4", "3", *"11111", last)  # each page cut short by a key
    await is_over(here)
    assert (await here.record("CA1")).outcome == how


@pytest.mark.parametrize(
    ("status", "how"),
    [("completed", "abandoned"), ("canceled", "abandoned"), ("failed", "failed"), ("busy", "failed")],
)
async def test_the_outcome_of_a_call_without_any_other(here: RunningApp, status: str, how: str) -> None:
    await has_rung(here)
    await is_over(here, status)
    assert (await here.record("CA1")).outcome == how


@pytest.mark.parametrize("status", ["queued", "ringing", "in-progress", "", "nonsense"])
async def test_a_call_that_goes_on_is_not_closed(here: RunningApp, status: str) -> None:
    await has_rung(here)
    assert await is_over(here, status) == 204
    assert (await here.record("CA1")).ended is None


async def test_the_end_told_twice_is_counted_once(here: RunningApp) -> None:
    await has_rung(here)
    assert [await is_over(here), await is_over(here, "failed")] == [204, 204]
    assert await counted(here) == {"call": 1, "call abandoned": 1}


async def test_the_end_told_before_the_lines_are_written_loses_none(url: str) -> None:
    async with running_app(url) as here:
        await here.rings("CA1", "4")
        await is_over(here)
    async with running_app(url) as later:
        assert {happened for _, happened in await later.steps("CA1")} == {"Rang", "Digits", "Ended"}
        assert (await later.record("CA1")).ended is not None
        assert await counted(later) == {"call": 1, "call abandoned": 1, "topic school": 1}


async def test_the_end_of_a_call_that_we_know_nothing_of_is_written_down_too(here: RunningApp) -> None:
    assert await is_over(here, "failed", "CA404") == 204
    assert (await here.record("CA404")).outcome == "failed"


async def test_the_end_of_no_call_at_all_is_nothing(here: RunningApp) -> None:
    assert (await here.post(STATUS, {"CallStatus": "completed"})).status_code == 204
    assert (await here.post(STATUS, {})).status_code == 204
    assert await here.rows(calls) == []


async def test_with_the_database_down_the_provider_is_asked_to_come_again(output: Output) -> None:
    async with running_app(DOWN, SHORT) as here:
        assert await is_over(here) == 503
    logged = output()
    assert "the database is down" in logged
    assert not has_number(logged)


async def test_with_the_database_locked_the_end_is_told_again_and_stored_then(here: RunningApp, url: str) -> None:
    await has_rung(here)
    async with running_app(url, SHORT) as impatient:
        async with locked(url):
            assert await is_over(impatient) == 503
        assert (await here.record("CA1")).ended is None
        assert await is_over(impatient) == 204
    assert (await here.record("CA1")).ended is not None


async def test_an_end_that_waits_too_long_for_those_before_it_is_told_again(
    here: RunningApp, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ivr.web.call_status.LONGEST_QUEUE", 0.05)
    async with locked(url):
        both = [asyncio.create_task(is_over(here, call=call)) for call in ("CA1", "CA2")]
        refused, waiting = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        assert [one.result() for one in refused] == [503]
    assert [await one for one in waiting] == [204]


async def test_what_nobody_signed_closes_nothing(here: RunningApp) -> None:
    await has_rung(here)
    for signature in ("", "bm90IG91ciBzZWNyZXQ="):
        assert (await here.post(STATUS, form_of(CallStatus="completed"), signature)).status_code == 403
    assert (await here.record("CA1")).ended is None
