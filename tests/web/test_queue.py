"""The whole application hunts for an adviser: the caller's webhooks, the advisers', and those of their legs."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from ivr.helpline.rota import of_setting
from ivr.steps.waiting import Waiting
from ivr.store import heartbeat
from ivr.store.hunt_assignment import NewLeg, RingingRules, assign_call
from ivr.store.tables import hunts, legs, provider_resources
from ivr.worker.call_distributor import AdviserCaller
from tests.conftest import Output
from tests.phone_calls import breaks
from tests.store.conftest import postgresql_url, sqlite_url
from tests.web.running_app import DOWN, SHORT, RunningApp, has_number, running_app
from tests.web.webhooks import ADVISERS, NOW, SETTINGS, SHOWN, URL, action, ask, form_of, said

CALLER_TO_ADVISERS = AdviserCaller(SHOWN, URL, SETTINGS.secrets, lambda: "screening/offer", clock=lambda: NOW)
QUEUE = "QU0123456789abcdef0123456789abcdef"


@pytest.fixture
def url(tmp_path: Path) -> str:
    """What depends on the database is tested in tests/store."""
    return sqlite_url(tmp_path)


@pytest.fixture
async def here(url: str) -> AsyncIterator[RunningApp]:
    async with running_app(url) as made:
        yield made


async def records_heartbeat(here: RunningApp) -> None:
    """Record the heartbeat of a distributor."""
    async with here.store.begin() as db:
        await heartbeat.record_heartbeat(db, heartbeat.CALL_DISTRIBUTOR, here.clock())


async def rung(here: RunningApp) -> list[NewLeg]:
    """Return whom the distributor rings now."""
    async with here.store.begin() as db:
        return (
            await assign_call(
                db, here.store.cipher, RingingRules(of_setting(ADVISERS), calls_per_second=100), here.clock()
            )
        ).new


async def queued(here: RunningApp, call: str = "CA1") -> httpx2.Response:
    """A caller who has pressed 0."""
    await records_heartbeat(here)
    return await here.rings(call, "4", "0")


def wait_url(response: httpx2.Response) -> str:
    found = re.search(r'waitUrl="([^"]+)"', response.text)
    assert found, response.text
    return found[1]


async def waits(here: RunningApp, url: str, call: str = "CA1", keys: str = "") -> httpx2.Response:
    """What a caller hears in the queue."""
    fields = {"QueueSid": QUEUE, "QueueTime": "3", "QueuePosition": "1"} | ({"Digits": keys} if keys else {})
    return await ask(here.app, url, form_of(call, **fields))


async def comes_out(
    here: RunningApp, response: httpx2.Response, how: str, call: str = "CA1", status: str = "in-progress"
) -> httpx2.Response:
    """What a caller hears who is in the queue no more."""
    fields = {"QueueResult": how, "QueueSid": QUEUE, "QueueTime": "30", "CallStatus": status}
    return await ask(here.app, action(response), form_of(call, **fields))


async def adviser(here: RunningApp, leg: NewLeg, keys: str = "", **fields: str) -> httpx2.Response:
    """What an adviser hears, whose line is another call from our own number."""
    url = CALLER_TO_ADVISERS.offer_url(leg)
    form = form_of(f"CA{leg.leg}", From=SHOWN, To=leg.adviser.number, **fields)
    first = await ask(here.app, url, form)
    return await ask(here.app, action(first), form | {"Digits": keys}) if keys else first


async def told(here: RunningApp, leg: NewLeg, *statuses: str) -> None:
    """The provider's news of a leg."""
    path = CALLER_TO_ADVISERS.status_url(leg.leg).removeprefix(URL)
    for status in statuses:
        response = await here.post(path, {"CallSid": f"CA{leg.leg}", "CallStatus": status})
        assert response.status_code == 204


async def test_a_caller_waits_while_an_adviser_is_rung_and_both_talk(here: RunningApp) -> None:
    response = await queued(here)
    [leg] = await rung(here)
    assert f">{leg.hunt}</Enqueue>" in response.text
    assert "We are ringing our advisers now." in said(await waits(here, wait_url(response)))
    await told(here, leg, "initiated", "ringing", "in-progress")
    assert "wants to talk about" in said(await adviser(here, leg))
    taken = await adviser(here, leg, "1")
    assert f"<Queue>{leg.hunt}</Queue>" in taken.text
    assert "Would you like a text with what you have heard" in said(await comes_out(here, response, "bridged"))
    talk = {"DialCallStatus": "completed", "DialBridged": "true", "DialCallDuration": "312"}
    over = await ask(here.app, action(taken), form_of(f"CA{leg.leg}", **talk))
    assert "The call is over" in said(over)
    assert "<Hangup" in over.text
    await told(here, leg, "completed")
    [row] = await here.rows(legs)
    assert (row.state, row.outcome, row.seconds) == ("over", "talked", 312)
    [hunt] = await here.rows(hunts)
    assert (hunt.state, hunt.way) == ("over", "talked")
    assert [(one.kind, one.sid) for one in await here.rows(provider_resources)] == [("queue", QUEUE)]


async def test_the_record_of_the_call_tells_of_it_and_nothing_of_the_advisers_line(url: str) -> None:
    async with running_app(url) as here:
        response = await queued(here)
        [leg] = await rung(here)
        await waits(here, wait_url(response))
        await adviser(here, leg, "1")
        await comes_out(here, response, "bridged")
        assert (await here.post("/voice/status", form_of(CallStatus="completed"))).status_code == 204
    async with running_app(url) as here:
        steps = await here.steps("CA1")
        assert ("person/waiting", "NoInput") in steps
        assert ("person/offer", "QueueEnded") in steps
        assert not [step for step, _ in steps if step.startswith("screening")]
        assert (await here.record("CA1")).outcome == "put_through"


async def test_a_caller_who_hangs_up_in_the_middle_of_a_talk_was_put_through(url: str) -> None:
    for place, told_of_the_queue in enumerate((True, False)):
        call = f"CA{place}"
        async with running_app(url) as here:
            response = await queued(here, call)
            [leg] = await rung(here)
            await adviser(here, leg, "1")
            if told_of_the_queue:
                await comes_out(here, response, "bridged", call, status="completed")
            await here.post("/voice/status", form_of(call, CallStatus="completed"))
            await told(here, leg, "completed")
        async with running_app(url) as here:
            assert (await here.record(call)).outcome == "put_through"


async def test_a_caller_who_hangs_up_in_the_queue_is_hunted_for_no_more(url: str) -> None:
    async with running_app(url) as here:
        await queued(here)
        [leg] = await rung(here)
        await here.post("/voice/status", form_of(CallStatus="completed"))
        assert "The caller has rung off" in said(await adviser(here, leg, "1"))
    async with running_app(url) as here:
        assert (await here.record("CA1")).outcome == "abandoned"


@pytest.mark.parametrize(("key", "heard"), [("1", "callbacks/menu"), ("2", "messages/menu"), ("#", "school/menu")])
async def test_a_caller_need_not_wait(here: RunningApp, key: str, heard: str) -> None:
    response = await queued(here)
    first = await waits(here, wait_url(response))
    left = await ask(here.app, action(first), form_of(Digits=key))
    assert "<Leave" in left.text
    assert heard in action(await comes_out(here, response, "leave"))


async def test_a_caller_for_whom_nobody_hunts_any_more_is_put_through_without_it(here: RunningApp) -> None:
    response = await queued(here)
    first = await waits(here, wait_url(response))
    here.clock.passes(timedelta(seconds=10))
    second = await ask(here.app, action(first), form_of())
    assert "<Leave" in second.text
    direct = await comes_out(here, response, "leave")
    assert f">{ADVISERS[0]}</Number>" in direct.text


async def test_a_caller_whose_place_is_lost_in_the_queue_leaves_it_and_begins_again(here: RunningApp) -> None:
    response = await queued(here)
    first = await waits(here, wait_url(response))
    here.clock.passes(timedelta(days=3))
    left = await ask(here.app, action(first), form_of(Digits="0"))
    assert left.text.endswith("<Response><Leave /></Response>")
    assert "we lost our place in your call" in said(await comes_out(here, response, "leave"))


async def test_a_caller_for_whom_waiting_fails_leaves_the_queue_and_is_put_through_without_it(
    here: RunningApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    response = await queued(here)
    first = await waits(here, wait_url(response))
    monkeypatch.setattr(Waiting, "resume", breaks)
    assert (await ask(here.app, action(first), form_of())).text.endswith("<Response><Leave /></Response>")
    assert f">{ADVISERS[0]}</Number>" in (await comes_out(here, response, "leave")).text


async def test_without_a_distributor_the_caller_is_put_through_without_it_at_once(here: RunningApp) -> None:
    assert f">{ADVISERS[0]}</Number>" in (await here.rings("CA1", "0")).text
    assert await here.rows(hunts) == []


async def test_without_the_database_too(url: str, output: Output) -> None:
    async with running_app(url) as here:
        await records_heartbeat(here)
        response = await here.rings("CA1", "0")
    async with running_app(DOWN, SHORT) as down:
        assert f">{ADVISERS[0]}</Number>" in (await down.rings("CA2", "0")).text
        heard = await waits(down, wait_url(response))
        assert "We are ringing our advisers now." in said(heard)
        for _ in range(2):
            heard = await ask(down.app, re.findall(r"<Redirect[^>]*>([^<]+)<", heard.text)[0], form_of())
        assert "<Leave" in heard.text
        assert f">{ADVISERS[0]}</Number>" in (await comes_out(down, response, "leave")).text
    assert not has_number(output())


async def test_the_news_of_a_leg_makes_no_record_and_needs_a_signature(here: RunningApp) -> None:
    await queued(here)
    [leg] = await rung(here)
    path = CALLER_TO_ADVISERS.status_url(leg.leg).removeprefix(URL)
    assert (await here.post(path, {"CallStatus": "busy"}, signature="bm90IG91cnM=")).status_code == 403
    assert [row.state for row in await here.rows(legs)] == ["placing"]
    await told(here, leg, "busy", "busy", "ringing")
    assert [(row.state, row.outcome) for row in await here.rows(legs)] == [("over", "busy")]
    assert await here.steps(f"CA{leg.leg}") == []


async def test_the_news_of_a_leg_is_to_be_told_again_when_the_database_is_down() -> None:
    async with running_app(DOWN, SHORT) as here:
        assert (await here.post("/voice/status?leg=1", {"CallStatus": "busy"})).status_code == 503


async def test_no_number_stands_in_an_address(here: RunningApp) -> None:
    response = await queued(here)
    [leg] = await rung(here)
    for url in (wait_url(response), action(response), action(await adviser(here, leg))):
        assert not has_number(urlsplit(url).query.replace(parse_qs(urlsplit(url).query)["m"][0], ""))
    assert not has_number(response.text)


async def test_an_advisers_address_opens_for_that_step_alone(here: RunningApp) -> None:
    await queued(here)
    [leg] = await rung(here)
    url = CALLER_TO_ADVISERS.offer_url(leg)
    elsewhere = url.replace("screening/offer", "school/menu")
    assert "lost our place" in said(await ask(here.app, elsewhere, form_of()))
    forged = await ask(here.app, url.split("?")[0] + "?m=AAAA", form_of("CA7", Digits="1"))
    assert "<Hangup" in forged.text
    assert "<Dial" not in forged.text


@asynccontextmanager
async def two_processes() -> AsyncIterator[tuple[RunningApp, RunningApp]]:
    url = postgresql_url()
    async with running_app(url) as one, running_app(url) as other:
        yield one, other


async def test_two_advisers_press_1_at_the_same_moment_in_two_processes_and_one_has_the_caller() -> None:
    async with two_processes() as processes:
        await queued(processes[0])
        [first] = await rung(processes[0])
        await told(processes[0], first, "no-answer")
        [second] = await rung(processes[1])  # the first comes back late
        for _ in range(5):
            heard = await asyncio.gather(
                *(adviser(here, leg, "1") for here, leg in zip(processes, (first, second), strict=True))
            )
            assert sorted("<Queue>" in one.text for one in heard) == [False, True]
            assert [said(one).count("Somebody else has taken this call") for one in heard].count(1) == 1


async def test_two_callers_and_one_adviser(here: RunningApp) -> None:
    one = await queued(here, "CA1")
    here.clock.passes(timedelta(seconds=1))
    other = await queued(here, "CA2")
    [first, second] = await rung(here)
    await told(here, second, "no-answer")
    assert await rung(here) == []
    assert "talking to other callers" in said(await waits(here, wait_url(other), "CA2", "*"))
    assert "talking to other callers" not in said(await waits(here, wait_url(one), "CA1", "*"))
    await adviser(here, first, "1")
    await told(here, first, "completed")
    [again] = await rung(here)
    assert again.adviser == first.adviser
    assert again.hunt == second.hunt
