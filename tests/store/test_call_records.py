import asyncio
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from ivr.store import call_records, daily_counts
from ivr.store.call_records import CallEvent, CallOutcome
from ivr.store.database import Store
from ivr.store.tables import call_events, calls
from tests.store.conftest import SECRETS
from tests.store.fixtures import DAY, HOUR, MINUTE, NOW, SECOND

CALL, ANOTHER = b"one call", b"another call"
TODAY = date(2026, 11, 23)


def line(
    turn: int,
    call: bytes = CALL,
    topic: str = "",
    outcome: CallOutcome | None = None,
    happened: str = "Digits",
    heard_by: datetime | None = None,
) -> CallEvent:
    at = NOW + turn * MINUTE
    return CallEvent(call, at, f"town/step{turn}", happened, topic, turn, outcome=outcome, heard_by=heard_by)


async def written(store: Store, *batch: CallEvent) -> None:
    async with store.begin() as db:
        await call_records.write(db, batch)


async def closed(
    store: Store, outcome: CallOutcome = CallOutcome.abandoned, at: datetime = NOW + HOUR, call: bytes = CALL
) -> None:
    async with store.begin() as db:
        await call_records.close(db, call, outcome, at)


async def read(store: Store) -> list[Any]:
    async with store.begin() as db:
        return list((await db.execute(select(calls).order_by(calls.c.blind_index))).all())


async def steps(store: Store) -> list[str]:
    async with store.begin() as db:
        return list(await db.scalars(select(call_events.c.step).order_by(call_events.c.n)))


async def counted(store: Store, day: date = TODAY) -> dict[str, int]:
    async with store.begin() as db:
        return {what: n for (_, what), n in (await daily_counts.read(db, day, day)).items() if n}


async def test_the_first_line_opens_a_record_and_the_others_follow_in_order(store: Store) -> None:
    await written(store, line(0), line(1), line(0, ANOTHER))
    await written(store, line(2), line(1, ANOTHER))
    another, one = await read(store)
    assert (one.began, one.last, one.ended) == (NOW, NOW + 2 * MINUTE, None)
    assert (another.began, another.last) == (NOW, NOW + MINUTE)
    assert await steps(store) == ["town/step0", "town/step1", "town/step0", "town/step2", "town/step1"]


async def test_a_webhook_delivered_again_adds_no_line(store: Store) -> None:
    await written(store, line(0), line(1), line(1))
    await written(store, line(1))
    assert await steps(store) == ["town/step0", "town/step1"]


async def test_an_empty_batch_is_nothing(store: Store) -> None:
    await written(store)
    assert await read(store) == []


async def test_a_closed_record_says_when_how_long_what_about_and_how_it_ended(store: Store) -> None:
    await written(store, line(0), line(1, topic="school"), line(2, topic="deadline"), line(3, topic="school"))
    await closed(store)
    [record] = await read(store)
    assert (record.began, record.ended) == (NOW, NOW + HOUR)
    assert (record.topics, record.outcome) == ("school deadline", "abandoned")
    assert await counted(store) == {"call": 1, "call abandoned": 1, "topic school": 1, "topic deadline": 1}


async def test_a_call_came_to_the_most_of_what_happened_in_it(store: Store) -> None:
    await written(
        store,
        line(0, outcome=CallOutcome.text),
        line(1, outcome=CallOutcome.put_through),
        line(2, outcome=CallOutcome.text),
    )
    await closed(store, CallOutcome.failed)
    assert [record.outcome for record in await read(store)] == ["put_through"]
    assert await counted(store) == {"call": 1, "call put_through": 1}


async def test_closing_twice_counts_once(store: Store) -> None:
    await written(store, line(0))
    await closed(store)
    await closed(store, CallOutcome.put_through, NOW + 2 * HOUR)
    assert [(record.outcome, record.ended) for record in await read(store)] == [("abandoned", NOW + HOUR)]
    assert await counted(store) == {"call": 1, "call abandoned": 1}


async def test_lines_that_come_after_the_end_are_counted_too(store: Store) -> None:
    await closed(store, at=NOW + 3 * MINUTE)
    await written(store, line(0), line(1, topic="school", outcome=CallOutcome.text))
    [record] = await read(store)
    assert (record.began, record.ended, record.topics, record.outcome) == (NOW, NOW + 3 * MINUTE, "school", "text")
    assert await counted(store) == {"call": 1, "call text": 1, "topic school": 1}


async def test_two_processes_write_one_call(url: str) -> None:
    async with Store(url, SECRETS, 30) as one, Store(url, SECRETS, 30) as other:
        written_by_both = (
            written(store, line(turn, topic=f"topic{turn}"), line(turn, ANOTHER, outcome=CallOutcome.text))
            for turn, store in enumerate((one, other, one, other, one, other))
        )
        await asyncio.gather(*written_by_both, closed(one), closed(other, call=ANOTHER))
        assert len(await read(one)) == 2
        assert len(await steps(one)) == 12
        topics = {f"topic topic{turn}": 1 for turn in range(6)}
        assert await counted(one) == {"call": 2, "call abandoned": 1, "call text": 1} | topics


async def test_a_call_that_never_ended_is_closed_after_a_while(store: Store) -> None:
    await written(store, line(0), line(1))
    await written(store, line(300, ANOTHER))
    ended = []
    for at in (NOW + 5 * HOUR, NOW + 7 * HOUR, NOW + 7 * HOUR):
        async with store.begin() as db:
            ended.append(await call_records.close_stale(db, at))
    assert ended == [0, 1, 0]
    another, one = await read(store)
    assert (one.ended, one.outcome, another.ended) == (NOW + MINUTE, "abandoned", None)


async def test_the_day_of_a_count_is_londons(store: Store) -> None:
    late = datetime.fromisoformat("2026-07-01T23:30:00+00:00")  # half past midnight in London
    async with store.begin() as db:
        await call_records.write(db, [CallEvent(CALL, late, "town/step", "Rang", "", 0)])
    await closed(store, at=late + MINUTE)
    assert await counted(store, date(2026, 7, 2)) == {"call": 1, "call abandoned": 1}


async def test_counts_add_up_over_calls_and_days(store: Store) -> None:
    for n in range(3):
        await written(store, line(0, bytes([n])))
        await closed(store, call=bytes([n]))
    async with store.begin() as db:
        await daily_counts.add_one(db, "call", NOW + DAY)
        found = await daily_counts.read(db, TODAY, date(2026, 11, 24))
    assert found == {(TODAY, "call"): 3, (TODAY, "call abandoned"): 3, (date(2026, 11, 24), "call"): 1}


async def outcome(store: Store) -> str:
    [record] = await read(store)
    return str(record.outcome)


async def test_a_caller_who_heard_it_to_its_end_and_rang_off_is_informed(store: Store) -> None:
    await written(store, line(0), line(1, heard_by=NOW + 90 * SECOND))
    await closed(store, at=NOW + 90 * SECOND)
    assert await outcome(store) == "informed"
    assert await counted(store) == {"call": 1, "call informed": 1}


async def test_a_caller_who_rang_off_in_the_middle_of_it_is_not(store: Store) -> None:
    await written(store, line(0), line(1, heard_by=NOW + 90 * SECOND))
    await closed(store, at=NOW + 89 * SECOND)
    assert await outcome(store) == "abandoned"


async def test_a_caller_who_cut_it_short_with_a_key_is_not_however_long_they_stayed(store: Store) -> None:
    await written(store, line(0, heard_by=NOW + 61 * SECOND), line(1))
    await closed(store, at=NOW + HOUR)
    assert await outcome(store) == "abandoned"


async def test_a_caller_who_heard_one_page_of_several_to_its_end_is_informed(store: Store) -> None:
    await written(store, line(0, heard_by=NOW + 61 * SECOND), line(1, heard_by=NOW + 2 * MINUTE), line(2), line(3))
    await closed(store)
    assert await outcome(store) == "informed"


async def test_what_a_caller_got_besides_counts_for_more_than_what_they_heard(store: Store) -> None:
    await written(store, line(0, heard_by=NOW + SECOND), line(1, outcome=CallOutcome.text))
    await closed(store)
    assert await outcome(store) == "text"


async def test_an_event_that_comes_after_the_end_can_tell_that_a_caller_was_informed(store: Store) -> None:
    await written(store, line(0))
    await closed(store, at=NOW + HOUR)
    assert await counted(store) == {"call": 1, "call abandoned": 1}
    await written(store, line(1, heard_by=NOW + 90 * SECOND))
    assert await outcome(store) == "informed"
    assert await counted(store) == {"call": 1, "call informed": 1}


async def test_an_event_that_comes_late_can_tell_that_a_caller_was_not(store: Store) -> None:
    await written(store, line(0, heard_by=NOW + 90 * SECOND))
    await written(store, line(2))
    await written(store, line(1))
    await closed(store)
    assert await outcome(store) == "abandoned"


async def test_a_call_that_was_never_told_to_be_over_ends_with_its_last_event(store: Store) -> None:
    await written(store, line(0, heard_by=NOW + SECOND))
    async with store.begin() as db:
        await call_records.close_stale(db, NOW + DAY)
    assert await outcome(store) == "abandoned"
