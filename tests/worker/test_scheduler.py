"""The worker goes on, whatever fails, and stops when it is told to."""

import asyncio
from collections.abc import Callable

import pytest

from ivr.errors import DatabaseUnavailable
from ivr.simulator.twilio_api.faults import Fault
from ivr.store.sms_states import SmsState
from ivr.worker import scheduler
from ivr.worker.scheduler import Task, repeat
from tests.worker.conftest import PARENT, Work


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECOND", "MINUTE", "FIRST_WAIT", "LONGEST_WAIT"):
        monkeypatch.setattr(scheduler, name, 0.005)


async def until(true: Callable[[], bool]) -> None:
    while not true():
        await asyncio.sleep(0.005)


async def test_it_sends_what_is_promised_while_it_works_and_then_stops(work: Work) -> None:
    stop = asyncio.Event()
    working = asyncio.create_task(scheduler.work(work.store, work.provider, work.sender, work.clock, stop))
    await work.enqueue("One.")
    await until(lambda: len(work.twilio.messages) == 1)
    await work.enqueue("Two.")
    await until(lambda: len(work.twilio.messages) == 2)
    await work.twilio.callbacks_delivered()
    stop.set()
    await working
    assert {text.state for text in await work.texts()} == {SmsState.delivered}


async def test_what_was_begun_when_it_is_stopped_is_finished(work: Work) -> None:
    work.twilio.inject(Fault(delay=0.05, statuses=()))
    stop = asyncio.Event()
    await work.enqueue()
    working = asyncio.create_task(scheduler.work(work.store, work.provider, work.sender, work.clock, stop))
    await until(lambda: bool(work.twilio.messages))
    stop.set()
    await working
    assert (await work.text()).state == SmsState.sent


async def test_a_database_that_was_down_does_not_end_it(caplog: pytest.LogCaptureFixture) -> None:
    stop, tries = asyncio.Event(), 0

    async def fails_twice() -> int:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise DatabaseUnavailable("the database cannot be used now (OperationalError)")
        stop.set()
        return 0

    await repeat(Task("send texts", fails_twice, 0.005), stop)
    assert tries == 3
    line = "task failed: task='send texts' error='the database cannot be used now (OperationalError)'"
    assert caplog.messages == [line] * 2


async def test_a_mistake_of_ours_does_not_end_it_and_tells_the_log_no_number(caplog: pytest.LogCaptureFixture) -> None:
    stop = asyncio.Event()

    async def fails() -> int:
        stop.set()
        raise KeyError(PARENT)

    await repeat(Task("send texts", fails, 0.005), stop)
    [line] = caplog.messages
    assert line.startswith("task failed: task='send texts' error='KeyError at ")
    assert "test_scheduler.py" in line
    assert PARENT not in caplog.text


async def test_what_fails_again_and_again_is_tried_ever_more_rarely(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    stop = asyncio.Event()

    async def fails() -> int:
        if len(waits) == 6:
            stop.set()
        raise DatabaseUnavailable("stopped")

    async def wait_for(waiting: object, seconds: float) -> None:
        waits.append(seconds)
        waiting.close()  # type: ignore[attr-defined]

    monkeypatch.setattr(scheduler, "FIRST_WAIT", 1)
    monkeypatch.setattr(scheduler, "LONGEST_WAIT", 10)
    monkeypatch.setattr(asyncio, "wait_for", wait_for)
    await repeat(Task("send texts", fails, 1), stop)
    assert waits[:6] == [1, 2, 4, 8, 10, 10]


async def test_the_log_has_no_number_and_no_words_in_it(work: Work, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    await work.enqueue("Ring us.")
    await work.outbox.send_due()
    work.twilio.opted_out.add(PARENT)
    await work.enqueue("Ring us again.")
    await work.outbox.send_due()
    assert len(caplog.records) == 2
    assert PARENT[1:] not in caplog.text
    assert "Ring us" not in caplog.text
