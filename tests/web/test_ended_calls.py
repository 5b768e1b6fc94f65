"""Each call that ends is one line of the log, whoever of our processes heard of it and however often."""

import asyncio
import json
import logging

import pytest

from ivr.log import JsonFormatter
from ivr.store import call_events
from ivr.store.call_events import SETTLED_AT_ONCE, CallOutcome
from ivr.store.call_summary import call_id
from ivr.store.tables import daily_counts
from ivr.web.ended_calls import EndedCalls
from tests.store.fixtures import MINUTE, call_event
from tests.web.running_app import DOWN, SHORT, RunningApp, running_app
from tests.web.webhooks import CALLER, form_of

CALL_SID = "CA0123456789abcdef0123456789abcdef"


class Lines:
    """The lines of calls that ended."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self._caplog = caplog

    def all(self) -> list[logging.LogRecord]:
        return [one for one in self._caplog.records if one.getMessage().startswith("call ended: ")]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Lines:
    caplog.set_level("INFO", "ivr")
    return Lines(caplog)


async def logged(here: RunningApp, call: bytes) -> EndedCalls:
    ended = EndedCalls(here.store, lambda: "en-GB")
    ended.append(call)
    await ended.settle()
    await ended.settle()
    return ended


async def test_a_call_is_one_line_with_what_it_came_to(here: RunningApp, lines: Lines) -> None:
    now, call = here.clock(), here.store.cipher.blind_index(CALL_SID)
    async with here.store.begin() as db:
        steps = ("welcome/greeting", "welcome/main", "school/menu", "school/text", "person/queue")
        for turn, step in enumerate(steps):
            outcome = {3: CallOutcome.text, 4: CallOutcome.put_through}.get(turn)
            topic = "school" if turn > 1 else ""
            await call_events.append(db, [call_event(call, now, turn, step=step, topic=topic, outcome=outcome)])
        assert await call_events.end(db, call, None, now + 3 * MINUTE)
        assert not await call_events.end(db, call, None, now + 4 * MINUTE)
    await logged(here, call)
    [line] = lines.all()
    assert json.loads(JsonFormatter().format(line)) | {"time": ""} == {
        "time": "",
        "level": "INFO",
        "logger": "ivr.web.ended_calls",
        "message": "call ended",
        "call": call_id(call),
        "began": "2026-11-23T10:00:00+00:00",
        "seconds": 180,
        "outcome": "put_through",
        "topics": "school",
        "flows": "welcome,school,person",
        "steps": 5,
        "language": "en-GB",
        "adviser": "yes",
        "text": "yes",
    }


async def test_a_call_is_counted_when_it_has_its_line(url: str, lines: Lines) -> None:
    async with running_app(url) as here:
        await here.rings(CALL_SID, "4")
        await here.post("/voice/status", form_of(CALL_SID, CallStatus="completed"))
    assert len(lines.all()) == 1
    async with running_app(url) as later:
        counted = {(row.metric, row.dimension): row.n for row in await later.rows(daily_counts)}
    assert counted == {("call", ""): 1, ("call", "abandoned"): 1, ("topic", "school"): 1}


async def test_calls_that_all_end_at_once_have_a_line_each_and_are_all_counted(here: RunningApp, lines: Lines) -> None:
    ended, number = EndedCalls(here.store, lambda: "en-GB"), 2 * SETTLED_AT_ONCE + 1
    calls = [here.store.cipher.blind_index(f"CA{n}") for n in range(number)]
    async with here.store.begin() as db:
        await call_events.append(db, [call_event(call, here.clock()) for call in calls])
        for call in calls:
            await call_events.end(db, call, None, here.clock())
            ended.append(call)
    await ended.settle()
    await ended.settle()
    assert {record.getMessage().split()[2] for record in lines.all()} == {f"call={call_id(call)}" for call in calls}
    assert {row.n for row in await here.rows(daily_counts)} == {number}


async def test_the_line_has_nothing_of_who_called(url: str, lines: Lines) -> None:
    async with running_app(url) as here:
        await here.rings(CALL_SID, "4", "3")
        await here.post("/voice/status", form_of(CALL_SID, CallStatus="completed"))
    [line] = lines.all()
    assert not any(secret in line.getMessage() for secret in (CALL_SID, CALLER.removeprefix("+44")))


async def test_a_call_that_ends_as_we_stop_has_its_line_once_its_last_events_are_written(
    here: RunningApp, lines: Lines
) -> None:
    call, stop, ended = here.store.cipher.blind_index("CA4"), asyncio.Event(), EndedCalls(here.store, lambda: "en-GB")

    async def write() -> None:
        async with here.store.begin() as db:
            await call_events.append(db, [call_event(call, here.clock())])
            await call_events.end(db, call, None, here.clock())

    ended.append(call)
    stop.set()
    await ended.watch(stop, write())
    assert len(lines.all()) == 1


async def test_a_call_in_another_language_says_so(here: RunningApp, lines: Lines) -> None:
    call = here.store.cipher.blind_index("CA2")
    async with here.store.begin() as db:
        await call_events.append(db, [call_event(call, here.clock(), language="cy")])
        await call_events.end(db, call, None, here.clock())
    await logged(here, call)
    assert "language=cy" in lines.all()[0].getMessage()


async def test_a_database_that_is_down_delays_the_line(here: RunningApp, lines: Lines) -> None:
    call = here.store.cipher.blind_index("CA3")
    async with here.store.begin() as db:
        await call_events.append(db, [call_event(call, here.clock())])
        await call_events.end(db, call, None, here.clock())
    ended = EndedCalls(here.store, lambda: "en-GB")
    ended.append(call)
    await ended.settle()
    async with running_app(DOWN, SHORT) as down:
        ended._store, store = down.store, ended._store
        await ended.settle()
    ended._store = store
    assert lines.all() == []
    await ended.settle()
    assert len(lines.all()) == 1
