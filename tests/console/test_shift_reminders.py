"""Today tells of shifts that nobody will do or has confirmed; managers say where they are texted."""

from datetime import timedelta

import pytest

from ivr.staff.accounts import Role
from ivr.store import accounts
from tests.console.page_text import text_of
from tests.console.staff_pages import StaffPages
from tests.store.fixtures import NOW
from tests.store.shift_driver import SAM, TUESDAY, Shifts

ME, ADA = "/console/me", "/console/people/Max"


async def today(pages: StaffPages) -> str:
    return text_of((await pages.get("/console")).text)


async def test_today_tells_of_shifts_that_are_declined_or_not_confirmed(pages: StaffPages) -> None:
    shifts = Shifts(pages.store, timedelta(hours=50))
    await shifts.adviser(tuesday="09:00-13:00", wednesday="09:00-13:00")
    await shifts.adviser("Sam Lee", SAM, tuesday="12:00-17:00")
    assert "not confirmed" not in await today(pages), "nobody was asked yet"
    await shifts.round(NOW)
    await shifts.says("NOT", NOW, SAM)
    words = await today(pages)
    assert "not confirmed Jo Marsh on Tue 24 November at 9:00 to 13:00." in words
    assert "cannot come Sam Lee on Tue 24 November at 12:00 to 17:00." in words
    assert "Wed 25 November at 9:00" not in words, "for which there is time"
    await shifts.says("OK", NOW)
    assert "not confirmed" not in await today(pages)
    await shifts.day("Sam Lee", TUESDAY, "")
    assert "cannot come" not in await today(pages), "it was taken away"


async def mobile(pages: StaffPages, name: str = "Max") -> str | None:
    async with pages.store.read() as db:
        found = await accounts.by_id(db, pages.store.cipher, name)
    assert found
    return found.mobile


async def test_a_manager_sets_where_they_are_texted_and_takes_it_back(pages: StaffPages) -> None:
    answer = await pages.post(f"{ME}/mobile", {"mobile": "07700 900801"}, Role.manager)
    assert answer.headers["location"] == f"{ME}?news=mobile_set"
    assert await mobile(pages) == "+447700900801"
    assert 'value="07700 900 801"' in (await pages.get(ME, Role.manager)).text
    answer = await pages.post(f"{ME}/mobile", {"mobile": " "}, Role.manager)
    assert answer.headers["location"] == f"{ME}?news=mobile_forgotten"
    assert await mobile(pages) is None


@pytest.mark.parametrize("number", ["01632 960001", "not a number", "+33612345678", "070 1234 5678"])
async def test_what_is_no_mobile_is_refused_beside_its_field_and_stays_written(pages: StaffPages, number: str) -> None:
    for path, who in ((f"{ME}/mobile", Role.manager), (f"{ADA}/mobile", Role.administrator)):
        answer = await pages.post(path, {"mobile": number}, who)
        assert answer.status_code == 422
        assert "Write a UK mobile such as 07700 900123" in answer.text and f'value="{number}"' in answer.text
    assert await mobile(pages) is None


async def test_an_administrator_sets_the_mobile_of_a_manager_and_an_adviser_needs_none(pages: StaffPages) -> None:
    assert (await pages.post(f"{ADA}/mobile", {"mobile": "07700900801"}, Role.administrator)).status_code == 303
    assert await mobile(pages) == "+447700900801"
    assert "Texts about shifts" not in (await pages.get(ME, Role.adviser)).text
    assert "Mobile for texts" not in (await pages.get("/console/people/Ann", Role.administrator)).text
