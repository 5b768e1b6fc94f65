"""Callers who asked to be rung back: what stands on our list by then, and who of us is told."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from ivr.helpline.gsm7 import Encoding, encoding, segments
from tests.ringing import ADVISERS, AT, CALLER, LAST_DAY, LAST_DAY_WITH_A_CERTIFICATE, goes_on
from tests.store.conftest import sqlite_url
from tests.test_texts import TELLING
from tests.texting import A_CALL_BACK, LANDLINE, Kept, kept_in

TO_THE_LIST = ("0", "1", "1", "1", "3")
NEAR = datetime.fromisoformat("2026-12-08T10:00+00:00")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return sqlite_url(tmp_path)


@pytest.fixture
async def kept(url: str) -> AsyncIterator[Kept]:
    async with kept_in(url) as made:
        yield made


async def test_a_caller_stands_on_the_list_with_what_they_have_reached(kept: Kept) -> None:
    await kept.rings(*LAST_DAY, *TO_THE_LIST)
    [item] = await kept.calls_back()
    assert (item.number, item.topic, str(item.deadline), item.part) == (CALLER, "deadline", "2026-12-14", "any")
    assert (item.asked, item.urgent) == (AT, False)
    assert await kept.texts() == []


async def test_a_date_that_was_keyed_and_not_heard_is_not_passed_on(kept: Kept) -> None:
    await kept.rings(*LAST_DAY[:3], *TO_THE_LIST)
    [item] = await kept.calls_back()
    assert (item.topic, item.deadline) == ("deadline", None)


async def test_a_caller_who_has_told_us_nothing_is_rung_all_the_same(kept: Kept) -> None:
    await kept.rings(*A_CALL_BACK, caller=LANDLINE)
    [item] = await kept.calls_back()
    assert (item.number, item.topic, item.deadline, item.part) == (LANDLINE, "", None, "morning")


async def test_whoever_cannot_wait_is_told_to_the_adviser_on_shift_in_words_that_tell_nothing(kept: Kept) -> None:
    phone = await kept.rings(*LAST_DAY, *TO_THE_LIST, at=NEAR)
    phone.hears("Your date is near, so you are at the top")
    [item] = await kept.calls_back(NEAR)
    assert item.urgent
    text = await kept.text()
    assert (text.to, text.state) == (ADVISERS[0], "waiting")
    assert encoding(text.body) is Encoding.gsm7
    assert segments(text.body) == 1
    assert not set(text.body.lower().replace(",", " ").split()) & TELLING
    assert CALLER[-6:] not in text.body


async def test_a_certificate_makes_the_day_a_later_one(kept: Kept) -> None:
    await kept.rings(*LAST_DAY_WITH_A_CERTIFICATE, *TO_THE_LIST, at=NEAR)
    [item] = await kept.calls_back(NEAR)
    assert (str(item.deadline), item.urgent) == ("2026-12-20", False)
    assert await kept.texts() == []


async def test_a_mobile_that_may_be_texted_is_asked_about_before_it_is_rung(kept: Kept) -> None:
    phone = await kept.rings("0", "3", "1", "1")
    await goes_on(phone, "2", "0", "1", "1")
    phone.hears("Is it safe for us to ring you there?")
    assert await kept.calls_back() == []


async def test_a_caller_who_thinks_better_of_it_is_not_rung(kept: Kept) -> None:
    for keys in (("0", "1"), ("0", "1", "2"), A_CALL_BACK[:-1], (*A_CALL_BACK[:-2], "2")):
        await (await kept.rings(*keys)).hangs_up()
    assert await kept.calls_back() == []


async def test_every_webhook_twice_puts_a_caller_on_the_list_once(kept: Kept) -> None:
    app, other = kept.helpline(), kept.helpline()
    phone = await kept.rings(*A_CALL_BACK, app=app)
    for webhook, document in zip(phone.requests, phone.documents, strict=True):
        phone.app = other
        assert await phone.webhooks.send(webhook) == document
    assert len(await kept.calls_back()) == 1


async def test_the_database_down_is_said_and_the_call_goes_on(kept: Kept) -> None:
    app = kept.helpline(more={"DATABASE_URL": "sqlite:////nowhere/at/all.db"})
    phone = await kept.rings(*A_CALL_BACK, app=app)
    phone.hears("we cannot put you on our list just now").hears_not("You are on our list")
    (await phone.presses("5", when_named=True)).hears("For a council letter")
    assert not phone.failures
