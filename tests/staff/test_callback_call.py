"""An adviser rings a caller back: our own telephone rings first, and only a key pressed there rings the caller's."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date

import httpx2
import pytest

from ivr.engine.effects import EndHunt, RequestCallback, StartHunt
from ivr.simulator.twilio_api.faults import rejection
from ivr.staff.adviser_line import AdviserLine
from ivr.staff.callback_call import CallbackCall
from ivr.staff.working import CannotClaim
from ivr.store import audit, callback_list, heartbeat, legs
from ivr.store.audit import By
from ivr.store.callback_list import CallbackItem
from ivr.store.tables import calls, provider_resources
from ivr.telephony.provider_errors import Rejected
from ivr.tokens import CallStateTokens
from tests.fake_provider import FakeProvider
from tests.store.fixtures import perform
from tests.web.running_app import DOWN, SHORT, RunningApp, running_app
from tests.web.webhooks import ADVISERS, CALLER, NOW, SETTINGS, SHOWN, URL, action, ask, form_of, said

ADVISER = ADVISERS[0]
LINE = "CAofTheAdviser"
Sleep = Callable[[float], Awaitable[object]]
CALL_BACK = RequestCallback(CALLER, "deadline", date(2026, 12, 14), "morning")


@pytest.fixture
async def here(url: str) -> AsyncIterator[RunningApp]:
    async with running_app(url) as made:
        yield made


@pytest.fixture
def fake() -> FakeProvider:
    return FakeProvider()


async def asked(here: RunningApp) -> CallbackItem:
    """A caller on the list."""
    await perform(here.store, CALL_BACK, "key")
    return await item(here)


async def item(here: RunningApp) -> CallbackItem:
    async with here.store.begin() as db:
        [found] = await callback_list.read(db, here.store.cipher, NOW)
    return found


async def rung(
    here: RunningApp, fake: FakeProvider, caller: CallbackItem, who: str = "Ann", sleep: Sleep = asyncio.sleep
) -> str:
    async with fake.client() as provider:
        tokens = CallStateTokens(*SETTINGS.secrets, clock=here.clock)
        line = AdviserLine(here.store, provider, tokens, URL, SHOWN, here.clock, 1.0, sleep)
        return await CallbackCall(line, "callbacks/offer").ring(caller.id, ADVISER, By(who, NOW))


async def line(here: RunningApp, url: str, **fields: str) -> httpx2.Response:
    """A webhook of the adviser's line."""
    usual = {"From": SHOWN, "Caller": SHOWN, "To": ADVISER, "Called": ADVISER, "Direction": "outbound-api"}
    return await ask(here.app, url, form_of(LINE, **(usual | fields)))


async def answered(here: RunningApp, fake: FakeProvider) -> httpx2.Response:
    """What an adviser hears who has picked up, for a caller on the list."""
    assert await rung(here, fake, await asked(here))
    return await line(here, fake.calls[-1].fields["Url"])


async def test_callers_who_wait_for_an_adviser_are_rung_for_before(here: RunningApp, fake: FakeProvider) -> None:
    caller, waited = await asked(here), list[float]()
    async with here.store.begin() as db:
        await heartbeat.record_heartbeat(db, heartbeat.CALL_DISTRIBUTOR, NOW)
    hunt = (await perform(here.store, StartHunt("school", None, 20), "hunt")).value

    async def sleep(seconds: float) -> None:
        """Meanwhile the caller hangs up."""
        assert fake.calls == []
        waited.append(seconds)
        if len(waited) == 3:
            await perform(here.store, EndHunt(hunt, "gone"), "end")

    assert await rung(here, fake, caller, sleep=sleep) == "Ann"
    assert (len(waited), len(fake.calls)) == (3, 1)


async def test_an_adviser_does_not_wait_for_ever(here: RunningApp, fake: FakeProvider) -> None:
    caller, waited = await asked(here), list[float]()
    async with here.store.begin() as db:
        await legs.add(db, "leg", None, b"somebody", NOW)  # in a second that does not pass

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    await rung(here, fake, caller, sleep=sleep)
    assert sum(waited) < 20
    assert len(fake.calls) == 1


async def test_our_own_telephone_rings_and_shows_our_own_number(here: RunningApp, fake: FakeProvider) -> None:
    assert await rung(here, fake, await asked(here))
    call = fake.calls[0].fields
    assert (call["To"], call["From"], call["Method"], call["Timeout"]) == (ADVISER, SHOWN, "POST", "25")
    assert call["Url"].startswith(f"{URL}/voice/callbacks/offer?m=")
    assert CALLER[-9:] not in re.sub(r"\D", "", call["Url"])


async def test_the_adviser_hears_what_it_is_about_and_nothing_of_the_number(
    here: RunningApp, fake: FakeProvider
) -> None:
    offer = said(await answered(here, fake))
    assert "a caller to ring back. It is about the last day for an appeal to the SEND Tribunal." in offer
    assert "Their last day is Monday the fourteenth of December, twenty twenty-six." in offer
    assert "To ring them now, press 1." in offer
    assert not re.search("7700|7 7 0 0", offer)


async def test_1_rings_the_caller_who_sees_our_own_number(here: RunningApp, fake: FakeProvider) -> None:
    response = await line(here, action(await answered(here, fake)), Digits="1")
    assert "We are ringing them." in said(response)
    assert re.search(rf"<Dial [^>]*callerId=\"\{SHOWN}\"[^>]*><Number>\{CALLER}</Number></Dial>", response.text)
    [tried] = (await item(here)).attempts
    assert (tried.who, tried.how) == ("Ann", "rung")


async def test_how_it_ended_is_noted_once_however_often_it_is_told(here: RunningApp, fake: FakeProvider) -> None:
    ringing = await line(here, action(await answered(here, fake)), Digits="1")
    ended = {"DialCallStatus": "completed", "DialBridged": "true", "DialCallDuration": "312"}
    first, again = [(await line(here, action(ringing), **ended)).text for _ in range(2)]
    assert first == again
    assert "That call is over. Please say on the list how it went." in first
    assert "<Hangup" in first
    found = await item(here)
    assert [(tried.who, tried.how) for tried in found.attempts] == [("Ann", "answered, 312 s")]
    assert found.by == "Ann"


@pytest.mark.parametrize(
    ("status", "how"), [("busy", "busy"), ("no-answer", "no answer"), ("failed", "could not be rung")]
)
async def test_a_caller_who_was_not_reached_stays_on_the_list(
    here: RunningApp, fake: FakeProvider, status: str, how: str
) -> None:
    ringing = await line(here, action(await answered(here, fake)), Digits="1")
    await line(here, action(ringing), DialCallStatus=status)
    assert [tried.how for tried in (await item(here)).attempts] == [how]


async def test_a_mailbox_of_ours_is_never_connected(here: RunningApp, fake: FakeProvider) -> None:
    offer = await answered(here, fake)
    assert "<Dial" not in offer.text
    assert offer.text.index("</Gather>") < offer.text.index("They are still on the list") < offer.text.index("<Hangup")
    for keys in ("2", "0", "#", "11"):
        declined = await line(here, action(offer), Digits=keys)
        assert "<Dial" not in declined.text
        assert "<Hangup" in declined.text
    assert (await item(here)).attempts == ()


async def test_a_caller_who_was_settled_meanwhile_is_not_rung(here: RunningApp, fake: FakeProvider) -> None:
    offer, found = await answered(here, fake), await item(here)
    async with here.store.begin() as db:
        await callback_list.settle(db, found.id, "Ann", NOW, reached=True)
    response = await line(here, action(offer), Digits="1")
    assert "They are not waiting for you any more." in said(response)
    assert "<Dial" not in response.text


async def test_with_the_database_down_the_adviser_is_told_to_ring_themselves(
    here: RunningApp, fake: FakeProvider
) -> None:
    offer = await answered(here, fake)
    async with running_app(DOWN, SHORT) as down:
        response = await line(down, action(offer), Digits="1")
    assert "Please ring them yourself." in said(response)
    assert "<Dial" not in response.text


async def test_whom_another_adviser_has_claimed_is_not_rung(here: RunningApp, fake: FakeProvider) -> None:
    caller = await asked(here)
    assert await rung(here, fake, caller, "Ann") == "Ann"
    with pytest.raises(CannotClaim, match="Ann has claimed them"):
        await rung(here, fake, caller, "Ben")
    assert len(fake.calls) == 1


async def test_who_was_rung_is_written_down_without_a_number(here: RunningApp, fake: FakeProvider) -> None:
    caller = await asked(here)
    await rung(here, fake, caller, "Ann")
    async with here.store.begin() as db:
        [entry] = await audit.read(db, 9)
    assert (entry.who, entry.what) == ("Ann", f"callback {caller.id[:8]}: rang Ann for it")


async def test_when_the_provider_refuses_the_caller_stays_with_the_adviser(
    here: RunningApp, fake: FakeProvider
) -> None:
    fake.faults(rejection(21211))
    with pytest.raises(Rejected):
        await rung(here, fake, await asked(here))
    assert (await item(here)).by == "Ann"


async def test_a_forged_state_token_rings_nobody(here: RunningApp, fake: FakeProvider) -> None:
    await answered(here, fake)
    response = await line(here, f"{URL}/voice/callbacks/offer?m=forged", Digits="1")
    assert response.text.count("<Hangup") == 1
    assert "<Dial" not in response.text


async def test_an_advisers_line_is_no_call_of_ours_and_is_forgotten_with_the_caller(
    here: RunningApp, fake: FakeProvider
) -> None:
    await line(here, action(await answered(here, fake)), Digits="1")
    assert await here.rows(calls) == []
    [placed] = await here.rows(provider_resources)
    assert (placed.kind, placed.blind_index) == ("call", here.store.cipher.blind_index(CALLER))
