"""A text of an adviser who was reminded of a shift is their answer, and nothing else that it could be is lost."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from ivr.store.tables import opt_outs, reminders, sms_inbox
from tests.store.fixtures import MINUTE
from tests.store.shift_driver import JO, MAX, Shifts, at
from tests.web.running_app import RunningApp, running_app
from tests.web.test_sms import HELPFUL, SILENCE, has_reminder, texts_us
from tests.web.webhooks import CALLER

AFTERNOON = at(23, 14)


@pytest.fixture
async def here(url: str) -> AsyncIterator[RunningApp]:
    """The application, an hour after Jo was reminded of Tuesday morning."""
    async with running_app(url) as made:
        shifts = Shifts(made.store)
        await shifts.adviser(tuesday="09:00-13:00")
        await shifts.round(at(23, 13))
        made.clock.now = AFTERNOON
        yield made


async def jo_texts(here: RunningApp, body: str, sid: str = "SM1", **more: str) -> httpx2.Response:
    return await texts_us(here, body, sid, JO, **more)


async def answers(here: RunningApp) -> list[str | None]:
    return [one.answer for one in await Shifts(here.store).reminders()]


async def test_ok_is_thanked_and_no_text_for_staff(here: RunningApp) -> None:
    said = (await jo_texts(here, "OK")).text
    assert "<Message>Thank you. You are down for Tue 24 Nov, 9:00 to 13:00." in said
    assert await answers(here) == ["coming"]
    assert await here.rows(sms_inbox) == []


async def test_no_is_an_answer_and_managers_are_texted(here: RunningApp) -> None:
    await Shifts(here.store).manager()
    assert "somebody else" in (await jo_texts(here, "no")).text
    assert await answers(here) == ["not_coming"]
    assert len(await Shifts(here.store).told(MAX)) == 1


async def test_a_text_delivered_again_is_answered_the_same(here: RunningApp) -> None:
    first, again = [(await jo_texts(here, "NOT")).text for _ in range(2)]
    assert first == again != SILENCE


async def test_yes_is_an_answer_of_an_adviser_who_gets_texts(here: RunningApp) -> None:
    assert "You are down" in (await jo_texts(here, "YES")).text
    assert await answers(here) == ["coming"]


@pytest.mark.parametrize("word", ["STOP", "cancel", "Please stop", "END"])
async def test_stop_stays_what_it_is(here: RunningApp, word: str) -> None:
    assert (await jo_texts(here, word)).text == SILENCE
    assert await answers(here) == [None]
    assert len(await here.rows(opt_outs)) == 1
    assert "You are down" not in (await jo_texts(here, "START", "SM2")).text
    assert await here.rows(opt_outs) == []


async def test_any_other_text_is_kept_for_staff(here: RunningApp) -> None:
    assert HELPFUL in (await jo_texts(here, "I may be ten minutes late")).text
    assert len(await here.rows(sms_inbox)) == 1
    assert await answers(here) == [None]


async def test_ok_and_no_of_a_caller_mean_what_they_always_did(here: RunningApp) -> None:
    assert HELPFUL in (await texts_us(here, "OK")).text
    here.clock.passes(MINUTE)
    await has_reminder(here)
    assert (await texts_us(here, "NO", "SM2", CALLER)).text == SILENCE
    assert await here.rows(reminders) == []


async def test_a_reading_of_the_provider_s_that_it_answers_itself_is_not_answered_twice(here: RunningApp) -> None:
    assert (await jo_texts(here, "YES", OptOutType="START")).text == SILENCE
    assert await answers(here) == ["coming"]
