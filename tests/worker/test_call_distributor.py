"""Advisers are rung for callers who wait, and their legs canceled, whatever the provider answers."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from ivr.errors import DatabaseUnavailable
from ivr.simulator.twilio_api.faults import (
    CONNECTION_LOST,
    GATEWAY_ERROR,
    NOT_JSON,
    SERVER_ERROR,
    Fault,
    Reply,
    rejection,
)
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.store.database import Store
from ivr.store.tables import heartbeats
from ivr.telephony.rest import Provider
from ivr.tokens import CallStateTokens
from ivr.worker import scheduler
from ivr.worker.call_distributor import AdviserCaller, CallDistributor
from tests.fake_provider import FakeProvider, PlacedCall
from tests.store.conftest import SECRETS, postgresql_url, sqlite_url
from tests.store.fixtures import NOW
from tests.store.hunt_driver import AMY, BEN, DEADLINE, HuntDriver
from tests.worker.conftest import PUBLIC_URL

OURS = "+441632960000"
SLOW = Fault(delay=0.2)
NOT_OUR_NUMBER = rejection(21210)
CANNOT_BE_RUNG = rejection(21214)
LONG = 30.0
"""Seconds that `distribute` waits for the provider's answers: the tests share two processors."""


@dataclass
class Setup:
    """A distributor between a store and the provider; `hunted` is the callers' and the advisers' side."""

    hunted: HuntDriver
    provider: Provider
    provider_api: FakeProvider

    def __post_init__(self) -> None:
        self.distributor = self.another()

    def another(self, store: Store | None = None, answer_wait: float = LONG) -> CallDistributor:
        """Return the distributor of another process."""
        caller = AdviserCaller(OURS, PUBLIC_URL, SECRETS, lambda: "screening/offer")
        store, hunted = store or self.hunted.store, self.hunted
        return CallDistributor(store, self.provider, caller, hunted.rules, lambda: hunted.now, answer_wait)

    async def begins(self, call: str = "CA1", *, all_at_once: bool = False) -> str:
        """Begin a hunt, and distribute once."""
        name = await self.hunted.start(call, all_at_once=all_at_once)
        await self.distributor.distribute()
        return name

    async def told(self, call: PlacedCall, *statuses: str) -> None:
        """Send status callbacks of a call, to the address that was given."""
        address = urlsplit(call.fields["StatusCallback"])
        assert f"{address.scheme}://{address.netloc}{address.path}" == f"{PUBLIC_URL}/voice/status"
        for status in statuses:
            call.status = status
            await self.hunted.call_status(parse_qs(address.query)["leg"][0], status, sid=call.sid)

    async def seconds_pass(self, seconds: float, step: float = 0.5) -> None:
        for _ in range(round(seconds / step)):
            self.hunted.advance(step)
            await self.distributor.distribute()


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """What depends on the database is tested in tests/store; here one will do, except where two are at work."""
    return postgresql_url() if "two_distributors" in request.node.name else sqlite_url(tmp_path)


@pytest.fixture
async def setup(store: Store) -> AsyncIterator[Setup]:
    provider_api = FakeProvider()
    async with provider_api.client(LONG) as provider:
        yield Setup(HuntDriver(store), provider, provider_api)


async def test_an_adviser_is_rung_from_our_own_number_and_hears_what_it_is_about(setup: Setup) -> None:
    name = await setup.begins()
    [call] = setup.provider_api.calls
    assert (call.fields["To"], call.fields["From"], call.fields["Timeout"]) == (AMY, OURS, "20")
    assert call.events == ["initiated", "ringing", "answered", "completed"]
    address = urlsplit(call.fields["Url"])
    assert address.path == "/voice/screening/offer"
    state = CallStateTokens(*SECRETS).open(parse_qs(address.query)["m"][0], call="", at="screening/offer")
    assert state.topic == "school"
    assert (state.variables["deadline"], state.variables["hunt"]) == (DEADLINE.isoformat(), name)
    assert urlsplit(call.fields["StatusCallback"]).query == f"leg={state.variables['leg']}"
    assert (await setup.hunted.leg(state.variables["leg"])).sid == call.sid


async def test_no_number_stands_in_an_address_or_a_log(setup: Setup, caplog: pytest.LogCaptureFixture) -> None:
    setup.provider_api.faults(CANNOT_BE_RUNG)
    caplog.set_level("INFO")
    await setup.begins()
    await setup.distributor.distribute()
    assert re.findall(r"outcome=(\w+)", caplog.text) == ["Rejected", "Accepted"]
    assert len(caplog.records) == 2
    for call in setup.provider_api.calls:
        assert AMY[-9:] not in call.fields["Url"] + call.fields["StatusCallback"]
    assert AMY[-9:] not in caplog.text
    assert BEN[-9:] not in caplog.text


async def test_one_is_rung_after_the_other_until_nobody_is_left(setup: Setup) -> None:
    name = await setup.begins()
    await setup.told(setup.provider_api.calls[0], "ringing", "no-answer")
    await setup.distributor.distribute()
    await setup.told(setup.provider_api.calls[1], "ringing", "busy")
    await setup.distributor.distribute()
    assert setup.provider_api.rung == [AMY, BEN]
    assert await setup.hunted.poll(name) == "nobody"


async def test_all_are_rung_at_once_and_the_others_cease_when_one_takes_the_call(setup: Setup) -> None:
    name = await setup.begins(all_at_once=True)
    amy, ben = setup.provider_api.calls
    assert setup.provider_api.rung == [AMY, BEN]
    await setup.told(amy, "ringing", "in-progress")
    await setup.told(ben, "ringing")
    await setup.hunted.accept(name, leg_of(amy))
    await setup.distributor.distribute()
    assert setup.provider_api.canceled == [ben.sid]
    assert sorted(await setup.hunted.states(), key=str) == [("over", "canceled"), ("talking", None)]
    await setup.distributor.distribute()
    assert setup.provider_api.canceled == [ben.sid], "once is enough"


@pytest.mark.parametrize("gone", [True, False])
async def test_a_telephone_ceases_to_ring_when_the_caller_does_not_wait_any_longer(setup: Setup, gone: bool) -> None:
    name = await setup.begins()
    [call] = setup.provider_api.calls
    await setup.told(call, "ringing")
    await (setup.hunted.end(name, "gone") if gone else setup.hunted.leave(name))
    await setup.distributor.distribute()
    assert (setup.provider_api.canceled, call.status) == ([call.sid], "canceled")
    assert setup.provider_api.rung == [AMY]


async def test_a_telephone_of_which_we_only_now_hear_the_name_ceases_to_ring(setup: Setup) -> None:
    setup.provider_api.faults(SERVER_ERROR)
    name = await setup.begins()
    await setup.hunted.end(name, "gone")
    await setup.distributor.distribute()
    assert setup.provider_api.canceled == []
    [call] = setup.provider_api.calls
    await setup.told(call, "ringing")
    await setup.distributor.distribute()
    assert setup.provider_api.canceled == [call.sid]


async def test_whoever_has_answered_is_not_cut_off(setup: Setup) -> None:
    name = await setup.begins(all_at_once=True)
    amy, ben = setup.provider_api.calls
    amy.status = "in-progress"  # of which we have not heard yet
    await setup.told(ben, "ringing", "in-progress")
    await setup.hunted.end(name, "gone")
    await setup.distributor.distribute()
    assert setup.provider_api.canceled == [amy.sid]
    assert (amy.status, ben.status) == ("in-progress", "in-progress")
    assert [state for state, _ in await setup.hunted.states()].count("over") == 1


@pytest.mark.parametrize("manner", [SERVER_ERROR, GATEWAY_ERROR, rejection(20429, 429), CONNECTION_LOST])
async def test_what_could_not_be_cancelled_is_tried_again(setup: Setup, manner: Fault) -> None:
    name = await setup.begins()
    setup.provider_api.cancel_faults(manner, manner)
    await setup.hunted.end(name, "gone")
    for _ in range(4):
        await setup.distributor.distribute()
    [call] = setup.provider_api.calls
    assert setup.provider_api.canceled == [call.sid] * 3
    assert await setup.hunted.states() == [("over", "canceled")]


async def test_what_the_provider_will_not_cancel_is_over_for_us(setup: Setup) -> None:
    name = await setup.begins()
    setup.provider_api.cancel_faults(CANNOT_BE_RUNG)
    await setup.hunted.end(name, "gone")
    for _ in range(3):
        await setup.distributor.distribute()
    assert len(setup.provider_api.canceled) == 1
    assert await setup.hunted.states() == [("over", "canceled")]


async def test_while_the_provider_cancels_a_call_it_is_not_asked_again(setup: Setup) -> None:
    distributor = setup.another(answer_wait=0.05)
    name = await setup.begins()
    setup.provider_api.cancel_faults(Fault(Reply.SERVER_ERROR, delay=0.2))
    await setup.hunted.end(name, "gone")
    for _ in range(2):
        await distributor.distribute()
    assert len(setup.provider_api.canceled) == 1
    await distributor.finish()


async def test_a_call_that_the_provider_forgot_need_not_be_cancelled(setup: Setup) -> None:
    name = await setup.begins()
    setup.provider_api.calls.clear()
    await setup.hunted.end(name, "gone")
    for _ in range(2):
        await setup.distributor.distribute()
    assert len(setup.provider_api.canceled) == 1


async def test_calls_are_placed_at_the_pace_of_the_setting_by_all_distributors(setup: Setup) -> None:
    setup.hunted.calls_per_second = 1
    await setup.hunted.start(all_at_once=True)
    for rung in ([AMY], [AMY, BEN]):
        for distributor in (setup.distributor, setup.another()):
            await distributor.distribute()
        assert setup.provider_api.rung == rung
        setup.hunted.advance(1)


async def test_an_adviser_who_is_passed_over_is_told_of_once_and_without_a_number(
    setup: Setup, caplog: pytest.LogCaptureFixture
) -> None:
    setup.hunted.numbers = (AMY,)
    for turn in range(14):
        name = await setup.begins(f"CA{turn}")
        for call in setup.provider_api.calls[turn:]:
            await setup.told(call, "ringing", "no-answer")
        await setup.hunted.end(name, "gone")
        setup.hunted.advance(60)
    [line] = [line for line in caplog.messages if "passed over" in line]
    assert "ivr rota" in line
    assert AMY[-9:] not in line


# The provider does not do what it is asked.


async def test_a_number_that_cannot_be_rung_does_not_hold_up_the_others(setup: Setup) -> None:
    setup.provider_api.faults(CANNOT_BE_RUNG)
    name = await setup.begins()
    await setup.distributor.distribute()
    assert setup.provider_api.rung == [BEN]
    assert await setup.hunted.poll(name) == "ringing"


@pytest.mark.parametrize(
    "manner", [NOT_OUR_NUMBER, rejection(20503, 503), rejection(20003, 401), rejection(20429, 429)]
)
async def test_when_the_provider_does_not_ring_nobody_is_kept_waiting_for_it(setup: Setup, manner: Fault) -> None:
    setup.provider_api.faults(manner)
    name = await setup.begins()
    assert await setup.hunted.poll(name) == "stalled"
    assert setup.provider_api.rung == []


async def test_new_callers_are_not_put_into_the_queue_then_for_half_a_minute(setup: Setup) -> None:
    setup.provider_api.faults(NOT_OUR_NUMBER)
    await setup.begins()
    await setup.seconds_pass(29.5, 2.95)
    assert await heartbeats_of(setup) == []
    await setup.seconds_pass(0.5)
    assert await heartbeats_of(setup) == [setup.hunted.now]


async def heartbeats_of(setup: Setup) -> list[object]:
    async with setup.hunted.store.begin() as db:
        return list(await db.scalars(select(heartbeats.c.at)))


@pytest.mark.parametrize("manner", [SERVER_ERROR, NOT_JSON, CONNECTION_LOST, GATEWAY_ERROR])
async def test_a_call_that_may_ring_is_left_to_its_status_callback(setup: Setup, manner: Fault) -> None:
    setup.provider_api.faults(manner)
    name = await setup.begins()
    await setup.told(setup.provider_api.calls[0], "ringing")
    await setup.seconds_pass(20, 2)
    assert setup.provider_api.rung == [AMY], "nobody else is rung meanwhile, and she not a second time"
    assert await setup.hunted.poll(name) == "ringing"
    assert (await setup.hunted.accept(name, leg_of(setup.provider_api.calls[0]))).value == name


async def test_a_call_that_may_ring_and_of_which_nothing_is_heard_is_given_up(setup: Setup) -> None:
    setup.provider_api.faults(SERVER_ERROR)
    name = await setup.begins()
    await setup.seconds_pass(7.5)
    assert await setup.hunted.poll(name) == "ringing"
    await setup.seconds_pass(0.5)
    assert await setup.hunted.poll(name) == "stalled"
    assert setup.provider_api.rung == [AMY]


async def test_nobody_at_the_providers_address_stalls_the_hunt(setup: Setup) -> None:
    async with Provider(ACCOUNT_SID, "token", "http://127.0.0.1:9", 2) as nobody:
        setup.provider = nobody
        setup.distributor = setup.another()
        name = await setup.begins()
    assert await setup.hunted.poll(name) == "stalled"


async def test_a_slow_answer_holds_up_nobody_else(setup: Setup) -> None:
    setup.distributor = setup.another(answer_wait=0.0)
    setup.provider_api.faults(SLOW)
    first = await setup.begins("CA1")
    await setup.begins("CA2")
    async with asyncio.timeout(LONG):
        while setup.provider_api.rung != [AMY, BEN]:
            await asyncio.sleep(0.005)
    await setup.distributor.finish()
    assert {(await setup.hunted.leg(leg_of(call))).sid for call in setup.provider_api.calls} == {
        call.sid for call in setup.provider_api.calls
    }
    assert await setup.hunted.poll(first) == "ringing"


# Several distributors, and none.


async def test_two_distributors_ring_nobody_twice(setup: Setup, url: str) -> None:
    await setup.hunted.start("CA1", all_at_once=True)
    await setup.hunted.start("CA2", all_at_once=True)
    async with Store(url, SECRETS, LONG) as store:
        other = setup.another(store)
        for _ in range(3):
            await asyncio.gather(setup.distributor.distribute(), other.distribute())
    assert sorted(setup.provider_api.rung) == [AMY, BEN]


async def test_what_a_distributor_began_and_died_over_is_not_begun_again(setup: Setup) -> None:
    name = await setup.hunted.start()
    await setup.hunted.assign()  # it is written down, and the distributor dies
    await setup.distributor.distribute()
    assert setup.provider_api.rung == []
    await setup.seconds_pass(8)
    assert await setup.hunted.poll(name) == "stalled"


async def test_a_second_caller_waits_until_the_only_adviser_is_free(setup: Setup) -> None:
    setup.hunted.numbers = (AMY,)
    setup.distributor = setup.another()
    first, second = await setup.begins("CA1"), await setup.begins("CA2")
    [call] = setup.provider_api.calls
    await setup.told(call, "ringing", "in-progress")
    await setup.hunted.accept(first, leg_of(call))
    await setup.seconds_pass(20, 2)
    assert (setup.provider_api.rung, await setup.hunted.poll(second)) == ([AMY], "busy")
    await setup.hunted.end(first, "talked")
    await setup.hunted.record_talk_time(leg_of(call), 20)
    await setup.told(call, "completed")
    await setup.distributor.distribute()
    assert (setup.provider_api.rung, await setup.hunted.poll(second)) == ([AMY, AMY], "ringing")
    assert (await setup.hunted.accept(second, leg_of(setup.provider_api.calls[1]))).value == second


async def test_while_a_distributor_runs_its_heartbeat_is_recorded(setup: Setup) -> None:
    await setup.distributor.distribute()
    first = await heartbeats_of(setup)
    await setup.seconds_pass(1.5)
    assert await heartbeats_of(setup) == first == [NOW]
    await setup.seconds_pass(0.5)
    assert await heartbeats_of(setup) == [setup.hunted.now]


@pytest.mark.parametrize("jump", [-3600, 3600])
async def test_a_distributor_whose_clock_is_set_is_not_taken_for_dead(setup: Setup, jump: float) -> None:
    await setup.distributor.distribute()
    setup.hunted.advance(jump)
    await setup.distributor.distribute()
    assert await heartbeats_of(setup) == [setup.hunted.now]


async def test_it_works_beside_the_other_tasks_and_finishes_what_it_began(
    setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "TICK", 0.005)
    setup.provider_api.faults(SLOW)
    stop, distributor = asyncio.Event(), setup.another(answer_wait=0)
    await setup.hunted.start()
    clock = distributor._clock
    working = asyncio.create_task(scheduler.work(setup.hunted.store, setup.provider, None, clock, stop, distributor))
    while not setup.provider_api.calls:
        await asyncio.sleep(0.005)
    stop.set()
    await working
    assert (await setup.hunted.leg(leg_of(setup.provider_api.calls[0]))).sid == setup.provider_api.calls[0].sid


async def test_a_database_that_goes_down_after_the_telephone_rings_is_no_reason_to_stop(
    setup: Setup, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def down(*_: object) -> None:
        raise DatabaseUnavailable("stopped")

    with monkeypatch.context() as patch:
        patch.setattr("ivr.worker.call_distributor.legs.set_sid", down)
        await setup.begins()
    assert any("was not stored" in line for line in caplog.messages)
    [call] = setup.provider_api.calls
    await setup.told(call, "ringing")
    assert (await setup.hunted.leg(leg_of(call))).sid == call.sid


def leg_of(call: PlacedCall) -> str:
    return parse_qs(urlsplit(call.fields["StatusCallback"]).query)["leg"][0]
