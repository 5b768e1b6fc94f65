"""A call to an adviser of whose end nothing was heard is asked for at the provider: it engages nobody for long."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from ivr.simulator.twilio_api.faults import CONNECTION_LOST, NOT_JSON, SERVER_ERROR, Fault, rejection
from ivr.store import legs
from ivr.store.database import Store
from ivr.store.leg_states import LONGEST_TALK
from ivr.telephony.rest import Provider
from ivr.worker.clock_check import ClockCheck
from ivr.worker.leg_status import LegStatus
from tests.fake_provider import FakeProvider, PlacedCall
from tests.store.conftest import sqlite_url
from tests.store.fixtures import callback_items, request_callback
from tests.store.hunt_driver import AMY, HuntDriver

HOUR = 3600


@pytest.fixture
def url(tmp_path: Path) -> str:
    """What depends on the database is tested in tests/store."""
    return sqlite_url(tmp_path)


@dataclass
class Setup:
    """One adviser, whose call is known to the provider."""

    driver: HuntDriver
    provider: Provider
    fake: FakeProvider

    async def talk(self) -> tuple[str, PlacedCall]:
        """Have a caller talk to her; return the hunt and her call."""
        hunt = await self.driver.start()
        [rung] = await self.driver.assign()
        call = PlacedCall(f"CA{len(self.fake.calls):032}", {}, [], "in-progress")
        self.fake.calls.append(call)
        await self.driver.call_status(rung.leg, "ringing", "in-progress", sid=call.sid)
        await self.driver.accept(hunt, rung.leg)
        return hunt, call

    async def seconds_pass(self, seconds: int, step: int = 10) -> None:
        store, clock = self.driver.store, lambda: self.driver.now
        task = LegStatus(store, self.provider, clock, ClockCheck(store, clock, asks_server=False))
        for _ in range(seconds // step):
            self.driver.advance(step)
            assert await task.ask() == 0

    async def can_be_rung(self) -> bool:
        hunt = await self.driver.start(f"CA at {self.driver.now}")
        rung = await self.driver.numbers_rung()
        await self.driver.end(hunt, "gone")
        return rung == [AMY]


@pytest.fixture
async def setup(store: Store) -> AsyncIterator[Setup]:
    fake = FakeProvider()
    async with fake.client() as provider:
        yield Setup(HuntDriver(store, (AMY,)), provider, fake)


async def test_an_adviser_whose_talk_ended_without_a_word_is_rung_again_after_a_minute_or_so(setup: Setup) -> None:
    hunt, call = await setup.talk()
    await setup.seconds_pass(30)
    call.status = "completed"
    assert not await setup.can_be_rung()
    await setup.seconds_pass(70)
    assert await setup.driver.states() == [("over", "talked")]
    assert (await setup.driver.hunt(hunt)).way == "talked"
    assert await setup.can_be_rung()


async def test_a_talk_that_goes_on_is_asked_for_once_a_minute_and_left_alone(setup: Setup) -> None:
    _, call = await setup.talk()
    await setup.seconds_pass(600)
    assert 8 <= len(setup.fake.asked) <= 10
    assert set(setup.fake.asked) == {call.sid}
    assert await setup.driver.states() == [("talking", None)]


@pytest.mark.parametrize("fault", [SERVER_ERROR, CONNECTION_LOST, NOT_JSON, rejection(20429, 429)])
async def test_what_the_provider_cannot_tell_is_asked_again(setup: Setup, fault: Fault) -> None:
    _, call = await setup.talk()
    call.status = "completed"
    setup.fake.fetch_faults(fault)
    await setup.seconds_pass(70)
    assert await setup.driver.states() == [("talking", None)]
    await setup.seconds_pass(70)
    assert await setup.driver.states() == [("over", "talked")]


async def test_a_call_that_the_provider_does_not_know_is_over(setup: Setup) -> None:
    await setup.talk()
    setup.fake.calls.clear()
    await setup.seconds_pass(70)
    assert await setup.driver.states() == [("over", "talked")]


async def test_a_talk_that_nobody_can_tell_of_is_over_in_the_end(setup: Setup) -> None:
    hunt, _ = await setup.talk()
    setup.fake.fetch_faults(*[SERVER_ERROR] * 10_000)
    await setup.seconds_pass(int(LONGEST_TALK.total_seconds()) + 1200, 1200)
    assert await setup.can_be_rung()
    assert (await setup.driver.hunt(hunt)).state == "over"


@pytest.mark.parametrize("jump", [-HOUR, HOUR, -20 * 24 * HOUR])
async def test_a_clock_that_is_set_while_they_talk_frees_nobody_and_keeps_nobody(setup: Setup, jump: int) -> None:
    _, call = await setup.talk()
    setup.driver.advance(jump)
    await setup.seconds_pass(70)
    assert await setup.driver.states() == [("talking", None)]
    assert not await setup.can_be_rung()
    call.status = "completed"
    await setup.seconds_pass(70)
    assert (await setup.driver.states())[0][0] == "over"
    assert await setup.can_be_rung()


async def test_an_adviser_who_pressed_1_is_asked_for_though_nobody_told_us_the_name_of_their_call(setup: Setup) -> None:
    hunt = await setup.driver.start()
    [rung] = await setup.driver.assign()
    await setup.driver.accept(hunt, rung.leg)  # the webhook of the key is all that came through
    await setup.seconds_pass(70)
    assert setup.fake.asked == ["CA1"]
    assert await setup.driver.states() == [("over", "talked")]


async def test_an_adviser_who_rings_a_caller_back_is_engaged_for_as_long_as_that_lasts(setup: Setup) -> None:
    call = PlacedCall("CA" + "9" * 32, {}, [], "in-progress")
    setup.fake.calls.append(call)
    await request_callback(setup.driver.store, at=setup.driver.now)
    [caller] = await callback_items(setup.driver.store, setup.driver.now)
    async with setup.driver.store.begin() as db:
        amy = setup.driver.store.cipher.blind_index(AMY)
        await legs.add(db, "leg", None, amy, setup.driver.now, caller.id)
    await setup.driver.call_status("leg", "ringing", "in-progress", sid=call.sid)
    await setup.seconds_pass(300, 30)
    assert not await setup.can_be_rung()
    call.status = "completed"
    await setup.seconds_pass(70)
    assert await setup.can_be_rung()


async def test_a_test_ring_engages_an_adviser_no_longer_than_it_is_listened_to(setup: Setup) -> None:
    async with setup.driver.store.begin() as db:
        await legs.add(db, "leg", None, setup.driver.store.cipher.blind_index(AMY), setup.driver.now)
    await setup.driver.call_status("leg", "ringing", "in-progress", sid="CA" + "9" * 32)
    assert not await setup.can_be_rung()
    setup.driver.now += timedelta(seconds=91)
    assert await setup.can_be_rung()


async def test_no_number_is_in_the_log(setup: Setup, caplog: pytest.LogCaptureFixture) -> None:
    _, call = await setup.talk()
    setup.fake.fetch_faults(SERVER_ERROR)
    await setup.seconds_pass(70)
    call.status = "completed"
    await setup.seconds_pass(70)
    assert len([line for line in caplog.records if line.name == "ivr.worker.leg_status"]) == 2
    assert AMY[-9:] not in caplog.text
