"""Advisers are rung for callers who wait, and cease to be rung; whatever the provider makes of it."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from sqlalchemy import select

from ivr.errors import DatabaseUnavailable
from ivr.helpline.rota import of_setting
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
from ivr.worker.adviser_call import AdviserCaller
from ivr.worker.call_distributor import CallDistributor
from tests.store.conftest import SECRETS, postgresql_url, sqlite_url
from tests.store.hunted import AMY, BEN, DEADLINE, Hunted
from tests.store.made_up import NOW
from tests.worker.conftest import PUBLIC_URL
from tests.worker.switchboard import Placed, Switchboard

OURS = "+441632960000"
SLOW = Fault(delay=0.2)
NOT_OUR_NUMBER = rejection(21210)
CANNOT_BE_RUNG = rejection(21214)
LONG = 30.0
"""Seconds that a round waits for the provider's answers: the tests share two processors."""


@dataclass
class Hunting:
    """A hunter between a store and the provider; `hunted` is the callers' and the advisers' side of it."""

    hunted: Hunted
    provider: Provider
    board: Switchboard

    def __post_init__(self) -> None:
        self.hunter = self.another()

    def another(self, store: Store | None = None, a_while: float = LONG) -> CallDistributor:
        """A hunter of another process."""
        ringer = AdviserCaller(OURS, PUBLIC_URL, SECRETS, "screening/offer", of_setting(self.hunted.numbers))
        return CallDistributor(store or self.hunted.store, self.provider, ringer, lambda: self.hunted.now, a_while)

    async def begins(self, call: str = "CA1", *, all_at_once: bool = False) -> str:
        """A hunt, and the hunter's first round for it."""
        name = await self.hunted.begins(call, all_at_once=all_at_once)
        await self.hunter.round()
        return name

    async def told(self, call: Placed, *statuses: str) -> None:
        """The provider tells of a call, at the address that it was given."""
        address = urlsplit(call.fields["StatusCallback"])
        assert f"{address.scheme}://{address.netloc}{address.path}" == f"{PUBLIC_URL}/voice/status"
        for status in statuses:
            call.status = status
            await self.hunted.news(parse_qs(address.query)["leg"][0], status, sid=call.sid)

    async def seconds_pass(self, seconds: float, step: float = 0.5) -> None:
        for _ in range(round(seconds / step)):
            self.hunted.passes(step)
            await self.hunter.round()


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """What depends on the database is tested in tests/store; here one will do, except where two are at work."""
    return postgresql_url() if "two_hunters" in request.node.name else sqlite_url(tmp_path)


@pytest.fixture
async def hunting(store: Store) -> AsyncIterator[Hunting]:
    board = Switchboard()
    async with Provider(ACCOUNT_SID, "token", "http://office", LONG, httpx2.ASGITransport(board.app)) as provider:
        yield Hunting(Hunted(store), provider, board)


async def test_an_adviser_is_rung_from_our_own_number_and_hears_what_it_is_about(hunting: Hunting) -> None:
    name = await hunting.begins()
    [call] = hunting.board.calls
    assert (call.fields["To"], call.fields["From"], call.fields["Timeout"]) == (AMY, OURS, "20")
    assert call.events == ["initiated", "ringing", "answered", "completed"]
    address = urlsplit(call.fields["Url"])
    assert address.path == "/voice/screening/offer"
    state = CallStateTokens(*SECRETS).open(parse_qs(address.query)["m"][0], call="", at="screening/offer")
    assert state.topic == "school"
    assert (state.variables["deadline"], state.variables["hunt"]) == (DEADLINE.isoformat(), name)
    assert call.fields["StatusCallback"].endswith(f"?leg={state.variables['leg']}")
    assert (await hunting.hunted.leg(state.variables["leg"])).sid == call.sid


async def test_no_number_stands_in_an_address_or_a_log(hunting: Hunting, caplog: pytest.LogCaptureFixture) -> None:
    hunting.board.behaves(CANNOT_BE_RUNG)
    caplog.set_level("INFO")
    await hunting.begins()
    await hunting.hunter.round()
    assert re.findall(r"outcome=(\w+)", caplog.text) == ["Rejected", "Accepted"]
    assert len(caplog.records) == 2
    for call in hunting.board.calls:
        assert AMY[-9:] not in call.fields["Url"] + call.fields["StatusCallback"]
    assert AMY[-9:] not in caplog.text
    assert BEN[-9:] not in caplog.text


async def test_one_is_rung_after_the_other_until_nobody_is_left(hunting: Hunting) -> None:
    name = await hunting.begins()
    await hunting.told(hunting.board.calls[0], "ringing", "no-answer")
    await hunting.hunter.round()
    await hunting.told(hunting.board.calls[1], "ringing", "busy")
    await hunting.hunter.round()
    assert hunting.board.rung == [AMY, BEN]
    assert await hunting.hunted.looks(name) == "nobody"


async def test_all_are_rung_at_once_and_the_others_cease_when_one_takes_the_call(hunting: Hunting) -> None:
    name = await hunting.begins(all_at_once=True)
    amy, ben = hunting.board.calls
    assert hunting.board.rung == [AMY, BEN]
    await hunting.told(amy, "ringing", "in-progress")
    await hunting.told(ben, "ringing")
    await hunting.hunted.takes(name, leg_of(amy))
    await hunting.hunter.round()
    assert hunting.board.canceled == [ben.sid]
    assert sorted(await hunting.hunted.states(), key=str) == [("over", "canceled"), ("talking", None)]
    await hunting.hunter.round()
    assert hunting.board.canceled == [ben.sid], "once is enough"


@pytest.mark.parametrize("gone", [True, False])
async def test_a_telephone_ceases_to_ring_when_the_caller_does_not_wait_any_longer(
    hunting: Hunting, gone: bool
) -> None:
    name = await hunting.begins()
    [call] = hunting.board.calls
    await hunting.told(call, "ringing")
    await (hunting.hunted.ends(name, "gone") if gone else hunting.hunted.leaves(name))
    await hunting.hunter.round()
    assert (hunting.board.canceled, call.status) == ([call.sid], "canceled")
    assert hunting.board.rung == [AMY]


async def test_a_telephone_of_which_we_only_now_hear_the_name_ceases_to_ring(hunting: Hunting) -> None:
    hunting.board.behaves(SERVER_ERROR)
    name = await hunting.begins()
    await hunting.hunted.ends(name, "gone")
    await hunting.hunter.round()
    assert hunting.board.canceled == []
    [call] = hunting.board.calls
    await hunting.told(call, "ringing")
    await hunting.hunter.round()
    assert hunting.board.canceled == [call.sid]


async def test_whoever_has_answered_is_not_cut_off(hunting: Hunting) -> None:
    name = await hunting.begins(all_at_once=True)
    amy, ben = hunting.board.calls
    amy.status = "in-progress"  # of which we have not heard yet
    await hunting.told(ben, "ringing", "in-progress")
    await hunting.hunted.ends(name, "gone")
    await hunting.hunter.round()
    assert hunting.board.canceled == [amy.sid]
    assert (amy.status, ben.status) == ("in-progress", "in-progress")
    assert [state for state, _ in await hunting.hunted.states()].count("over") == 1


@pytest.mark.parametrize("fault", [SERVER_ERROR, GATEWAY_ERROR, rejection(20429, 429), CONNECTION_LOST])
async def test_what_could_not_be_cancelled_is_tried_again(hunting: Hunting, fault: Fault) -> None:
    name = await hunting.begins()
    hunting.board.cancels(fault, fault)
    await hunting.hunted.ends(name, "gone")
    for _ in range(4):
        await hunting.hunter.round()
    [call] = hunting.board.calls
    assert hunting.board.canceled == [call.sid] * 3
    assert await hunting.hunted.states() == [("over", "canceled")]


async def test_what_the_provider_will_not_cancel_is_over_for_us(hunting: Hunting) -> None:
    name = await hunting.begins()
    hunting.board.cancels(CANNOT_BE_RUNG)
    await hunting.hunted.ends(name, "gone")
    for _ in range(3):
        await hunting.hunter.round()
    assert len(hunting.board.canceled) == 1
    assert await hunting.hunted.states() == [("over", "canceled")]


async def test_while_the_provider_cancels_a_call_it_is_not_asked_again(hunting: Hunting) -> None:
    hunter = hunting.another(a_while=0.05)
    name = await hunting.begins()
    hunting.board.cancels(Fault(Reply.SERVER_ERROR, delay=0.2))
    await hunting.hunted.ends(name, "gone")
    for _ in range(2):
        await hunter.round()
    assert len(hunting.board.canceled) == 1
    await hunter.finish()


async def test_a_call_that_the_provider_forgot_need_not_be_cancelled(hunting: Hunting) -> None:
    name = await hunting.begins()
    hunting.board.calls.clear()
    await hunting.hunted.ends(name, "gone")
    for _ in range(2):
        await hunting.hunter.round()
    assert len(hunting.board.canceled) == 1


# The provider does not do what it is asked.


async def test_a_number_that_cannot_be_rung_does_not_hold_up_the_others(hunting: Hunting) -> None:
    hunting.board.behaves(CANNOT_BE_RUNG)
    name = await hunting.begins()
    await hunting.hunter.round()
    assert hunting.board.rung == [BEN]
    assert await hunting.hunted.looks(name) == "ringing"


@pytest.mark.parametrize("fault", [NOT_OUR_NUMBER, rejection(20503, 503), rejection(20003, 401), rejection(20429, 429)])
async def test_when_the_provider_does_not_ring_nobody_is_kept_waiting_for_it(hunting: Hunting, fault: Fault) -> None:
    hunting.board.behaves(fault)
    name = await hunting.begins()
    assert await hunting.hunted.looks(name) == "stalled"
    assert hunting.board.rung == []


async def test_new_callers_are_not_put_into_the_queue_then_for_half_a_minute(hunting: Hunting) -> None:
    hunting.board.behaves(NOT_OUR_NUMBER)
    await hunting.begins()
    await hunting.seconds_pass(29.5, 2.95)
    assert await pulses(hunting) == []
    await hunting.seconds_pass(0.5)
    assert await pulses(hunting) == [hunting.hunted.now]


async def pulses(hunting: Hunting) -> list[object]:
    async with hunting.hunted.store.begin() as db:
        return list(await db.scalars(select(heartbeats.c.at)))


@pytest.mark.parametrize("fault", [SERVER_ERROR, NOT_JSON, CONNECTION_LOST, GATEWAY_ERROR])
async def test_a_call_that_may_ring_is_waited_for_by_its_news(hunting: Hunting, fault: Fault) -> None:
    hunting.board.behaves(fault)
    name = await hunting.begins()
    await hunting.told(hunting.board.calls[0], "ringing")
    await hunting.seconds_pass(20, 2)
    assert hunting.board.rung == [AMY], "nobody else is rung meanwhile, and she not a second time"
    assert await hunting.hunted.looks(name) == "ringing"
    assert (await hunting.hunted.takes(name, leg_of(hunting.board.calls[0]))).value == name


async def test_a_call_that_may_ring_and_of_which_nothing_is_heard_is_given_up(hunting: Hunting) -> None:
    hunting.board.behaves(SERVER_ERROR)
    name = await hunting.begins()
    await hunting.seconds_pass(7.5)
    assert await hunting.hunted.looks(name) == "ringing"
    await hunting.seconds_pass(0.5)
    assert await hunting.hunted.looks(name) == "stalled"
    assert hunting.board.rung == [AMY]


async def test_nobody_at_the_providers_address_stalls_the_hunt(hunting: Hunting) -> None:
    async with Provider(ACCOUNT_SID, "token", "http://127.0.0.1:9", 2) as nobody:
        hunting.provider = nobody
        hunting.hunter = hunting.another()
        name = await hunting.begins()
    assert await hunting.hunted.looks(name) == "stalled"


async def test_a_slow_answer_holds_up_nobody_else(hunting: Hunting) -> None:
    hunting.hunter = hunting.another(a_while=0.0)
    hunting.board.behaves(SLOW)
    first = await hunting.begins("CA1")
    await hunting.begins("CA2")
    async with asyncio.timeout(LONG):
        while hunting.board.rung != [AMY, BEN]:
            await asyncio.sleep(0.005)
    await hunting.hunter.finish()
    assert {(await hunting.hunted.leg(leg_of(call))).sid for call in hunting.board.calls} == {
        call.sid for call in hunting.board.calls
    }
    assert await hunting.hunted.looks(first) == "ringing"


# Several hunters, and none.


async def test_two_hunters_ring_nobody_twice(hunting: Hunting, url: str) -> None:
    await hunting.hunted.begins("CA1", all_at_once=True)
    await hunting.hunted.begins("CA2", all_at_once=True)
    async with Store(url, SECRETS, LONG) as store:
        other = hunting.another(store)
        for _ in range(3):
            await asyncio.gather(hunting.hunter.round(), other.round())
    assert sorted(hunting.board.rung) == [AMY, BEN]


async def test_what_a_hunter_began_and_died_over_is_not_begun_again(hunting: Hunting) -> None:
    name = await hunting.hunted.begins()
    await hunting.hunted.rings()  # it is written down, and the hunter dies
    await hunting.hunter.round()
    assert hunting.board.rung == []
    await hunting.seconds_pass(8)
    assert await hunting.hunted.looks(name) == "stalled"


async def test_a_second_caller_waits_until_the_only_adviser_is_free(hunting: Hunting) -> None:
    hunting.hunted.numbers = (AMY,)
    hunting.hunter = hunting.another()
    first, second = await hunting.begins("CA1"), await hunting.begins("CA2")
    [call] = hunting.board.calls
    await hunting.told(call, "ringing", "in-progress")
    await hunting.hunted.takes(first, leg_of(call))
    await hunting.seconds_pass(20, 2)
    assert (hunting.board.rung, await hunting.hunted.looks(second)) == ([AMY], "busy")
    await hunting.hunted.ends(first, "talked")
    await hunting.hunted.talked(leg_of(call), 20)
    await hunting.told(call, "completed")
    await hunting.hunter.round()
    assert (hunting.board.rung, await hunting.hunted.looks(second)) == ([AMY, AMY], "ringing")
    assert (await hunting.hunted.takes(second, leg_of(hunting.board.calls[1]))).value == second


async def test_while_a_hunter_is_at_work_callers_can_be_hunted_for(hunting: Hunting) -> None:
    await hunting.hunter.round()
    first = await pulses(hunting)
    await hunting.seconds_pass(1.5)
    assert await pulses(hunting) == first == [NOW]
    await hunting.seconds_pass(0.5)
    assert await pulses(hunting) == [hunting.hunted.now]


async def test_it_works_beside_the_other_chores_and_finishes_what_it_began(
    hunting: Hunting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "AT_ONCE", 0.005)
    hunting.board.behaves(SLOW)
    stop, hunter = asyncio.Event(), hunting.another(a_while=0)
    await hunting.hunted.begins()
    clock = hunter._clock
    working = asyncio.create_task(scheduler.work(hunting.hunted.store, hunting.provider, None, clock, stop, hunter))
    while not hunting.board.calls:
        await asyncio.sleep(0.005)
    stop.set()
    await working
    assert (await hunting.hunted.leg(leg_of(hunting.board.calls[0]))).sid == hunting.board.calls[0].sid


async def test_a_database_that_goes_down_after_the_telephone_rings_is_no_reason_to_stop(
    hunting: Hunting, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def down(*_: object) -> None:
        raise DatabaseUnavailable("stopped")

    with monkeypatch.context() as patch:
        patch.setattr("ivr.worker.call_distributor.legs.placed", down)
        await hunting.begins()
    assert any("could not be kept" in line for line in caplog.messages)
    [call] = hunting.board.calls
    await hunting.told(call, "ringing")
    assert (await hunting.hunted.leg(leg_of(call))).sid == call.sid


def leg_of(call: Placed) -> str:
    return parse_qs(urlsplit(call.fields["StatusCallback"]).query)["leg"][0]
