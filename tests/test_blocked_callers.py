"""Whole calls of somebody whom a manager has blocked: all information, the mediation service, and none of us."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs

from ivr.engine.call_state import CallState
from ivr.engine.events import Digits
from ivr.engine.run import begin, run
from ivr.helpline.timezone import LONDON
from ivr.simulator.phone import Phone
from ivr.staff import blocks
from ivr.store.audit import By
from tests.helplines import Helplines, helplines_on
from tests.phone_calls import ADVISERS, AT, CALLER, LAST_DAY, TO_THE_ADVISER, goes_on, telephone
from tests.store.conftest import sqlite_url
from tests.walk import SERVICE, WORLDS, only

LAST = date(2026, 12, 14)
TOLD = "Our advisers cannot speak to you until the end of Monday the fourteenth of December, twenty twenty-six."
MAX = By("Max", AT)
MEDIATION = "+448000644488"


@pytest.fixture
async def helplines(tmp_path: Path) -> AsyncIterator[Helplines]:
    async with helplines_on(sqlite_url(tmp_path)) as made:
        yield made


async def blocked(helplines: Helplines, number: str = CALLER) -> None:
    async with helplines.store.begin() as db:
        await blocks.block(db, helplines.store.cipher, number, LAST, "Threatened Jo.", (), MAX)


async def calls(helplines: Helplines, *keys: str, at: datetime = AT, caller: str = CALLER) -> Phone:
    """Call a process that has just started, and press these keys; everybody who is rung answers."""
    app = helplines.helpline(at)
    await app.state.staff_cache.refresh()  # type: ignore[attr-defined]
    phone = telephone(app=app, caller=caller, otherwise="accepts")
    return await goes_on(await phone.dials(), *keys)


def rung(phone: Phone) -> list[str]:
    return [ring.number for ring in phone.dialled]


async def test_a_blocked_caller_hears_until_when_and_what_else_there_is(helplines: Helplines) -> None:
    await blocked(helplines)
    phone = await calls(helplines, "0")
    phone.hears(TOLD).hears("In danger? Dial 9 9 9.").hears("For information, press 1")
    assert rung(phone) == []


async def test_a_blocked_caller_hears_the_information_and_works_out_the_deadline(helplines: Helplines) -> None:
    await blocked(helplines)
    phone = await calls(helplines, *LAST_DAY)
    phone.hears("By Monday the fourteenth of December").hears_not("cannot speak to you")


async def test_a_blocked_caller_is_put_through_to_the_mediation_service(helplines: Helplines) -> None:
    await blocked(helplines)
    phone = await calls(helplines, *TO_THE_ADVISER, "1", "2")
    assert rung(phone) == [MEDIATION]


@pytest.mark.parametrize("keys", [("4", "1", "*", "0"), ("2", "5", "0"), ("3", "4", "0", "0"), ("0", "2", "0")])
async def test_0_rings_no_adviser_for_a_blocked_caller_from_anywhere(
    helplines: Helplines, keys: tuple[str, ...]
) -> None:
    await blocked(helplines)
    phone = await calls(helplines, *keys)
    phone.hears(TOLD)
    assert set(rung(phone)) & set(ADVISERS) == set()


async def test_a_silent_blocked_caller_comes_to_a_spoken_goodbye(helplines: Helplines) -> None:
    await blocked(helplines)
    phone = await calls(helplines, "0")
    for _ in range(3):
        await phone.waits(20)
    phone.hears("Goodbye")
    assert rung(phone) == []


async def test_a_blocked_caller_can_go_on_from_there_complain_about_their_data_and_is_wished_goodbye(
    helplines: Helplines,
) -> None:
    await blocked(helplines)
    (await calls(helplines, "0", "1")).hears("For a letter from the council")
    (await calls(helplines, "0", "2")).hears("first ring the number for mediation")
    (await calls(helplines, "0", "3", "1")).hears("After the tone, say your name")
    silent = await calls(helplines, "0")
    for _ in range(3):
        await silent.waits()
    silent.hears("Goodbye")


async def test_a_blocked_caller_who_asks_for_a_text_hears_so(helplines: Helplines) -> None:
    await blocked(helplines)
    phone = await calls(helplines, "3", "4", "1", "1", "1", "3")
    phone.hears(TOLD)
    assert await helplines.count_effects() == 0


async def test_everybody_else_is_put_through_as_ever(helplines: Helplines) -> None:
    await blocked(helplines, "+447700900456")
    for caller in (CALLER, "anonymous", "+441632960123"):
        phone = await calls(helplines, "0", caller=caller)
        assert rung(phone)[:1] == [ADVISERS[0]]


async def test_on_the_day_after_the_last_they_are_put_through(helplines: Helplines) -> None:
    await blocked(helplines)
    evening = datetime(2026, 12, 14, 23, 59, tzinfo=LONDON)
    assert rung(await calls(helplines, "0", at=evening)) == []
    after = await calls(helplines, "0", at=evening + timedelta(minutes=1))
    after.hears_not("cannot speak to you")
    next_day = await calls(helplines, "0", at=datetime(2026, 12, 15, 10, tzinfo=LONDON))
    assert rung(next_day)[:1] == [ADVISERS[0]]


async def test_a_process_that_does_not_know_of_the_block_yet_asks_for_nothing_of_theirs(helplines: Helplines) -> None:
    app = helplines.helpline()
    phone = telephone(app=app, otherwise="accepts")
    await phone.dials()
    await blocked(helplines)
    await goes_on(phone, "3", "4", "1", "1", "1", "3", "1", "1")
    phone.hears("we cannot promise you a text just now")
    assert await helplines.count_effects() == 0


async def test_while_the_database_is_down_whoever_was_known_as_blocked_is_not_let_through(
    helplines: Helplines, tmp_path: Path
) -> None:
    await blocked(helplines)
    app = helplines.helpline()
    await app.state.staff_cache.refresh()  # type: ignore[attr-defined]
    (tmp_path / "kept.db").rename(tmp_path / "gone.db")
    (tmp_path / "kept.db").mkdir()
    await app.state.staff_cache.refresh()  # type: ignore[attr-defined]
    phone = await goes_on(await telephone(app=app, otherwise="accepts").dials(), "0")
    phone.hears(TOLD)
    other = await goes_on(await telephone(app=app, caller="+447700900456", otherwise="accepts").dials(), "0")
    assert rung(other)[:1] == [ADVISERS[0]]


def test_whether_a_caller_is_blocked_is_asked_only_where_a_way_to_us_begins() -> None:
    asked: list[str] = []
    environment = structs.replace(WORLDS[0].environment, block_of=asked.append)
    reply = only(begin(SERVICE, SERVICE.answer, environment, CallState()), WORLDS[0])
    for key in ("4", "1", "*", "#"):
        reply = only(run(SERVICE, reply.at, reply.state, Digits(key), environment), WORLDS[0])
        assert asked == []
    run(SERVICE, reply.at, reply.state, Digits("0"), environment)
    assert set(asked) == {CALLER}
