"""The rota on the staff pages: a week with its gaps, and changes that show what they do before they are saved."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from html import unescape
from urllib.parse import urlencode

import pytest

from ivr.console.app import build
from ivr.helpline.hours_format import parse_spans
from ivr.helpline.rota import Adviser
from ivr.staff.accounts import Role
from ivr.store import absences, audit, rota
from ivr.store.audit import By
from tests.console.page_text import text_of
from tests.console.staff_pages import StaffPages

JO, SAM, LEE = "+447700900001", "+447700900002", "+447700900003"
WEEK = "/console/rota?week=2026-W50"
MONDAY, TUESDAY = date(2026, 12, 7), date(2026, 12, 8)
EVERY_DAY = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), "yes")


async def team(pages: StaffPages) -> None:
    """Two advisers: Jo every morning, Sam every afternoon but on Thursdays."""
    by = By("Sam", pages.clock())
    async with pages.store.begin() as db:
        await rota.add(db, pages.store.cipher, "Jo Marsh", JO, by)
        await rota.add(db, pages.store.cipher, "Sam Lee", SAM, by)
        await rota.set_shifts(db, "Jo Marsh", range(5), parse_spans(["09:00-13:00"]), by)
        await rota.set_shifts(db, "Sam Lee", [0, 1, 2, 4], parse_spans(["13:00-17:00"]), by)


async def read(pages: StaffPages) -> dict[str, Adviser]:
    async with pages.store.read() as db:
        return {one.name: one for one in await rota.read(db, pages.store.cipher)}


async def path_of(pages: StaffPages, name: str = "Jo Marsh") -> str:
    return f"/console/rota/{(await read(pages))[name].id}"


async def log(pages: StaffPages) -> list[str]:
    async with pages.store.read() as db:
        return [f"{entry.who}: {entry.what}" for entry in await audit.read(db, 3)]


async def ask(pages: StaffPages, path: str, form: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Send a form as a manager; return the words of the page that asks first, and what its button sends."""
    answer = await pages.post(path, form, Role.manager)
    assert answer.status_code == 200, text_of(answer.text)
    names = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text)
    hidden = {name: unescape(value) for name, value in names}
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', answer.text)
    assert seen, answer.text
    return text_of(answer.text), hidden | {"seen": seen[1]}


async def save(pages: StaffPages, path: str, form: Mapping[str, str]) -> str:
    """Send a form, and save what it asks about; return the words of the page that asked."""
    words, sent = await ask(pages, path, form)
    answer = await pages.post(path, sent, Role.manager)
    assert answer.status_code == 303, text_of(answer.text)
    return words


async def refused(pages: StaffPages, path: str, form: Mapping[str, str]) -> str:
    answer = await pages.post(path, form, Role.manager)
    assert answer.status_code == 422
    return answer.text


async def test_a_week_shows_who_is_there_and_names_the_hours_without_anybody(pages: StaffPages) -> None:
    await team(pages)
    answer = await pages.get(WEEK)
    words = text_of(answer.text)
    assert answer.status_code == 200
    assert "Nobody is there though we are open Thu 10 December at 13:00 to 17:00" in words
    assert "Mon 7 December 2026 Open 9:00 – 17:00 9:00 – 13:00 Jo Marsh 13:00 – 17:00 Sam Lee Tue" in words
    assert "Thu 10 December 2026 Open 9:00 – 17:00 13:00 – 17:00 nobody 9:00 – 13:00 Jo Marsh Fri" in words
    assert "Sat 12 December 2026 Closed" in words
    assert "Jo Marsh 20 h 76 h" in words
    assert "Sam Lee 16 h 60 h" in words
    assert "Somebody is there for 90% of our open hours this week" in words


async def test_weeks_follow_one_another_over_the_end_of_a_year(pages: StaffPages) -> None:
    page = (await pages.get("/console/rota?week=2026-W53")).text
    assert 'href="/console/rota?week=2026-W52"' in page
    assert 'href="/console/rota?week=2027-W01"' in page
    assert "Rota from Mon 28 December 2026" in page
    assert "Rota from Mon 28 December 2026" in (await pages.get("/console/rota?week=2027-01-03")).text


async def test_what_is_no_week_is_told_and_this_week_is_shown(pages: StaffPages) -> None:
    answer = await pages.get("/console/rota?week=2026-W54")
    assert answer.status_code == 422
    assert "“2026-W54” is not a week: write one such as 2026-W49" in text_of(answer.text)
    assert "Rota from Mon 23 November 2026" in answer.text


async def test_a_week_that_is_over_says_what_it_shows(pages: StaffPages) -> None:
    await team(pages)
    over = "This week is over."
    assert over in (await pages.get("/console/rota?week=2026-11-22")).text
    assert over not in (await pages.get("/console/rota?week=2026-11-23")).text


async def test_only_the_first_of_many_gaps_are_named_before_it_is_saved(pages: StaffPages) -> None:
    await team(pages)
    words, _ = await ask(pages, f"{await path_of(pages)}/remove", {})
    assert "and 32 more in eight weeks" in words


async def test_a_bank_holiday_is_named_and_needs_nobody(pages: StaffPages) -> None:
    await team(pages)
    words = text_of((await pages.get("/console/rota?week=2026-12-25")).text)
    assert "Fri 25 December 2026 Closed Bank holiday We are closed, so nobody is rung. 9:00" in words
    assert "Nobody is there though we are open Thu 24 December at 13:00 to 17:00" in words


async def test_what_is_not_as_in_every_week_is_shown_with_why_and_who_set_it(pages: StaffPages) -> None:
    await team(pages)
    by = By("Max", pages.clock())
    async with pages.store.begin() as db:
        await rota.set_day(db, "Jo Marsh", MONDAY, parse_spans(["10:00-13:00"]), by, "the dentist")
        await absences.add(db, "Sam Lee", TUESDAY, date(2026, 12, 20), by)
    words = text_of((await pages.get(WEEK)).text)
    assert "changed Jo Marsh: 10:00-13:00, the dentist (Max) instead of 09:00-13:00" in words
    assert "away Sam Lee, from 08 Dec 2026 to 20 Dec 2026 (Max)" in words
    assert "Mon 7 December at 9:00 to 10:00" in words
    assert "Tue 8 December at 13:00 to 17:00" in words


async def test_an_adviser_sees_the_rota_and_no_number_and_changes_nothing(pages: StaffPages) -> None:
    await team(pages)
    path = await path_of(pages)
    theirs = (await pages.get(path)).text
    assert "ends in 001" in theirs and "900 001" not in theirs
    assert 'action="/console/rota' not in theirs
    assert "07700 900 001" in (await pages.get(path, Role.manager)).text
    assert "/console/rota/swap" not in (await pages.get(WEEK)).text


async def test_a_change_shows_the_gap_and_what_callers_hear_in_it_before_it_is_saved(pages: StaffPages) -> None:
    await team(pages)
    path = f"{await path_of(pages)}/days"
    form = {"first": "2026-12-07", "hours": "off", "why": "the dentist", **EVERY_DAY}
    words, sent = await ask(pages, path, form)
    assert "Jo Marsh: 07 Dec 2026 off (the dentist)" in words
    assert "Nobody will be there then, though we are open: Mon 7 December at 9:00 to 13:00" in words
    assert "What callers would hear on Mon 7 December at 9:00" in words
    assert "today at one" in words
    assert (await read(pages))["Jo Marsh"].changes == {}
    assert "dentist" not in (await log(pages))[0]
    saved = await pages.post(path, sent, Role.manager)
    assert (saved.status_code, saved.headers["location"]) == (303, f"{await path_of(pages)}?news=rota")
    assert (await read(pages))["Jo Marsh"].changes == {MONDAY: ()}
    assert (await log(pages))[0] == "Max: Jo Marsh: 07 Dec 2026 off (the dentist)"


async def test_a_change_that_closes_a_gap_says_so(pages: StaffPages) -> None:
    await team(pages)
    form = {"thursday": "13:00-17:00", "monday": "13:00-17:00"}
    words = await save(pages, f"{await path_of(pages, 'Sam Lee')}/week", form)
    assert "Somebody will be there again: Thu 26 November at 13:00 to 17:00" in words
    assert "Nobody will be there then, though we are open: Tue 24 November at 13:00 to 17:00" in words
    week = (await read(pages))["Sam Lee"].week
    assert week and {day for day, spans in week.items() if spans} == {0, 3}


async def test_somebody_is_put_on_the_rota_with_shifts_in_one_go(pages: StaffPages) -> None:
    await team(pages)
    form = {"name": "Lee Poe", "number": "07700 900003", "thursday": "13:00–17:00"}
    words = await save(pages, "/console/rota", form)
    assert "Somebody will be there again: Thu 26 November at 13:00 to 17:00" in words
    assert "900" not in "".join(await log(pages))
    added = (await read(pages))["Lee Poe"]
    assert (added.number, {day for day, spans in (added.week or {}).items() if spans}) == (LEE, {3})


async def test_whoever_has_no_shifts_written_is_rung_at_any_hour(pages: StaffPages) -> None:
    await save(pages, "/console/rota", {"name": "Lee Poe", "number": "07700 900003"})
    assert (await read(pages))["Lee Poe"].week is None
    await save(pages, f"{await path_of(pages, 'Lee Poe')}/week", {"monday": "9:00-13.00"})
    assert ((await read(pages))["Lee Poe"].week or {})[0] == parse_spans(["09:00-13:00"])
    await save(pages, f"{await path_of(pages, 'Lee Poe')}/always", {})
    assert (await read(pages))["Lee Poe"].week is None


async def test_a_form_that_is_refused_is_shown_again_with_what_was_written(pages: StaffPages) -> None:
    await team(pages)
    told = await refused(pages, "/console/rota", {"name": "Lee Poe", "number": "07700 90", "monday": "9-5"})
    assert "Write their telephone number, such as 07700 900001." in told
    assert 'value="Lee Poe"' in told and 'value="9-5"' in told and "<details open>" in told
    path = await path_of(pages)
    told = await refused(pages, f"{path}/week", {"tuesday": "nine to five"})
    assert "Tuesday: “nine-five” is not hours; write from when to when, such as 09:00-12:30." in unescape(told)
    assert 'value="nine to five"' in told
    told = await refused(
        pages, f"{path}/days", {"first": "2026-12-07", "hours": "from 9", "why": "a reason", **EVERY_DAY}
    )
    assert 'value="from 9"' in told and 'value="a reason"' in told and 'value="2026-12-07"' in told
    told = await refused(pages, f"{path}/absent", {"first": "2026-12-07", "last": "2026-12-01"})
    assert "The last day (01 Dec 2026) comes before the first (07 Dec 2026)." in told
    assert len(await log(pages)) == 3


async def test_somebody_can_go_back_from_the_question_to_what_they_had_written(pages: StaffPages) -> None:
    await team(pages)
    path = f"{await path_of(pages)}/days"
    _, sent = await ask(pages, path, {"first": "2026-12-07", "hours": "off", "why": "the dentist", **EVERY_DAY})
    del sent["seen"]
    answer = await pages.post(path, sent | {"again": "yes"}, Role.manager)
    assert answer.status_code == 200
    assert 'value="the dentist"' in answer.text
    assert (await read(pages))["Jo Marsh"].changes == {}


async def test_what_would_do_something_else_by_now_is_asked_about_again(pages: StaffPages) -> None:
    await team(pages)
    path = f"{await path_of(pages)}/away"
    _, sent = await ask(pages, path, {})
    async with pages.store.begin() as db:
        await rota.set_away(db, "Sam Lee", True, By("Ann", pages.clock()))
    answer = await pages.post(path, sent, Role.manager)
    assert answer.status_code == 200
    assert "Something else was changed since you looked" in text_of(answer.text)
    assert not (await read(pages))["Jo Marsh"].away


async def test_minutes_that_pass_while_somebody_reads_change_nothing(pages: StaffPages) -> None:
    await team(pages)
    path = f"{await path_of(pages)}/away"
    _, sent = await ask(pages, path, {})
    pages.clock.now = pages.clock.now.replace(minute=20)
    assert (await pages.post(path, sent, Role.manager)).status_code == 303
    assert (await read(pages))["Jo Marsh"].away


async def test_other_hours_for_a_while_count_on_the_weekdays_that_are_ticked(pages: StaffPages) -> None:
    await team(pages)
    form = {"first": "2026-12-07", "last": "2026-12-16", "hours": "9:00-12:00", "monday": "yes", "wednesday": "yes"}
    path = await path_of(pages)
    await save(pages, f"{path}/days", form)
    days = {MONDAY, date(2026, 12, 9), date(2026, 12, 14), date(2026, 12, 16)}
    assert (await read(pages))["Jo Marsh"].changes == dict.fromkeys(days, parse_spans(["09:00-12:00"]))
    await save(pages, f"{path}/days", {"first": "2026-12-07", "last": "2026-12-20", "hours": "usual", **EVERY_DAY})
    assert (await read(pages))["Jo Marsh"].changes == {}


async def test_an_absence_is_set_and_taken_back(pages: StaffPages) -> None:
    await team(pages)
    path = await path_of(pages)
    words = await save(pages, f"{path}/absent", {"first": "2026-12-07", "last": "2026-12-08"})
    assert "Mon 7 December at 9:00 to 13:00 Tue 8 December at 9:00 to 13:00" in words
    [absence] = (await read(pages))["Jo Marsh"].absences
    assert "Mon 7 December 2026 to Tue 8 December 2026" in text_of((await pages.get(path)).text)
    await save(pages, f"{path}/present", {"absence": absence.id})
    assert (await read(pages))["Jo Marsh"].absences == ()


async def test_somebody_gets_another_number(pages: StaffPages) -> None:
    await team(pages)
    path = await path_of(pages)
    assert "Sam Lee's" in unescape(await refused(pages, f"{path}/number", {"number": "07700 900002"}))
    words = await save(pages, f"{path}/number", {"number": "07700 900003"})
    assert "Jo Marsh has another number" in words and "900" not in words.split("What is about to change")[1]
    assert (await read(pages))["Jo Marsh"].number == LEE


async def test_somebody_is_away_until_they_are_back(pages: StaffPages) -> None:
    await team(pages)
    path = await path_of(pages)
    await save(pages, f"{path}/away", {})
    assert "They are back" in (await pages.get(path, Role.manager)).text
    await save(pages, f"{path}/back", {})
    assert not (await read(pages))["Jo Marsh"].away


async def test_the_order_is_changed_by_a_place(pages: StaffPages) -> None:
    await team(pages)
    words = await save(pages, f"{await path_of(pages, 'Sam Lee')}/order", {"to": "earlier"})
    assert "Sam Lee before Jo Marsh" in words
    assert list(await read(pages)) == ["Sam Lee", "Jo Marsh"]


async def test_whoever_is_taken_off_the_rota_is_asked_about_once_more(pages: StaffPages) -> None:
    await team(pages)
    path = f"{await path_of(pages)}/remove"
    words, sent = await ask(pages, path, {})
    assert "Their number, their shifts and their absences are deleted." in words
    assert "Take Jo Marsh off the rota" in words
    assert len(await read(pages)) == 2
    saved = await pages.post(path, sent, Role.manager)
    assert saved.headers["location"] == "/console/rota?news=rota"
    assert list(await read(pages)) == ["Sam Lee"]
    assert (await pages.get(path.removesuffix("/remove"))).status_code == 404


async def test_a_swap_changes_both_or_is_refused_with_the_hours(pages: StaffPages) -> None:
    await team(pages)
    form = {"one": "Jo Marsh", "day": "2026-12-07", "other": "Sam Lee", "back": "2026-12-07"}
    words = await save(pages, "/console/rota/swap", form)
    assert "swapped Jo Marsh's 07 Dec 2026 for Sam Lee's 07 Dec 2026" in words
    found = await read(pages)
    assert found["Jo Marsh"].shifts(MONDAY) == parse_spans(["13:00-17:00"])
    assert found["Sam Lee"].shifts(MONDAY) == parse_spans(["09:00-13:00"])
    assert "swapped with Sam Lee (Max) instead of 09:00-13:00" in text_of((await pages.get(WEEK)).text)
    part = {"one": "Jo Marsh", "day": "2026-12-08", "other": "Sam Lee", "hours": "09:00-11:30"}
    told = await refused(pages, "/console/rota/swap", part)
    assert "Nobody would be there though we are open: Tue 08 Dec 2026 11:30 to 13:00." in told
    assert 'value="09:00-11:30"' in told and 'value="2026-12-08"' in told and '"Sam Lee" selected' in told
    await save(pages, "/console/rota/swap", part | {"hours": ""})
    assert (await read(pages))["Sam Lee"].shifts(TUESDAY) == parse_spans(["09:00-13:00", "13:00-17:00"])


async def test_nobody_is_freed_without_a_tick(pages: StaffPages) -> None:
    await team(pages)
    path = f"{await path_of(pages)}/free"
    await refused(pages, path, {})
    answer = await pages.post(path, {"sure": "yes"}, Role.manager)
    assert answer.headers["location"].endswith("?news=not_engaged")


async def test_while_nobody_is_on_the_rota_the_page_says_who_is_rung(pages: StaffPages) -> None:
    words = text_of((await pages.get(WEEK)).text)
    assert "Nobody is on the rota." in words


async def test_what_callers_hear_can_be_listened_to_before_it_is_saved(pages: StaffPages) -> None:
    await team(pages)

    async def speak(language: str, words: str) -> bytes:
        return f"{language}: {words}".encode()

    services = replace(pages.services, speak=speak)
    speaking = replace(pages, app=build(services), services=services)
    answer = await speaking.post(f"{await path_of(pages)}/absent", {"first": "2026-12-07"}, Role.manager)
    sounds = re.findall(r'<audio controls preload="none" src="([^"]+)"', answer.text)
    heard = [(await speaking.get(sound, Role.manager)).text for sound in sounds]
    assert "For a person, press 0" in heard[0]
    assert "today at one" in heard[1]


NONSENSE = (
    *("x", "-", "9-", "24:00-00:00", "25:00-26:00", "09:00-13:00 12:00-14:00", "99/99/9999", "9999-12-31"),
    *("0001-01-01", "2899-12-31", "1900-01-01", "<b>nobody</b>", "\u202e", "😀", "nine " * 500),
)
WRITTEN = {
    "": {"name": "Lee Poe", "number": "07700 900003", "monday": "09:00-13:00"},
    "/swap": {"one": "Jo Marsh", "day": "2026-12-07", "other": "Sam Lee", "back": "2026-12-07"},
    "/{id}/number": {"number": "07700 900003"},
    "/{id}/week": {"monday": "09:00-13:00", "sunday": ""},
    "/{id}/days": {"first": "2026-12-07", "last": "2026-12-08", "hours": "off", "why": "a reason", **EVERY_DAY},
    "/{id}/absent": {"first": "2026-12-07", "last": "2026-12-08"},
}
CHOSEN = {"one", "other"}
"""Fields in which nothing is typed."""


@pytest.mark.parametrize("path", WRITTEN)
async def test_whatever_is_typed_into_any_field_is_answered_and_given_back(pages: StaffPages, path: str) -> None:
    await team(pages)
    asked = f"/console/rota{path}".replace("/console/rota/{id}", await path_of(pages))
    ticked = EVERY_DAY if path.endswith("days") else {}
    for field in WRITTEN[path].keys() - ticked.keys():
        for typed in NONSENSE:
            answer = await pages.post(asked, WRITTEN[path] | {field: typed}, Role.manager)
            assert answer.status_code in (200, 422), (field, typed)
            assert field in CHOSEN or typed.strip() in unescape(answer.text), (field, typed)


async def test_any_week_is_shown_or_told_to_be_none(pages: StaffPages) -> None:
    await team(pages)
    for typed in (*NONSENSE, "2899-W52", "1900-W01", "2026-W00", "2026-W99"):
        answer = await pages.get(f"/console/rota?{urlencode({'week': typed})}")
        assert answer.status_code in (200, 422), typed
