"""A change of the secret is led in steps, of which none is called safe before it is."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from ivr.errors import SecretDoesNotFit
from ivr.staff import secret_rotation
from ivr.staff.secret_rotation import CannotReseal
from ivr.store import secrets_in_use
from ivr.store.cipher import fingerprint
from ivr.store.database import Store
from ivr.store.secrets_in_use import WEB, WORKER
from ivr.store.tables import index_keys, sms_outbox
from ivr.store.tables import secrets_in_use as seen_table
from tests.store.conftest import SECRETS
from tests.store.fixtures import HOUR, MINUTE, NOW, enqueue_text, lose_secret

OLD, NEW = SECRETS[0], b"n" * 32
OLD_NAME, NEW_NAME = fingerprint(OLD), fingerprint(NEW)


@pytest.fixture
async def url(url: str) -> str:
    """A database that was made when there was only the old secret."""
    async with Store(url, [OLD], 30) as store, store.begin():
        return url


async def runs(url: str, process: str, *secrets: bytes, at: datetime = NOW) -> None:
    """A process with these secrets is seen."""
    async with Store(url, secrets, 30) as store:
        await secrets_in_use.record_of(store, process, at)


async def next_step(url: str, *secrets: bytes, at: datetime = NOW) -> str:
    async with Store(url, secrets, 30) as store:
        return (await secret_rotation.status(store, at)).next_step


async def test_with_one_secret_everywhere_there_is_nothing_to_do(url: str) -> None:
    await runs(url, WEB, OLD)
    assert (await next_step(url, OLD)).startswith("Nothing to do.")


async def test_while_no_process_is_seen_nothing_is_called_safe(url: str) -> None:
    assert "No process" in await next_step(url, OLD, NEW)
    await runs(url, WEB, OLD, NEW)
    assert "No process" in await next_step(url, OLD, NEW, at=NOW + 4 * MINUTE)


async def test_the_new_secret_goes_in_front_only_when_every_process_knows_it(url: str) -> None:
    await runs(url, WORKER, OLD)
    await runs(url, WEB, OLD, NEW)
    told = await next_step(url, OLD, NEW)
    assert told.startswith(f"Not yet: the worker processes with {OLD_NAME} do not know secret {NEW_NAME}.")
    await runs(url, WORKER, OLD, NEW, at=NOW + 4 * MINUTE)
    await runs(url, WEB, OLD, NEW, at=NOW + 4 * MINUTE)
    assert (await next_step(url, OLD, NEW, at=NOW + 4 * MINUTE)).startswith("Safe now: set IVR_SECRET_KEY=new,old")


async def test_a_new_secret_put_in_front_at_once_is_told_while_a_worker_does_not_know_it(url: str) -> None:
    await runs(url, WORKER, OLD)
    await runs(url, WEB, NEW, OLD)
    assert (await next_step(url, NEW, OLD)).startswith("Not yet: the worker processes")
    async with Store(url, [NEW, OLD], 30) as store:
        await enqueue_text(store)
        with pytest.raises(CannotReseal, match=f"the worker processes with {OLD_NAME} could not open it"):
            await secret_rotation.reseal(store, NOW)


async def test_what_is_sealed_with_the_old_secret_is_to_be_sealed_anew_once_nobody_seals_with_it(url: str) -> None:
    async with Store(url, [OLD], 30) as store:
        await enqueue_text(store)
    await runs(url, WEB, OLD, NEW)
    await runs(url, WORKER, NEW, OLD)
    assert (await next_step(url, NEW, OLD)).startswith(
        f"Go on: the web processes with {OLD_NAME},{NEW_NAME} still seal"
    )
    later = NOW + 4 * MINUTE
    await runs(url, WEB, NEW, OLD, at=later)
    assert (await next_step(url, NEW, OLD, at=later)).startswith("Run `ivr secret rotate`: it seals the other 2 values")


async def test_the_old_secret_goes_when_no_call_can_have_its_token_any_more(url: str) -> None:
    await runs(url, WEB, OLD, NEW)
    await runs(url, WEB, NEW, OLD, at=NOW + HOUR)
    async with Store(url, [NEW, OLD], 30) as store:
        await secret_rotation.reseal(store, NOW + HOUR)
    midnight = datetime(2026, 11, 25, tzinfo=UTC)  # the calls of Monday the 23rd end on the 24th at the latest
    for at, told in ((NOW + HOUR, "Wait until Wednesday 25 November 2026, 00:00 UTC"), (midnight, "Safe now")):
        await runs(url, WEB, NEW, OLD, at=at)
        assert (await next_step(url, NEW, OLD, at=at)).startswith(told)


async def test_the_old_secret_is_forgotten_and_opens_nothing_then(url: str) -> None:
    await runs(url, WEB, OLD, NEW)
    later = NOW + timedelta(days=3)
    await runs(url, WEB, NEW, OLD, at=later)
    async with Store(url, [NEW], 30) as store:
        await secret_rotation.reseal(store, later)
        assert set(await copies(store)) == {OLD_NAME, NEW_NAME}  # a process that is running has it still
        await secret_rotation.reseal(store, later + HOUR)
        assert await copies(store) == [NEW_NAME]
    with pytest.raises(SecretDoesNotFit):
        await runs(url, WORKER, OLD)


async def copies(store: Store) -> Sequence[str]:
    async with store.begin() as db:
        return (await db.scalars(select(index_keys.c.secret).order_by(index_keys.c.n))).all()


async def test_what_no_process_can_read_is_counted_and_keeps_no_step_back(url: str) -> None:
    await runs(url, WEB, OLD)
    async with Store(url, [OLD], 30) as store:
        await enqueue_text(store)
        await lose_secret(store, sms_outbox)
        found = await secret_rotation.status(store, NOW)
    assert found.sealed[None] == 2
    assert found.next_step.startswith("Nothing to do.")


async def test_processes_with_the_same_secrets_are_one_row_and_keep_when_they_began(url: str) -> None:
    for at in (NOW, NOW + MINUTE):
        await runs(url, WEB, OLD, at=at)
    async with Store(url, [OLD], 30) as store, store.begin() as db:
        [row] = (await db.execute(select(seen_table))).all()
        assert (row.since, row.seen) == (NOW, NOW + MINUTE)


async def test_a_process_is_recorded_until_it_is_told_to_stop(store: Store) -> None:
    stop = asyncio.Event()
    task = asyncio.create_task(secrets_in_use.keep_recorded(store, WEB, lambda: NOW, stop))
    found: list[object] = []
    while not found:
        await asyncio.sleep(0.01)
        async with store.begin() as db:
            found = list(await secrets_in_use.read(db))
    stop.set()
    await task
    assert len(found) == 1
