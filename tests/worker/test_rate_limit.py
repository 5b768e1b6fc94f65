"""A number sends no faster than it may, however many workers there are."""

import asyncio
from dataclasses import replace

import pytest

from ivr.simulator.twilio_api.faults import Fault
from ivr.worker.outbox import Outbox
from ivr.worker.rate_limit import LARGEST_BATCH, allowed
from tests.worker.conftest import Work


async def allowed_now(work: Work, per_second: float) -> int:
    async with work.store.begin() as db:
        return await allowed(db, per_second, work.clock())


@pytest.mark.parametrize(
    ("per_second", "texts"), [(1, 5), (0.3, 2), (0.1, 1), (0.01, 1), (2, 10), (7, LARGEST_BATCH), (1000, LARGEST_BATCH)]
)
async def test_a_rested_number_may_send_so_many(work: Work, per_second: float, texts: int) -> None:
    assert await allowed_now(work, per_second) == texts


async def test_what_all_workers_sent_lately_counts(work: Work) -> None:
    work.twilio.inject(*[Fault(statuses=())] * 10)
    for n in range(3):
        await work.enqueue(f"Text {n}.")
    await work.outbox.send_due()
    assert await allowed_now(work, 1) == 2
    assert await allowed_now(work, 0.1) == 0
    work.clock.passes(6)
    assert await allowed_now(work, 1) == 5
    assert await allowed_now(work, 0.1) == 0


async def test_two_workers_together_keep_to_it(work: Work) -> None:
    for n in range(20):
        await work.enqueue(f"Text {n}.")
    sender = replace(work.sender, per_second=2)
    workers = [Outbox(work.store, work.provider, sender, work.clock) for _ in range(3)]
    for outbox in workers:
        outbox._send_in_turn = nothing  # type: ignore[method-assign,assignment]
    assert sum(await asyncio.gather(*(outbox.send_due() for outbox in workers))) == 10


async def nothing(*_: object) -> None:
    """Claimed, and that is all that is asked."""
