"""A made-up year: the same for the same seed, in an empty database only, and of nobody who exists."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import func, select

from ivr.demo.calendar import call_times
from ivr.demo.calls import CallMaker
from ivr.demo.fill import NotEmpty, fill
from ivr.helpline.phone_numbers import parse_number
from ivr.loader import load
from ivr.store import audit, blocks, calls_in_progress, daily_counts
from ivr.store.database import Store
from ivr.store.tables import blocks as blocks_table
from ivr.store.tables import call_events, callbacks, calls, hunts, legs, metadata, sms_inbox, sms_outbox, voicemails

LAST = datetime(2026, 11, 30, 15, tzinfo=UTC)
CALLS = 400


async def filled(store: Store, seed: int = 1) -> int:
    flows = load().flows
    return [n async for n in fill(store, flows, "v1", b"RIFF", calls=CALLS, seed=seed, last=LAST)][-1]


async def counts(store: Store) -> dict[str, int]:
    async with store.read() as db:
        return {
            table.name: await db.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }


async def test_every_call_is_there_with_its_end_and_counted_on_its_day(store: Store) -> None:
    made = await filled(store)
    async with store.read() as db:
        counted = await daily_counts.read(db, LAST.date() - timedelta(days=366), LAST.date())
        ended = await db.scalar(select(func.count()).where(call_events.c.happened == "Ended"))
        running = await calls_in_progress.read(db, LAST)
    assert CALLS - 5 < made <= CALLS
    assert sum(n for (_, what), n in counted.items() if what == "call") == made == ended
    assert len(running) == 3


async def test_callers_leave_something_of_every_kind(store: Store) -> None:
    await filled(store)
    found = await counts(store)
    assert all(found[table.name] for table in (calls, callbacks, voicemails, sms_inbox, sms_outbox, hunts, legs))


async def test_some_callers_are_blocked_and_some_have_said_stop(store: Store) -> None:
    await filled(store)
    async with store.read() as db:
        found = await blocks.read(db, store.cipher, LAST)
    assert all(block.why for block in found)
    assert (len(found), (await counts(store))["opt_outs"]) == (2, 3)


async def test_no_number_in_it_reaches_anybody(store: Store) -> None:
    await filled(store)
    async with store.read() as db:
        for table in (callbacks, voicemails, sms_inbox, sms_outbox, hunts, blocks_table):
            numbers = {store.cipher.decrypt(row) for row in await db.scalars(select(table.c.number))}
            assert all(number.startswith("+447700900") and parse_number(number) for number in numbers), table.name


async def test_nothing_is_left_for_a_worker_to_send_or_to_ring(store: Store) -> None:
    await filled(store)
    async with store.read() as db:
        assert set(await db.scalars(select(sms_outbox.c.state))) <= {"delivered", "failed"}
        assert set(await db.scalars(select(hunts.c.state))) == {"over"}


async def test_a_database_that_is_in_use_is_refused_and_stays_as_it_is(store: Store) -> None:
    await filled(store)
    before = await counts(store)
    with pytest.raises(NotEmpty, match="a made-up year goes into an empty one"):
        await filled(store, seed=2)
    assert await counts(store) == before
    async with store.read() as db:
        assert {entry.who for entry in await audit.read(db, 100)} == {"demo-data"}


def test_the_same_seed_makes_the_same_year() -> None:
    def year(seed: int) -> list[object]:
        rng = Random(seed)  # noqa: S311  not for secrets
        makes = CallMaker(rng, load().flows)
        return [makes.call(n, began) for n, began in enumerate(call_times(rng, LAST, 50))]

    assert year(1) == year(1) != year(2)
