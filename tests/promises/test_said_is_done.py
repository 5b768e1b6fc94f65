"""Said is done: what a caller is told was written down is on disk before they hear it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ivr.simulator.phone import Phone
from tests.helplines import A_CALL_BACK, A_TEXT, NO_REMINDERS, REMINDERS, Helplines, helplines_on
from tests.store.conftest import url
from tests.web.running_app import locked

__all__ = ["url"]

DONE = {
    A_TEXT: ("We will text you as soon as we can", "we cannot promise you a text just now"),
    REMINDERS: ("We will remind you by text", "we cannot set up reminders just now"),
    A_CALL_BACK: ("ring you on", "we cannot put you on our list just now"),
    NO_REMINDERS: ("We have stopped all reminders", "we cannot stop your reminders just now"),
}
"""For each effect: the keys to it, what is said when it is done, and when it cannot be."""
effects = pytest.mark.parametrize("keys", DONE, ids=["a text", "reminders", "a call back", "no more reminders"])


@pytest.fixture
async def helplines(url: str) -> AsyncIterator[Helplines]:
    async with helplines_on(url) as made:
        yield made


async def before(helplines: Helplines, keys: tuple[str, ...]) -> tuple[Phone, int]:
    """Return a caller one key away from the effect, and how much is in the store."""
    if keys == NO_REMINDERS:
        await helplines.rings(*REMINDERS)
    phone = await helplines.rings(*keys[:-1])
    return phone, await helplines.count_effects()


async def retried(helplines: Helplines, phone: Phone) -> str:
    """Send the last webhook of a call again, to another process."""
    phone.app = helplines.helpline()
    return await phone.replays()


@effects
async def test_said_is_done_before_a_byte_of_it_leaves(helplines: Helplines, keys: tuple[str, ...]) -> None:
    phone, before_it = await before(helplines, keys)
    app, found = phone.app, list[int]()

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        async def sends(message: Message) -> None:
            found.append(await helplines.count_effects())
            await send(message)

        await app(scope, receive, sends)

    phone.app = watched
    (await phone.presses(keys[-1], when_named=True)).hears(DONE[keys][0])
    assert set(found) == {await helplines.count_effects()} != {before_it}


@effects
async def test_said_is_done_once_when_the_process_dies_between_the_disk_and_the_answer(
    helplines: Helplines, keys: tuple[str, ...]
) -> None:
    phone, before_it = await before(helplines, keys)
    phone.app = dies_before_it_answers(phone.app)
    await phone.presses(keys[-1], when_named=True)
    phone.hears_not(*DONE[keys])
    done = await helplines.count_effects()
    assert done != before_it
    first, again = await retried(helplines, phone), await retried(helplines, phone)
    assert DONE[keys][0] in first == again
    assert await helplines.count_effects() == done


@effects
async def test_said_is_done_once_when_the_process_dies_before_the_disk(
    helplines: Helplines, keys: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, before_it = await before(helplines, keys)
    with monkeypatch.context() as patch:
        phone.app = killed_at_the_commit(phone.app, patch)
        await phone.presses(keys[-1], when_named=True)
    phone.hears_not(*DONE[keys])
    assert await helplines.count_effects() == before_it
    first, again = await retried(helplines, phone), await retried(helplines, phone)
    assert DONE[keys][0] in first == again
    assert await helplines.count_effects() != before_it


@effects
async def test_said_is_only_what_could_be_done_when_the_commit_fails(
    helplines: Helplines, keys: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, before_it = await before(helplines, keys)
    with monkeypatch.context() as patch:
        patch.setattr(AsyncConnection, "commit", fails)
        await phone.presses(keys[-1], when_named=True)
    done, not_done = DONE[keys]
    phone.hears(not_done).hears_not(done)
    assert await helplines.count_effects() == before_it


@effects
async def test_said_is_nothing_that_nobody_knows_when_the_answer_to_the_commit_is_lost(
    helplines: Helplines, keys: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, _ = await before(helplines, keys)
    commit = AsyncConnection.commit

    async def commits_and_fails(db: AsyncConnection) -> None:
        await commit(db)
        await fails(db)

    with monkeypatch.context() as patch:
        patch.setattr(AsyncConnection, "commit", commits_and_fails)
        await phone.presses(keys[-1], when_named=True)
    phone.hears_not(DONE[keys][0])
    written = await helplines.count_effects()
    assert DONE[keys][0] in await retried(helplines, phone)  # it was done after all, and once
    assert await helplines.count_effects() == written


@effects
async def test_said_is_only_what_could_be_done_when_the_database_is_locked(url: str, keys: tuple[str, ...]) -> None:
    async with helplines_on(url) as helplines, helplines_on(url, patience=0.2) as impatient:
        phone, before_it = await before(helplines, keys)
        phone.app = impatient.helpline()
        async with locked(url):
            await phone.presses(keys[-1], when_named=True)
        done, not_done = DONE[keys]
        phone.hears(not_done).hears_not(done)
        assert await helplines.count_effects() == before_it


def dies_before_it_answers(app: ASGIApp) -> ASGIApp:
    """A process that does its work, and dies before it answers."""

    async def dying(scope: Scope, receive: Receive, send: Send) -> None:
        async def unheard(message: Message) -> None:
            pass

        await app(scope, receive, unheard)
        raise ConnectionError

    return dying


def killed_at_the_commit(app: ASGIApp, patch: pytest.MonkeyPatch) -> ASGIApp:
    """A process that dies in the middle of a commit."""
    reached = asyncio.Event()

    async def never(db: AsyncConnection) -> None:
        reached.set()
        await asyncio.Event().wait()

    async def dying(scope: Scope, receive: Receive, send: Send) -> None:
        working = asyncio.ensure_future(app(scope, receive, send))
        await reached.wait()
        working.cancel()
        await asyncio.wait([working])
        raise ConnectionError

    patch.setattr(AsyncConnection, "commit", never)
    return dying


async def fails(db: AsyncConnection) -> None:
    raise OperationalError("COMMIT", {}, Exception("the disk is full"))
