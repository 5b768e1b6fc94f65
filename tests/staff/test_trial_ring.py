"""A test ring tells whether calls reach an adviser; it disturbs no caller, and counts as none."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx2
import pytest

from ivr.engine.effects import RequestCallback
from ivr.errors import InvalidInput
from ivr.simulator.twilio_api.faults import rejection
from ivr.staff import trial_ring
from ivr.staff.adviser_line import AdviserLine
from ivr.staff.rota import NoSuchAdviser
from ivr.staff.trial_ring import AtNight, EngagedNow, TrialRing, TrialState
from ivr.store import audit, legs, rota, talk_list, unanswered_rings
from ivr.store.audit import By
from ivr.telephony.provider_errors import Rejected
from ivr.tokens import CallStateTokens
from tests.fake_provider import FakeProvider
from tests.store.fixtures import callback_items, perform
from tests.web.running_app import RunningApp
from tests.web.webhooks import ADVISERS, CALLER, NOW, SETTINGS, SHOWN, URL, action, ask, form_of, said

JO = ADVISERS[0]
LINE = "CA" + "7" * 32
NIGHT = timedelta(hours=11)


@pytest.fixture
async def fake(here: RunningApp) -> AsyncIterator[FakeProvider]:
    """A provider, and Jo on the rota."""
    async with here.store.begin() as db:
        await rota.add(db, here.store.cipher, "Jo Marsh", JO, By("Sam", NOW))
    yield FakeProvider()


async def rung(here: RunningApp, fake: FakeProvider, name: str = "Jo Marsh", *, at_night: bool = False) -> bool:
    async with fake.client() as provider:
        tokens = CallStateTokens(*SETTINGS.secrets, clock=here.clock)
        line = AdviserLine(here.store, provider, tokens, URL, SHOWN, here.clock, 9.0, asyncio.sleep)
        trial = TrialRing(line, "screening/trial")
        return await trial.place(await trial.begin(name, By("Ann", here.clock()), at_night=at_night))


async def state(here: RunningApp) -> TrialState:
    async with here.store.read() as db:
        found = await trial_ring.state(db, here.store.cipher, JO)
    assert found
    return found


async def status(here: RunningApp, status: str) -> None:
    """Have the provider tell how the last ring goes."""
    async with here.store.begin() as db:
        [leg] = await legs.live(db)
        await legs.record_status(db, leg.id, leg.sid or LINE, status, here.clock())


async def line(here: RunningApp, url: str, **fields: str) -> httpx2.Response:
    """A webhook of Jo's line."""
    return await ask(here.app, url, form_of(LINE, **{"From": SHOWN, "To": JO, "Direction": "outbound-api", **fields}))


async def test_jo_s_telephone_rings_from_our_number_and_1_shows_that_it_works(
    here: RunningApp, fake: FakeProvider
) -> None:
    assert await rung(here, fake)
    call = fake.calls[0].fields
    assert (call["To"], call["From"]) == (JO, SHOWN)
    await status(here, "ringing")
    assert "is ringing" in (await state(here)).says
    await status(here, "in-progress")
    heard = await line(here, call["Url"])
    assert said(heard).startswith("This is a test ring of Devon's special needs helpline. No caller is waiting.")
    assert "<Dial" not in heard.text
    thanked = await line(here, action(heard), Digits="1")
    assert "Calls reach you here." in said(thanked) and "<Hangup" in thanked.text
    found = await state(here)
    assert (found.works, found.is_over) == (True, True) and found.says.startswith("It works")
    leg = call["StatusCallback"].split("leg=")[1]
    await here.post(f"/voice/status?leg={leg}", form_of(LINE, CallStatus="completed"))
    assert (await state(here)).works, "the end of the call changes nothing"


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (["ringing", "no-answer"], "nobody picked up"),
        (["busy"], "engaged"),
        (["ringing", "in-progress", "completed"], "a mailbox, perhaps"),
        (["failed"], "refused it"),
    ],
)
async def test_how_it_went_is_told(here: RunningApp, fake: FakeProvider, told: list[str], says: str) -> None:
    await rung(here, fake)
    for one in told:
        await status(here, one)
    found = await state(here)
    assert says in found.says and found.is_over and not found.works


async def test_nobody_is_tried_who_is_on_a_call_with_a_caller(here: RunningApp, fake: FakeProvider) -> None:
    await perform(here.store, RequestCallback(CALLER, "school", None, "any"), "key")
    [caller] = await callback_items(here.store)
    async with here.store.begin() as db:
        await legs.add(db, "leg", None, here.store.cipher.blind_index(JO), NOW, caller.id)
    with pytest.raises(EngagedNow, match="Jo Marsh is on a call with us"):
        await rung(here, fake)
    assert fake.calls == []


async def test_whoever_comes_to_be_on_a_call_meanwhile_is_not_rung(here: RunningApp, fake: FakeProvider) -> None:
    async with fake.client() as provider:
        tokens = CallStateTokens(*SETTINGS.secrets, clock=here.clock)
        line = AdviserLine(here.store, provider, tokens, URL, SHOWN, here.clock, 9.0, asyncio.sleep)
        trial = TrialRing(line, "screening/trial")
        begun = await trial.begin("Jo Marsh", By("Ann", NOW))
        async with here.store.begin() as db:
            await legs.add(db, "leg", None, here.store.cipher.blind_index(JO), NOW)
        assert not await trial.place(begun)
    assert fake.calls == []


async def test_at_night_it_rings_only_if_that_was_said(here: RunningApp, fake: FakeProvider) -> None:
    here.clock.passes(NIGHT)
    with pytest.raises(AtNight, match="It is 21:00"):
        await rung(here, fake)
    assert await rung(here, fake, at_night=True)
    assert len(fake.calls) == 1


async def test_it_is_no_talk_and_no_ring_that_was_left_unanswered(here: RunningApp, fake: FakeProvider) -> None:
    for _ in range(13):
        here.clock.passes(timedelta(minutes=2))
        await rung(here, fake)
        await status(here, "no-answer")
    async with here.store.read() as db:
        assert await unanswered_rings.passed_over(db, 1, here.clock()) == {}
        assert await talk_list.read(db, here.store.cipher, (), 10) == []


async def test_who_was_tried_is_written_down_without_a_number(here: RunningApp, fake: FakeProvider) -> None:
    await rung(here, fake)
    async with here.store.read() as db:
        [entry, *_] = await audit.read(db, 1)
    assert (entry.who, entry.what) == ("Ann", "test ring of Jo Marsh")


async def test_what_the_provider_refuses_is_told(here: RunningApp, fake: FakeProvider) -> None:
    fake.faults(rejection(21211))
    with pytest.raises(Rejected):
        await rung(here, fake)
    assert "Is the number right?" in (await state(here)).says


async def test_nobody_else_is_rung_and_without_words_nobody(here: RunningApp, fake: FakeProvider) -> None:
    with pytest.raises(NoSuchAdviser, match="“Zoe” is not on the rota"):
        await rung(here, fake, "Zoe")
    async with fake.client() as provider:
        tokens = CallStateTokens(*SETTINGS.secrets, clock=here.clock)
        line = AdviserLine(here.store, provider, tokens, URL, SHOWN, here.clock, 9.0, asyncio.sleep)
        with pytest.raises(InvalidInput, match="add a step of kind trial_ring"):
            await TrialRing(line, "").begin("Jo Marsh", By("Ann", NOW))


async def test_a_leg_of_a_caller_is_never_confirmed(here: RunningApp, fake: FakeProvider) -> None:
    await perform(here.store, RequestCallback(CALLER, "school", None, "any"), "key")
    [caller] = await callback_items(here.store)
    async with here.store.begin() as db:
        await legs.add(db, "leg", None, here.store.cipher.blind_index(JO), NOW, caller.id)
        await legs.confirm(db, "leg", NOW)
        assert [leg.id for leg in await legs.live(db)] == ["leg"]
