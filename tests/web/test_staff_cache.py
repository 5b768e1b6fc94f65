"""Every process has what staff set in memory, so that no caller waits for the database."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from starlette.applications import Starlette

from ivr.engine.environment import OneOffHoliday
from ivr.helpline.emergency import EmergencyMessage
from ivr.helpline.hours_format import parse_spans
from ivr.helpline.opening_hours import Closure
from ivr.helpline.rota import RotaSnapshot, of_setting
from ivr.store import blocks, closures, emergency_messages, one_off_holidays, rota
from ivr.store.audit import By
from ivr.store.database import Store
from ivr.store.tables import advisers
from ivr.web import staff_cache
from ivr.web.staff_cache import StaffCache
from tests.app_factory import PATIENT
from tests.conftest import Output
from tests.phone_calls import LAST_DAY
from tests.store.fixtures import DAY, HOUR, NOW
from tests.web.running_app import DOWN, SHORT, Clock, RunningApp, locked, running_app
from tests.web.webhooks import ADVISERS, SETTINGS, said

JO, ANN = "+447700900011", "+447700900012"
SETTING = of_setting(["+447700900001"])
BY = By("Sam", NOW)
SNOW = "The council's offices are closed today because of the snow."


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    async with Store(url, SETTINGS.secrets, PATIENT) as store:
        yield store


async def put(store: Store, **numbers: str) -> None:
    async with store.begin() as db:
        for name, number in numbers.items():
            await rota.add(db, store.cipher, name, number, BY)


def known(cache: StaffCache) -> list[str]:
    return [adviser.number for adviser in cache.rota.advisers]


async def test_before_the_rota_was_ever_read_the_setting_counts(store: Store) -> None:
    assert StaffCache(store, SETTING, Clock()).rota == RotaSnapshot(SETTING)


async def test_the_rota_comes_before_the_setting_which_counts_as_long_as_nobody_is_on_it(store: Store) -> None:
    cache = StaffCache(store, SETTING, Clock())
    await cache.refresh()
    assert cache.rota.advisers == SETTING
    await put(store, Jo=JO, Ann=ANN)
    await cache.refresh()
    assert known(cache) == [JO, ANN]
    async with store.begin() as db:
        await rota.remove(db, "Jo", BY)
        await rota.remove(db, "Ann", BY)
    await cache.refresh()
    assert cache.rota.advisers == SETTING


async def test_the_setting_is_not_rung_when_everybody_on_the_rota_is_away(store: Store) -> None:
    cache = StaffCache(store, SETTING, Clock())
    await put(store, Jo=JO)
    async with store.begin() as db:
        await rota.set_away(db, "Jo", True, BY)
    await cache.refresh()
    assert [(adviser.number, adviser.away) for adviser in cache.rota.advisers] == [(JO, True)]


async def test_closures_that_are_over_are_not_known_any_more(store: Store) -> None:
    clock = Clock()
    cache = StaffCache(store, SETTING, clock)
    async with store.begin() as db:
        await closures.add(db, Closure(NOW, NOW + HOUR, "training"), BY)
    await cache.refresh()
    assert cache.rota == RotaSnapshot(SETTING, (Closure(NOW, NOW + HOUR, "training"),))
    clock.passes(timedelta(hours=1))
    await cache.refresh()
    assert cache.rota == RotaSnapshot(SETTING)


async def test_while_the_database_is_down_what_was_known_stays(store: Store) -> None:
    await put(store, Jo=JO)
    cache, later = (
        StaffCache(store, SETTING, Clock()),
        StaffCache(Store(DOWN, SETTINGS.secrets, SHORT), SETTING, Clock()),
    )
    await cache.refresh()
    later.rota = cache.rota
    await later.refresh()
    assert known(later) == [JO]


async def test_that_it_cannot_be_read_is_told_once_and_without_a_number(store: Store, output: Output) -> None:
    cache = StaffCache(store, SETTING, Clock())
    await put(store, Jo=JO)
    await cache.refresh()
    whole = await numbers(store)
    for number, told in ((b"sealed by nobody", 1), (b"nor that", 0), (whole, 0), (b"sealed by nobody", 1)):
        async with store.begin() as db:
            await db.execute(update(advisers).values(number=number))
        await cache.refresh()
        logged = output()
        assert logged.count("rota not refreshed") == told
        assert JO[-9:] not in "".join(filter(str.isdigit, logged))
        assert known(cache) == [JO]


async def numbers(store: Store) -> bytes:
    async with store.begin() as db:
        return bytes(await db.scalar(select(advisers.c.number)) or b"")


async def test_it_is_kept_up_with_until_the_end(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff_cache, "REFRESH_SECONDS", 0.01)
    cache, stop = StaffCache(store, SETTING, Clock()), asyncio.Event()
    task = asyncio.create_task(cache.keep_fresh(stop))
    await put(store, Jo=JO)
    while known(cache) != [JO]:
        await asyncio.sleep(0.01)
    stop.set()
    await task


async def test_a_process_knows_before_its_first_call_and_the_first_call_asks_nobody(url: str, store: Store) -> None:
    await put(store, Jo=JO)
    async with running_app(url) as helpline:
        assert f">{JO}</Number>" in (await helpline.rings("CA1", "0")).text


async def test_the_database_being_down_keeps_no_process_from_starting_and_no_caller_from_an_adviser() -> None:
    async with running_app(DOWN, SHORT) as helpline:
        assert f">{ADVISERS[0]}</Number>" in (await helpline.rings("CA1", "0")).text


def cache_of(helpline: RunningApp) -> StaffCache:
    assert isinstance(helpline.app, Starlette)
    cache = helpline.app.state.staff_cache
    assert isinstance(cache, StaffCache)
    return cache


async def knows(helpline: RunningApp, known: Callable[[StaffCache], object]) -> None:
    """Have the application read what staff set until it knows of it: on a slow machine one try may take too long."""
    while not known(cache_of(helpline)):
        await cache_of(helpline).refresh()


async def closed_for(helpline: RunningApp, reason: str, until: timedelta) -> None:
    async with helpline.store.begin() as db:
        await closures.add(db, Closure(helpline.clock.now, helpline.clock.now + until, reason), BY)
    await knows(helpline, lambda cache: cache.rota.closures)


async def test_a_caller_hears_why_we_are_closed_and_is_put_through_again_when_that_is_over(url: str) -> None:
    async with running_app(url) as helpline:
        await closed_for(helpline, "training", 2 * HOUR)
        heard = said(await helpline.rings("CA1", "0"))
        assert "Our advisers are in training. Our advisers are back today at twelve." in heard
        assert "<Dial" not in (await helpline.rings("CA2", "0")).text
        helpline.clock.passes(2 * HOUR)
        assert f">{ADVISERS[0]}</Number>" in (await helpline.rings("CA3", "0")).text


async def test_a_closure_lasts_while_the_database_is_down(url: str) -> None:
    async with running_app(url, SHORT) as helpline:
        await closed_for(helpline, "holiday", DAY)
        async with locked(url):
            await cache_of(helpline).refresh()
            assert "Our advisers are back tomorrow at ten." in said(await helpline.rings("CA1", "0"))


async def test_a_caller_hears_an_earlier_day_once_staff_add_a_bank_holiday(url: str) -> None:
    async with running_app(url) as helpline:
        assert "By Monday the fourteenth of December" in said(await helpline.rings("CA1", *LAST_DAY))
        async with helpline.store.begin() as db:
            await one_off_holidays.add(db, OneOffHoliday(date(2026, 12, 14), "the coronation"), BY)
        await knows(helpline, lambda cache: cache.rota.holidays)
        async with locked(url):
            assert "By Friday the eleventh of December" in said(await helpline.rings("CA2", *LAST_DAY))


async def test_on_a_bank_holiday_that_staff_added_a_caller_hears_that_it_is_one(url: str) -> None:
    async with running_app(url) as helpline:
        async with helpline.store.begin() as db:
            await one_off_holidays.add(db, OneOffHoliday(NOW.date(), "the coronation"), BY)
        await knows(helpline, lambda cache: cache.rota.holidays)
        heard = said(await helpline.rings("CA1", "0"))
        assert "Today is a bank holiday. Our advisers are back tomorrow at nine." in heard


async def told(helpline: RunningApp, until: timedelta) -> None:
    async with helpline.store.begin() as db:
        await emergency_messages.replace(db, EmergencyMessage(SNOW, helpline.clock.now + until), BY)
    await knows(helpline, lambda cache: cache.emergency)


async def test_every_caller_hears_the_emergency_message_after_the_999_and_before_the_menu(url: str) -> None:
    async with running_app(url) as helpline:
        ordinary = said(await helpline.rings("CA1"))
        await told(helpline, HOUR)
        for call in ("CA2", "CA3"):
            heard = said(await helpline.rings(call))
            assert re.search(rf"9 9 9\.\s+{re.escape(SNOW)}\s+For ", heard)
            assert heard.count(SNOW) == 1
        assert SNOW not in ordinary


async def test_the_message_is_heard_once_in_a_call(url: str) -> None:
    async with running_app(url) as helpline:
        await told(helpline, HOUR)
        for place, keys in enumerate((["*"], ["#"], [""], ["1", "#"], ["0"])):
            assert SNOW not in said(await helpline.rings(f"CA{place}", *keys))


async def test_once_the_message_is_over_or_cleared_the_ordinary_greeting_is_heard(url: str) -> None:
    async with running_app(url, SHORT) as helpline:
        ordinary = said(await helpline.rings("CA1"))
        await told(helpline, HOUR)
        async with locked(url):
            await cache_of(helpline).refresh()
            assert SNOW in said(await helpline.rings("CA2"))
            helpline.clock.passes(HOUR)
            assert said(await helpline.rings("CA3")) == ordinary
        cache_of(helpline).emergency = None
        await told(helpline, HOUR)
        async with helpline.store.begin() as db:
            await emergency_messages.clear(db, BY)
        await knows(helpline, lambda cache: cache.emergency is None)
        assert said(await helpline.rings("CA4")) == ordinary


async def test_a_process_that_starts_without_the_database_greets_as_ever(url: str) -> None:
    async with running_app(url) as helpline, running_app(DOWN, SHORT) as other:
        assert said(await other.rings("CA1")) == said(await helpline.rings("CA1"))


async def test_only_those_on_shift_are_rung(url: str, store: Store) -> None:
    await put(store, Jo=JO, Ann=ANN)
    async with store.begin() as db:
        await rota.set_shifts(db, "Jo", [0], parse_spans(["11:00-17:00"]), BY)
    async with running_app(url) as helpline:
        assert f">{ANN}</Number>" in (await helpline.rings("CA1", "0")).text
        helpline.clock.passes(HOUR)
        assert f">{JO}</Number>" in (await helpline.rings("CA2", "0")).text


async def test_between_two_shifts_a_caller_hears_when_somebody_is_there_again(url: str, store: Store) -> None:
    await put(store, Jo=JO)
    async with store.begin() as db:
        await rota.set_shifts(db, "Jo", [0], parse_spans(["14:00-17:00"]), BY)
    async with running_app(url) as helpline:
        heard = await helpline.rings("CA1", "0")
        assert "Our advisers are back today at two." in said(heard)
        assert "<Dial" not in heard.text
        helpline.clock.passes(4 * HOUR)
        assert f">{JO}</Number>" in (await helpline.rings("CA2", "0")).text


async def test_nobody_on_shift_in_opening_hours_is_said_and_other_ways_are_offered(url: str, store: Store) -> None:
    await put(store, Jo=JO)
    async with store.begin() as db:
        await rota.set_away(db, "Jo", True, BY)
    async with running_app(url) as helpline:
        assert "no adviser is here just now" in said(await helpline.rings("CA1", "0"))


async def block(store: Store, number: str, until: datetime = NOW + DAY) -> None:
    async with store.begin() as db:
        await blocks.replace(db, store.cipher, number, "Threatened Jo.", until, "Max", NOW)


async def test_a_block_is_known_to_a_process_by_its_number_and_nobody_elses(store: Store) -> None:
    cache = StaffCache(store, SETTING, Clock())
    await block(store, JO)
    assert cache.block_of(JO) is None
    await cache.refresh()
    assert cache.block_of(JO) == NOW + DAY
    assert [cache.block_of(other) for other in (ANN, "anonymous", "", "HMRC")] == [None] * 4


async def test_a_block_that_is_over_is_not_read(store: Store) -> None:
    clock = Clock()
    cache = StaffCache(store, SETTING, clock)
    await block(store, JO)
    clock.passes(DAY)
    await cache.refresh()
    assert cache.block_of(JO) is None


async def test_a_block_that_a_process_knows_holds_while_the_database_is_down(url: str, store: Store) -> None:
    cache = StaffCache(store, SETTING, Clock())
    await block(store, JO)
    await cache.refresh()
    async with locked(url):
        await cache.refresh()
    assert cache.block_of(JO) == NOW + DAY
