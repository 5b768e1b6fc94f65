"""Call events are appended; what calls came to is worked out from them, however and whenever they come."""

import asyncio
from datetime import date, datetime
from random import Random

import pytest
from sqlalchemy import select, text

from ivr.store import call_events, daily_counts
from ivr.store.call_events import CallEvent, CallOutcome, CallRecord
from ivr.store.database import Store
from ivr.store.idempotency import insert_new
from ivr.store.tables import call_events as events
from ivr.store.tables import calls
from tests.store.conftest import SECRETS
from tests.store.fixtures import DAY, HOUR, MINUTE, NOW, SECOND, call_event

CALL, ANOTHER = b"one call", b"another call"
TODAY = date(2026, 11, 23)
SOMEBODY_WAITS = "select exists (select from pg_locks where not granted)"


def event(turn: int, call: bytes = CALL, **more: object) -> CallEvent:
    """Return the event of a turn, which is in its own minute."""
    return call_event(call, NOW + turn * MINUTE, turn, **more)


async def appended(store: Store, *batch: CallEvent) -> None:
    async with store.begin() as db:
        await call_events.append(db, batch)


async def ended(
    store: Store, outcome: CallOutcome | None = None, at: datetime = NOW + HOUR, call: bytes = CALL
) -> None:
    async with store.begin() as db:
        await call_events.end(db, call, outcome, at)
        await call_events.settle(db, [call])


async def settled(store: Store, now: datetime = NOW + HOUR) -> int:
    async with store.begin() as db:
        return await call_events.settle_recent(db, now)


async def record(store: Store, call: bytes = CALL) -> CallRecord:
    """Return what a call came to, which must be what was written down if it has ended."""
    async with store.begin() as db:
        found = await call_events.read(db, call)
        written = (await db.execute(select(calls).where(calls.c.blind_index == call))).all()
    assert found
    assert [tuple(row)[1:] for row in written] == ([tuple(found)] if found.ended else [])
    return found


async def steps(store: Store) -> list[str]:
    async with store.begin() as db:
        return list(await db.scalars(select(events.c.step).order_by(events.c.n)))


async def counted(store: Store, day: date = TODAY) -> dict[str, int]:
    async with store.begin() as db:
        return {what: n for (_, what), n in (await daily_counts.read(db, day, day)).items() if n}


async def test_events_are_kept_in_the_order_in_which_they_are_appended(store: Store) -> None:
    await appended(store, event(0), event(1), event(0, ANOTHER))
    await appended(store, event(2), event(1, ANOTHER))
    assert await steps(store) == ["town/step0", "town/step1", "town/step0", "town/step2", "town/step1"]
    one, another = await record(store), await record(store, ANOTHER)
    assert (one.began, one.last, one.ended) == (NOW, NOW + 2 * MINUTE, None)
    assert (another.began, another.last) == (NOW, NOW + MINUTE)


def test_an_event_has_the_columns_of_its_table_in_their_order() -> None:
    number, *columns = events.columns.keys()
    assert (number, CallEvent._fields) == ("n", tuple(columns))


async def test_a_webhook_delivered_again_adds_no_event(store: Store) -> None:
    await appended(store, event(0), event(1), event(1))
    await appended(store, event(1))
    assert await steps(store) == ["town/step0", "town/step1"]


async def test_an_empty_batch_is_nothing(store: Store) -> None:
    await appended(store)
    assert await steps(store) == []


async def test_while_calls_go_on_nothing_but_events_is_written(store: Store) -> None:
    await appended(store, event(0), event(1, topic="school", outcome=CallOutcome.text))
    assert await settled(store) == 0
    assert (await record(store)).outcome == "text"
    assert await counted(store) == {}


async def test_a_call_that_has_ended_says_when_what_about_and_how(store: Store) -> None:
    await appended(store, event(0), event(1, topic="school"), event(2, topic="deadline"), event(3, topic="school"))
    await ended(store)
    found = await record(store)
    assert (found.began, found.ended) == (NOW, NOW + HOUR)
    assert (found.topics, found.outcome) == ("school deadline", "abandoned")
    assert await counted(store) == {"call": 1, "call abandoned": 1, "topic school": 1, "topic deadline": 1}


async def test_a_call_came_to_the_most_of_what_happened_in_it(store: Store) -> None:
    outcomes = CallOutcome.text, CallOutcome.put_through, CallOutcome.text
    await appended(store, *(event(turn, outcome=outcome) for turn, outcome in enumerate(outcomes)))
    await ended(store, CallOutcome.failed)
    assert (await record(store)).outcome == "put_through"
    assert await counted(store) == {"call": 1, "call put_through": 1}


async def test_a_call_ends_once(store: Store) -> None:
    await appended(store, event(0))
    await ended(store)
    await ended(store, CallOutcome.put_through, NOW + 2 * HOUR)
    found = await record(store)
    assert (found.outcome, found.ended) == ("abandoned", NOW + HOUR)
    assert await counted(store) == {"call": 1, "call abandoned": 1}


async def test_events_that_come_after_the_end_are_counted_too(store: Store) -> None:
    await ended(store, at=NOW + 3 * MINUTE)
    assert await counted(store) == {"call": 1, "call abandoned": 1}
    await appended(store, event(0), event(1, topic="school", outcome=CallOutcome.text))
    assert [await settled(store), await settled(store)] == [1, 0]
    found = await record(store)
    assert (found.began, found.ended, found.topics, found.outcome) == (NOW, NOW + 3 * MINUTE, "school", "text")
    assert await counted(store) == {"call": 1, "call text": 1, "topic school": 1}


async def test_a_call_that_ended_days_ago_is_left_as_it_is(store: Store) -> None:
    await ended(store)
    await appended(store, event(0))
    assert await settled(store, NOW + 3 * DAY) == 0


@pytest.mark.parametrize("seed", range(8))
async def test_in_whatever_order_and_however_often_events_come_two_processes_count_the_same(
    url: str, seed: int
) -> None:
    random = Random(seed)  # noqa: S311  nothing secret
    batch = [
        event(turn, call, topic=f"topic{turn % 3}", outcome=CallOutcome.text if turn == 4 else None)
        for turn in range(6)
        for call in (CALL, ANOTHER)
    ]
    doubled = batch + random.choices(batch, k=6)
    random.shuffle(doubled)
    async with Store(url, SECRETS, 30) as one, Store(url, SECRETS, 30) as other:
        writing = [appended(random.choice((one, other)), *doubled[n : n + 3]) for n in range(0, len(doubled), 3)]
        ending = [ended(store, call=call) for store in (one, other) for call in (CALL, ANOTHER)]
        actions = [*writing, *ending, settled(one), settled(other)]
        random.shuffle(actions)
        await asyncio.gather(*actions)
        await asyncio.gather(settled(one), settled(other))
        topics = {f"topic topic{n}": 2 for n in range(3)}
        assert await counted(one) == {"call": 2, "call text": 2} | topics
        assert (await record(one)).events == (await record(one, ANOTHER)).events == 7


async def test_who_settles_many_calls_and_who_ends_one_of_them_do_not_wait_for_each_other(url: str) -> None:
    async with Store(url, SECRETS, 30) as one, Store(url, SECRETS, 30) as other:
        for call in (ANOTHER, CALL):
            await appended(one, event(0, call), event(1, call, happened=call_events.ENDED))
        async with one.begin() as db:
            await insert_new(db, calls, blind_index=CALL)
            many = asyncio.create_task(settled(other))
            while url.startswith("postgresql") and not await db.scalar(text(SOMEBODY_WAITS)):
                await asyncio.sleep(0.01)
            await call_events.settle(db, [CALL])
        await many
        assert (await counted(one))["call"] == 2


async def test_a_call_without_an_end_is_silent_after_a_while(store: Store) -> None:
    await appended(store, event(0, sid=b"its name"), event(1), event(30, ANOTHER))
    await ended(store, call=b"over", at=NOW)
    async with store.begin() as db:
        found = await call_events.silent(db, NOW + 11 * MINUTE + SECOND, 10 * MINUTE)
    assert found == [call_events.SilentCall(CALL, NOW + MINUTE, b"its name")]


async def test_the_day_of_a_count_is_londons(store: Store) -> None:
    late = datetime.fromisoformat("2026-07-01T23:30:00+00:00")  # half past midnight in London
    await appended(store, call_event(CALL, late))
    await ended(store, at=late + MINUTE)
    assert await counted(store, date(2026, 7, 2)) == {"call": 1, "call abandoned": 1}


async def test_counts_add_up_over_calls_and_days(store: Store) -> None:
    for n in range(3):
        await appended(store, event(0, bytes([n])))
        await ended(store, call=bytes([n]))
    async with store.begin() as db:
        await daily_counts.add_one(db, "call", NOW + DAY)
        found = await daily_counts.read(db, TODAY, date(2026, 11, 24))
    assert found == {(TODAY, "call"): 3, (TODAY, "call abandoned"): 3, (date(2026, 11, 24), "call"): 1}


async def outcome(store: Store) -> str:
    return str((await record(store)).outcome)


async def test_a_caller_who_heard_it_to_its_end_and_rang_off_is_informed(store: Store) -> None:
    await appended(store, event(0), event(1, heard_by=NOW + 90 * SECOND))
    await ended(store, at=NOW + 90 * SECOND)
    assert await outcome(store) == "informed"
    assert await counted(store) == {"call": 1, "call informed": 1}


async def test_a_caller_who_rang_off_in_the_middle_of_it_is_not(store: Store) -> None:
    await appended(store, event(0), event(1, heard_by=NOW + 90 * SECOND))
    await ended(store, at=NOW + 89 * SECOND)
    assert await outcome(store) == "abandoned"


async def test_a_caller_who_cut_it_short_with_a_key_is_not_however_long_they_stayed(store: Store) -> None:
    await appended(store, event(0, heard_by=NOW + 61 * SECOND), event(1))
    await ended(store, at=NOW + HOUR)
    assert await outcome(store) == "abandoned"


async def test_a_caller_who_heard_one_page_of_several_to_its_end_is_informed(store: Store) -> None:
    await appended(store, event(0, heard_by=NOW + 61 * SECOND), event(1, heard_by=NOW + 2 * MINUTE), event(2), event(3))
    await ended(store)
    assert await outcome(store) == "informed"


async def test_what_a_caller_got_besides_counts_for_more_than_what_they_heard(store: Store) -> None:
    await appended(store, event(0, heard_by=NOW + SECOND), event(1, outcome=CallOutcome.text))
    await ended(store)
    assert await outcome(store) == "text"


async def test_an_event_that_comes_after_the_end_can_tell_that_a_caller_was_informed(store: Store) -> None:
    await appended(store, event(0))
    await ended(store, at=NOW + HOUR)
    assert await counted(store) == {"call": 1, "call abandoned": 1}
    await appended(store, event(1, heard_by=NOW + 90 * SECOND))
    assert await settled(store) == 1
    assert await outcome(store) == "informed"
    assert await counted(store) == {"call": 1, "call informed": 1}


async def test_an_event_that_comes_late_can_tell_that_a_caller_was_not(store: Store) -> None:
    await appended(store, event(0, heard_by=NOW + 90 * SECOND))
    await appended(store, event(2))
    await ended(store)
    assert await outcome(store) == "informed"
    await appended(store, event(1))
    await settled(store)
    assert await outcome(store) == "abandoned"
    assert await counted(store) == {"call": 1, "call abandoned": 1}
