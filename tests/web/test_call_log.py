"""Call events are written in the background, in order, and no caller waits for it."""

import asyncio
from contextlib import suppress

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.call_state import CallState
from ivr.engine.events import DialEnded, DialStatus, Digits, Event
from ivr.engine.run import Reply
from ivr.engine.verbs import Turn
from ivr.store import call_events as events
from ivr.store.call_events import CallEvent, CallOutcome
from ivr.store.database import Store
from ivr.store.tables import call_events, calls
from ivr.web import call_log, metrics
from ivr.web.call_log import CallLog
from tests.app_factory import PATIENT
from tests.conftest import Output
from tests.store.conftest import SECRETS
from tests.web.running_app import DOWN, SHORT, Clock, RunningApp, locked, running_app
from tests.web.webhooks import CALLER, SETTINGS, action, ask, form_of, screen


def log_turns(
    call_log: CallLog, call: str, *turns: int, event: Event | None = None, outcome: CallOutcome | None = None
) -> None:
    for turn in turns:
        call_log.append(
            call, "v1", event or Digits("1"), Reply(Turn(()), f"town/step{turn}", CallState(turn=turn)), outcome
        )


async def written(store: Store, call: str = "CA1") -> list[int]:
    """Return the turns of a call in the store, the first written first."""
    async with store.begin() as db:
        of_call = call_events.c.call == store.cipher.blind_index(call)
        return list(await db.scalars(select(call_events.c.turn).where(of_call).order_by(call_events.c.n)))


async def until_written(store: Store, wanted: list[int], call: str = "CA1") -> None:
    async with asyncio.timeout(15):
        while await written(store, call) != wanted:
            await asyncio.sleep(0.02)


async def ends(call_log: CallLog) -> None:
    """Write what waits, as at the end of a process."""
    call_log.stop()
    await call_log.write()


def dropped() -> float:
    return metrics.registry.get_sample_value("ivr_call_events_dropped_total") or 0.0


def waiting() -> float:
    return metrics.registry.get_sample_value("ivr_call_events_waiting") or 0.0


async def test_events_are_written_in_order_and_in_batches(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[int] = []
    left: list[float] = []
    append = events.append

    async def counted(db: AsyncConnection, batch: list[CallEvent]) -> None:
        batches.append(len(batch))
        left.append(waiting())
        await append(db, batch)

    monkeypatch.setattr(events, "append", counted)
    monkeypatch.setattr(call_log, "BATCH", 4)
    one = CallLog(store, Clock())
    log_turns(one, "CA1", *range(10))
    await ends(one)
    assert batches == [4, 4, 2]
    assert left == [10, 6, 2]
    assert await written(store) == [*range(10)]
    assert waiting() == 0


async def test_events_are_written_while_the_process_lives(store: Store) -> None:
    one = CallLog(store, Clock())
    writing = asyncio.create_task(one.write())
    log_turns(one, "CA1", 1, 2)
    await until_written(store, [1, 2])
    log_turns(one, "CA1", 3)
    await until_written(store, [1, 2, 3])
    one.stop()
    await writing


async def test_a_full_queue_drops_events_and_counts_them(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_log, "LONGEST", 3)
    before, one = dropped(), CallLog(store, Clock())
    log_turns(one, "CA1", *range(5))
    assert dropped() - before == 2
    await ends(one)
    assert await written(store) == [0, 1, 2]


async def test_calls_go_on_when_the_queue_is_full(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_log, "LONGEST", 0)
    async with running_app(url) as here:
        assert "school/menu" in action(await here.rings("CA1", "4"))


async def test_nothing_is_lost_while_the_database_is_down_and_the_order_stays(url: str, store: Store) -> None:
    async with Store(url, SECRETS, SHORT) as impatient:
        one, before = CallLog(impatient, Clock()), dropped()
        writing = asyncio.create_task(one.write())
        async with locked(url):
            for turn in range(4):  # some come while a batch is being tried in vain
                log_turns(one, "CA1", turn)
                await asyncio.sleep(0.05)
        async with Store(url, SECRETS, PATIENT) as looking:
            log_turns(one, "CA1", 4)
            await until_written(looking, [0, 1, 2, 3, 4])
        one.stop()
        await writing
    assert dropped() == before


async def test_a_batch_that_fails_stays_before_what_comes_meanwhile(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Store(DOWN, SECRETS, SHORT) as down:
        one = CallLog(down, Clock())
        log_turns(one, "CA1", 0, 1)
        trying = asyncio.create_task(one._write_batch())
        await asyncio.sleep(0)
        log_turns(one, "CA1", 2)
        assert not await trying
        monkeypatch.setattr(one, "_store", store)
        await ends(one)
    assert await written(store) == [0, 1, 2]


async def test_what_cannot_be_written_at_the_end_is_counted_and_told(output: Output) -> None:
    before = dropped()
    async with Store(DOWN, SECRETS, SHORT) as store:
        one = CallLog(store, Clock())
        log_turns(one, "CA1", 1, 2, 3)
        await ends(one)
    assert dropped() - before == 3
    assert "events=3" in output()


@pytest.mark.parametrize(
    ("event", "outcome", "stored"),
    [
        (Digits("1"), None, None),
        (Digits("1"), CallOutcome.text, "text"),
        (Digits("1"), CallOutcome.failed, "failed"),
        (DialEnded(DialStatus.busy), None, None),
    ],
)
async def test_the_outcome_of_a_call(
    store: Store, event: Event, outcome: CallOutcome | None, stored: str | None
) -> None:
    one = CallLog(store, Clock())
    log_turns(one, "CA1", 1, event=event, outcome=outcome)
    log_turns(one, "CA1", 2)
    await ends(one)
    async with store.begin() as db:
        record = await events.read(db, store.cipher.blind_index("CA1"))
    assert record
    assert record.outcome == stored


# In the application.


async def logged(here: RunningApp, call: str, number: int) -> list[tuple[str, str]]:
    """Return the events of a call, when so many have been written."""
    async with asyncio.timeout(15):
        while len(found := await events_of(here, call)) < number:
            await asyncio.sleep(0.02)
    return found


async def events_of(here: RunningApp, call: str) -> list[tuple[str, str]]:
    with suppress(ValueError):  # no record yet
        return await here.steps(call)
    return []


async def test_a_call_has_one_event_a_step_in_order(here: RunningApp) -> None:
    await here.rings("CA1", "4", "3", "9", "1")
    assert await logged(here, "CA1", 5) == [
        ("welcome/main", "Rang"),
        ("school/menu", "Digits"),
        ("school/first_steps", "Digits"),
        ("school/first_steps", "Digits"),
        ("school/first_steps", "Digits"),
    ]
    record = await here.record("CA1")
    assert (record.topics, record.outcome, record.ended) == ("school", None, None)


async def test_two_callers_who_withhold_their_number_share_no_record(here: RunningApp) -> None:
    for call in ("CA1", "CA2"):
        await here.rings(call, "4", From="anonymous", Caller="anonymous")
        await logged(here, call, 2)
    assert len({row.call for row in await here.rows(call_events)}) == 2


async def test_a_webhook_twice_is_one_event(here: RunningApp) -> None:
    first = await here.rings("CA1")
    for _ in range(2):
        await ask(here.app, action(first), form_of("CA1", Digits="4"))
    await here.rings("CA2")
    await logged(here, "CA2", 1)
    assert len(await logged(here, "CA1", 2)) == 2


async def test_an_advisers_leg_is_not_logged(here: RunningApp) -> None:
    ringing = await here.rings("CA1", "0")
    offer = await ask(here.app, screen(ringing), form_of("CA9"))
    await ask(here.app, action(offer), form_of("CA9", Digits="1"))
    ended = form_of("CA1", DialCallStatus="completed", DialBridged="true", DialCallSid="CA9")
    await ask(here.app, action(ringing), ended)
    await logged(here, "CA1", 3)
    assert len({row.call for row in await here.rows(call_events)}) == 1
    assert (await here.record("CA1")).outcome == "put_through"


async def test_a_call_whose_step_failed_has_the_outcome_failed(
    here: RunningApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError

    begun = await here.rings("CA1")
    monkeypatch.setattr("ivr.engine.conversation.run", breaks)
    await ask(here.app, action(begun), form_of("CA1", Digits="1"))
    await logged(here, "CA1", 2)
    assert (await here.record("CA1")).outcome == "failed"


async def test_a_call_with_a_text_has_the_outcome_text(here: RunningApp) -> None:
    begun = await here.rings("CA1", "0")
    nobody = await ask(here.app, action(begun), form_of("CA1", DialCallStatus="no-answer"))
    while "<Dial" in nobody.text:
        nobody = await ask(here.app, action(nobody), form_of("CA1", DialCallStatus="no-answer"))
    for key in ("3", "1", "1"):
        nobody = await ask(here.app, action(nobody), form_of("CA1", Digits=key))
    assert "We will text you" in nobody.text
    await logged(here, "CA1", 7)
    assert (await here.record("CA1")).outcome == "text"


async def test_what_waits_when_the_process_is_told_to_stop_is_written(url: str) -> None:
    async with running_app(url) as here:
        await here.rings("CA1", "4", "1")  # no time to write it now
    async with Store(url, SETTINGS.secrets, PATIENT) as store, store.begin() as db:
        assert len((await db.execute(select(call_events))).all()) == 3


async def test_no_number_and_no_key_stands_in_a_record(here: RunningApp) -> None:
    await here.rings("CA1", "1", "1", "14102026")
    await logged(here, "CA1", 4)
    kept = repr(await here.rows(call_events)) + repr(await here.rows(calls))
    assert "14102026" not in kept
    assert "CA1" not in kept
    assert CALLER[-9:] not in kept


async def test_with_the_database_down_calls_go_on() -> None:
    async with running_app(DOWN, SHORT) as here:
        assert "school/menu" in action(await here.rings("CA1", "4"))
