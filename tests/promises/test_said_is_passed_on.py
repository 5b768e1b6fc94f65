"""Said is done, of messages: what a caller is told was passed on is in our advisers' list before they hear it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.types import Message, Receive, Scope, Send

from ivr.simulator.phone import Phone
from ivr.store.tables import voicemails
from tests.helplines import Helplines, helplines_on
from tests.promises.test_said_is_done import dies_before_it_answers, fails, killed_at_the_commit
from tests.store.conftest import url
from tests.store.voicemail_driver import alerts
from tests.web.running_app import locked

__all__ = ["url"]

TO_THE_TONE = ("0", "2", "1")
WORDS = "This is Alex. Please ring me tomorrow."
SAID, NOT_SAID = "We have passed your message on", "we cannot pass it on just now"
Standing = list[tuple[str, int | None]]


@dataclass
class Mailbox:
    """Helplines on a database, and the voicemails in it."""

    helplines: Helplines

    async def standing(self) -> Standing:
        """Return the state and the length of every voicemail."""
        async with self.helplines.store.begin() as db:
            rows = await db.execute(select(voicemails.c.state, voicemails.c.seconds).order_by(voicemails.c.began))
            return [(row.state, row.seconds) for row in rows.all()]

    async def spoken(self) -> Phone:
        """Return a caller who has recorded a voicemail, and is one key away from passing it on."""
        phone = await self.helplines.rings(*TO_THE_TONE)
        (await phone.says(WORDS, key="#")).hears("We have your message")
        assert [state for state, _ in await self.standing()] == ["recorded"]
        return phone

    async def told(self) -> int:
        """Return how often an adviser is texted."""
        return len(await alerts(self.helplines.store))


@pytest.fixture
async def mailbox(url: str) -> AsyncIterator[Mailbox]:
    async with helplines_on(url) as helplines:
        yield Mailbox(helplines)


async def retried(mailbox: Mailbox, phone: Phone) -> str:
    """Send the last webhook of a call again, to another process."""
    phone.app = mailbox.helplines.helpline()
    return await phone.replays()


async def test_said_is_passed_on_before_a_byte_of_it_leaves(mailbox: Mailbox) -> None:
    phone = await mailbox.spoken()
    app, found = phone.app, list[str]()

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        async def sends(message: Message) -> None:
            found.extend(state for state, _ in await mailbox.standing())
            await send(message)

        await app(scope, receive, sends)

    phone.app = watched
    (await phone.presses("1", when_named=True)).hears(SAID)
    assert set(found) == {"sent"}
    assert await mailbox.told() == 1


async def test_room_for_a_message_is_made_before_the_tone(mailbox: Mailbox) -> None:
    await mailbox.helplines.rings(*TO_THE_TONE)
    assert await mailbox.standing() == [("begun", None)]


async def test_said_is_passed_on_once_when_the_process_dies_before_it_answers(mailbox: Mailbox) -> None:
    phone = await mailbox.spoken()
    phone.app = dies_before_it_answers(phone.app)
    await phone.presses("1", when_named=True)
    phone.hears_not(SAID, NOT_SAID)
    first, again = await retried(mailbox, phone), await retried(mailbox, phone)
    assert SAID in first == again
    assert ([state for state, _ in await mailbox.standing()], await mailbox.told()) == (["sent"], 1)


async def test_said_is_passed_on_once_when_the_process_dies_before_the_disk(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = await mailbox.spoken()
    with monkeypatch.context() as patch:
        phone.app = killed_at_the_commit(phone.app, patch)
        await phone.presses("1", when_named=True)
    assert [state for state, _ in await mailbox.standing()] == ["recorded"]
    assert SAID in await retried(mailbox, phone)
    assert ([state for state, _ in await mailbox.standing()], await mailbox.told()) == (["sent"], 1)


async def test_said_is_only_what_could_be_passed_on_when_the_commit_fails(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = await mailbox.spoken()
    with monkeypatch.context() as patch:
        patch.setattr(AsyncConnection, "commit", fails)
        await phone.presses("1", when_named=True)
    phone.hears(NOT_SAID).hears_not(SAID)
    assert ([state for state, _ in await mailbox.standing()], await mailbox.told()) == (["recorded"], 0)


async def test_said_is_only_what_could_be_passed_on_when_the_database_is_locked(url: str) -> None:
    async with helplines_on(url) as helplines, helplines_on(url, patience=0.2) as impatient:
        mailbox = Mailbox(helplines)
        phone = await mailbox.spoken()
        phone.app = impatient.helpline()
        async with locked(url):
            await phone.presses("1", when_named=True)
        phone.hears(NOT_SAID).hears_not(SAID)
        assert [state for state, _ in await mailbox.standing()] == ["recorded"]


async def test_nothing_is_recorded_that_could_not_be_kept(url: str) -> None:
    async with helplines_on(url) as helplines, helplines_on(url, patience=0.2) as impatient:
        phone = await helplines.rings(*TO_THE_TONE[:-1])
        phone.app = impatient.helpline()
        async with locked(url):
            await phone.presses("1", when_named=True)
        phone.hears("we cannot take a message just now").hears_not("After the tone")


async def test_hanging_up_after_speaking_passes_it_on(mailbox: Mailbox) -> None:
    phone = await mailbox.helplines.rings(*TO_THE_TONE)
    await phone.says(WORDS, hangs_up=True)
    assert ([state for state, _ in await mailbox.standing()], await mailbox.told()) == (["sent"], 1)


async def test_hanging_up_at_the_tone_passes_nothing_on(mailbox: Mailbox) -> None:
    phone = await mailbox.helplines.rings(*TO_THE_TONE)
    await phone.hangs_up()
    assert ([state for state, _ in await mailbox.standing()], await mailbox.told()) == (["begun"], 0)
