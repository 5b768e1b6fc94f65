"""Callers who asked for a callback: what is on the callback list, and which adviser is alerted."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from ivr.helpline.gsm7 import Encoding, encoding, segments
from tests.helplines import A_CALL_BACK, LANDLINE, Helplines, helplines_on
from tests.phone_calls import ADVISERS, AT, CALLER, LAST_DAY, LAST_DAY_WITH_A_CERTIFICATE, goes_on
from tests.store.conftest import sqlite_url
from tests.test_all_sms import TELLING

TO_THE_LIST = ("0", "1", "1", "1", "3", "2")
NEAR = datetime.fromisoformat("2026-12-08T10:00+00:00")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return sqlite_url(tmp_path)


@pytest.fixture
async def helplines(url: str) -> AsyncIterator[Helplines]:
    async with helplines_on(url) as made:
        yield made


async def test_a_caller_stands_on_the_list_with_what_they_have_reached(helplines: Helplines) -> None:
    await helplines.rings(*LAST_DAY, *TO_THE_LIST)
    [item] = await helplines.callbacks()
    assert (item.number, item.topic, str(item.deadline), item.part) == (CALLER, "deadline", "2026-12-14", "any")
    assert (item.asked, item.urgent) == (AT, False)
    assert await helplines.texts() == []


async def test_whether_we_may_leave_a_message_is_as_they_answered_last(helplines: Helplines) -> None:
    for answer, may_leave in (("2", False), ("1", True)):
        await helplines.rings(*TO_THE_LIST[:-1], answer)
        [item] = await helplines.callbacks()
        assert item.may_leave_message is may_leave


async def test_a_date_that_was_keyed_and_not_heard_is_not_passed_on(helplines: Helplines) -> None:
    await helplines.rings(*LAST_DAY[:3], *TO_THE_LIST)
    [item] = await helplines.callbacks()
    assert (item.topic, item.deadline) == ("deadline", None)


async def test_a_caller_who_has_told_us_nothing_is_rung_all_the_same(helplines: Helplines) -> None:
    await helplines.rings(*A_CALL_BACK, caller=LANDLINE)
    [item] = await helplines.callbacks()
    assert (item.number, item.topic, item.deadline, item.part) == (LANDLINE, "", None, "morning")


async def test_whoever_cannot_wait_is_told_to_the_adviser_on_shift_in_words_that_tell_nothing(
    helplines: Helplines,
) -> None:
    phone = await helplines.rings(*LAST_DAY, *TO_THE_LIST, at=NEAR)
    phone.hears("Your date is near, so you are at the top")
    [item] = await helplines.callbacks(NEAR)
    assert item.urgent
    text = await helplines.text()
    assert (text.to, text.state) == (ADVISERS[0], "waiting")
    assert encoding(text.body) is Encoding.gsm7
    assert segments(text.body) == 1
    assert not set(text.body.lower().replace(",", " ").split()) & TELLING
    assert CALLER[-6:] not in text.body


async def test_a_certificate_makes_the_day_a_later_one(helplines: Helplines) -> None:
    await helplines.rings(*LAST_DAY_WITH_A_CERTIFICATE, *TO_THE_LIST, at=NEAR)
    [item] = await helplines.callbacks(NEAR)
    assert (str(item.deadline), item.urgent) == ("2026-12-20", False)
    assert await helplines.texts() == []


async def test_a_mobile_that_may_be_texted_is_asked_about_before_it_is_rung(helplines: Helplines) -> None:
    phone = await helplines.rings("0", "3", "1", "1")
    await goes_on(phone, "2", "0", "1", "1")
    phone.hears("Is it safe for us to ring you there?")
    assert await helplines.callbacks() == []


async def test_a_caller_who_thinks_better_of_it_is_not_rung(helplines: Helplines) -> None:
    for keys in (("0", "1"), ("0", "1", "2"), A_CALL_BACK[:-1], (*A_CALL_BACK[:-2], "2")):
        await (await helplines.rings(*keys)).hangs_up()
    assert await helplines.callbacks() == []


async def test_every_webhook_twice_puts_a_caller_on_the_list_once(helplines: Helplines) -> None:
    app, other = helplines.helpline(), helplines.helpline()
    phone = await helplines.rings(*A_CALL_BACK, app=app)
    for webhook, document in zip(phone.requests, phone.documents, strict=True):
        phone.app = other
        assert await phone.webhooks.send(webhook) == document
    assert len(await helplines.callbacks()) == 1


async def test_the_database_down_is_said_and_the_call_goes_on(helplines: Helplines) -> None:
    app = helplines.helpline(more={"DATABASE_URL": "sqlite:////nowhere/at/all.db"})
    phone = await helplines.rings(*A_CALL_BACK, app=app)
    phone.hears("we cannot put you on our list just now").hears_not("ring you on")
    (await phone.presses("5", when_named=True)).hears("For a letter from the council")
    assert not phone.failures
