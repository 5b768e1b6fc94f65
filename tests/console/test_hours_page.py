"""The page Hours: weekly hours, closures, bank holidays and the emergency message, each shown before it is saved."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import urlencode

import httpx2
import pytest

from ivr.console.app import build
from ivr.engine.effects import ScheduleReminders
from ivr.helpline.hours_format import parse_spans
from ivr.helpline.timezone import LONDON
from ivr.loader import load
from ivr.simulator.scenarios.player import TOKEN
from ivr.staff.accounts import Role
from ivr.staff.emergency import MessageCheck
from ivr.store import audit, rota
from ivr.store.audit import By
from ivr.store.tables import reminders, staff_sessions
from tests.console.page_text import text_of
from tests.console.staff_pages import StaffPages
from tests.console.test_speech import speak
from tests.phone_calls import rings, telephone
from tests.store.fixtures import ADVISER, PARENT, perform
from tests.web.running_app import rows_of, running_app
from tests.web.webhooks import URL

HOURS, MANAGER = "/console/hours", Role.manager
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONG = {**dict.fromkeys(WEEKDAYS[:5], "8-19"), "bank_holidays": "closed"}
SNOW = "The council's offices are closed today because of the snow."


def next_form(page: str, button: str = "save") -> tuple[str, dict[str, str]]:
    """The form of a page that has a button: where it is sent, and what it holds, as a browser without scripts would."""
    [found] = [one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'name="{button}"' in one]
    fields = re.findall(r'<(?:input type="hidden"|button) name="([^"]*)" value="([^"]*)"', found)
    path = re.search(r'action="([^"]*)"', found)
    assert path
    return path[1], {name: unescape(value) for name, value in fields}


async def saved(pages: StaffPages, path: str, form: Mapping[str, str] | None = None) -> tuple[str, str]:
    """Send a form, look at what it would do, and save it; the words of both pages."""
    before = await pages.post(path, form, MANAGER)
    assert before.status_code == 200, text_of(before.text)
    where, fields = next_form(before.text)
    done = await pages.post(where, fields, MANAGER)
    assert done.status_code == 303, text_of(done.text)
    return text_of(before.text), text_of((await pages.get(done.headers["location"], MANAGER)).text)


async def page(pages: StaffPages, who: Role = MANAGER) -> str:
    return text_of((await pages.get(HOURS, who)).text)


async def refused(pages: StaffPages, path: str, form: Mapping[str, str]) -> httpx2.Response:
    answer = await pages.post(path, form, MANAGER)
    assert answer.status_code == 422, text_of(answer.text)
    return answer


async def log(pages: StaffPages) -> list[str]:
    async with pages.store.read() as db:
        return [f"{entry.who}: {entry.what}" for entry in await audit.read(db, 20)]


@pytest.fixture
async def jo(pages: StaffPages) -> None:
    """Jo, who is always there."""
    async with pages.store.begin() as db:
        await rota.add(db, pages.store.cipher, "Jo Marsh", ADVISER, By("Sam", pages.clock()))


# Weekly hours.


async def test_hours_that_nobody_has_confirmed_are_shown_as_such_until_somebody_does(pages: StaffPages) -> None:
    assert "nobody has confirmed them" in await page(pages)
    assert "Nobody has confirmed our opening hours yet." in text_of((await pages.get("/console")).text)
    before, after = await saved(pages, f"{HOURS}/confirm", {"good_until": ""})
    assert "callers are told them until Sun 23 May 2027" in before
    assert "good until Sun 23 May 2027 Monday 09:00-17:00" in after and "Confirmed by Max on Mon 23 November" in after
    assert "Asked for our hours, callers hear The line is open Monday to Friday, nine to five." in after
    assert "opening hours" not in text_of((await pages.get("/console")).text)
    assert (await log(pages))[0].startswith("Max: confirmed the hours until 23 May 2027: Monday 09:00-17:00")


async def test_today_tells_when_confirmed_hours_run_out_soon_and_when_they_did(pages: StaffPages) -> None:
    await saved(pages, f"{HOURS}/confirm")
    for days, says in ((125, "are good until Sun 23 May 2027"), (190, "were good until Sun 23 May 2027")):
        pages.clock.now = datetime(2026, 11, 23, 10, tzinfo=UTC)
        async with pages.store.begin() as db:  # sessions end meanwhile
            pages.clock.passes(timedelta(days=days))
            await db.execute(staff_sessions.update().values(began=pages.clock(), seen=pages.clock()))
        assert f"Our opening hours {says}" in text_of((await pages.get("/console")).text)


@pytest.mark.usefixtures("jo")
async def test_other_hours_are_shown_in_words_and_calls_before_they_count(pages: StaffPages) -> None:
    before, after = await saved(pages, f"{HOURS}/week", {"starts": "2026-11-30", **LONG})
    assert "Nothing is changed yet." in before
    assert "From Mon 30 November 2026 on: Monday: 08:00-19:00" in before and "Saturday: closed" in before
    assert (
        "Asked for our hours, callers hear The line is open Monday to Friday, eight to seven in the evening." in before
    )
    assert "What callers would hear on Mon 30 November at 0:00" in before and "back today at eight" in before
    assert "What callers would hear on Mon 30 November at 8:00" in before and "rings Jo Marsh" in before
    assert "From Mon 30 November 2026 on Monday 08:00-19:00" in after and "Set by Max" in after
    assert "nobody has confirmed them" in after, "those of today are still the file's"


async def test_hours_that_end_where_others_begin_are_shown_with_that_day(pages: StaffPages) -> None:
    await saved(pages, f"{HOURS}/week", {"starts": "2027-01-04", **LONG})
    before, _ = await saved(pages, f"{HOURS}/week", {"starts": "2026-11-30", **LONG})
    assert "From Mon 30 November 2026 on, until other hours begin on Mon 4 January 2027:" in before


async def test_it_is_told_when_we_would_be_open_with_nobody_on_shift(pages: StaffPages) -> None:
    by = By("Sam", pages.clock())
    async with pages.store.begin() as db:
        await rota.add(db, pages.store.cipher, "Jo Marsh", ADVISER, by)
        await rota.set_shifts(db, "Jo Marsh", [0, 1, 2, 3, 4], parse_spans(["09:00-17:00"]), by)
    week = {**LONG, **dict.fromkeys(WEEKDAYS[:4], "9-17")}
    before, _ = await saved(pages, f"{HOURS}/week", {"starts": "2026-11-30", **week})
    told = before.split("callers hear when somebody is: ")[1]
    assert told.startswith("Fri 4 December at 8:00 to 9:00 Fri 4 December at 17:00 to")
    assert "more in eight weeks" in told


async def test_what_callers_would_hear_is_played(pages: StaffPages) -> None:
    pages.app = build(replace(pages.services, speak=speak))
    answer = await pages.post(f"{HOURS}/week", {"starts": "2026-11-30", **LONG}, MANAGER)
    addresses = re.findall(r'<audio[^>]* src="([^"]*)" aria-label="([^"]*)"', answer.text)
    assert {name for _, name in addresses} == {
        "Asked for our hours, callers hear",
        "At first",
        "When they press 0 for a person",
    }
    for address, _ in addresses:
        assert (await pages.get(address)).headers["content-type"] == "audio/wav"


async def test_a_helpline_that_is_always_open_is_so_until_hours_are_set(pages: StaffPages) -> None:
    always = replace(load(), ours=None)
    pages.app = build(replace(pages.services, content=lambda: always))
    assert "We are always open: no hours are set." in await page(pages)
    assert "no hours to confirm" in (await refused(pages, f"{HOURS}/confirm", {})).text
    before, after = await saved(pages, f"{HOURS}/week", {"starts": "2026-11-23", **LONG})
    assert "What callers would hear on Mon 23 November at 19:00" in before, "when we were open and are not"
    assert "They count since Mon 23 November 2026." in after


async def test_nothing_is_saved_before_somebody_says_so(pages: StaffPages) -> None:
    answer = await pages.post(f"{HOURS}/week", {"starts": "2026-11-23", **LONG}, MANAGER)
    assert answer.status_code == 200
    assert await log(pages) == [] and "09:00-17:00" in await page(pages)
    where, fields = next_form(answer.text, "again")
    again = await pages.post(where, fields, MANAGER)
    assert (again.status_code, 'name="monday" value="8-19"' in again.text) == (200, True)
    assert await log(pages) == []


async def test_what_somebody_else_changed_meanwhile_is_looked_at_again_before_it_is_confirmed(
    pages: StaffPages,
) -> None:
    seen = await pages.post(f"{HOURS}/confirm", {}, MANAGER)
    await saved(pages, f"{HOURS}/week", {"starts": "2026-11-23", **LONG})
    where, fields = next_form(seen.text)
    again = await pages.post(where, fields, MANAGER)
    assert again.status_code == 200 and "Something else was changed since you looked." in text_of(again.text)
    assert "Monday: 08:00-19:00" in text_of(again.text) and len(await log(pages)) == 1
    where, fields = next_form(again.text)
    assert (await pages.post(where, fields, MANAGER)).status_code == 303
    assert (await log(pages))[0].startswith("Max: confirmed the hours until 23 May 2027: Monday 08:00-19:00")


async def test_each_day_that_cannot_be_read_is_told_beside_it_and_nothing_typed_is_lost(pages: StaffPages) -> None:
    wrong = {"starts": "2026-11-30", **LONG, "tuesday": "nine to five", "friday": "9-12 11-15", "sunday": "<b>"}
    answer = await refused(pages, f"{HOURS}/week", wrong)
    assert answer.text.count('class="wrong"') == 3
    for value in ("nine to five", "9-12 11-15", "&lt;b&gt;", "8-19"):
        assert f'value="{value}"' in answer.text
    assert "overlap" in answer.text


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"starts": ""}, "Write from which day they count."),
        ({"starts": "soon"}, "“soon” is not a date"),
        ({"starts": "2026-11-22"}, "is over"),
        ({"good_until": "2028-01-01"}, "They are good for a year at most"),
        (dict.fromkeys(WEEKDAYS, ""), "There is no hour in this week"),
    ],
)
async def test_a_week_that_cannot_be_is_refused_with_what_to_do(
    pages: StaffPages, form: dict[str, str], says: str
) -> None:
    assert says in text_of((await refused(pages, f"{HOURS}/week", {"starts": "2026-11-30", **LONG} | form)).text)


async def test_hours_by_a_clock_of_twelve_hours_are_questioned(pages: StaffPages) -> None:
    answer = await pages.post(f"{HOURS}/week", {"starts": "2026-11-30", **LONG, "monday": "9-5"}, MANAGER)
    assert "is 09:00-17:00 meant?" in text_of(answer.text)


async def test_hours_to_come_are_taken_back(pages: StaffPages) -> None:
    await saved(pages, f"{HOURS}/week", {"starts": "2026-11-30", **LONG})
    before, after = await saved(pages, f"{HOURS}/week/2026-11-30/remove")
    assert "What callers would hear on Mon 30 November at 8:00" in before, "when we are closed again"
    assert "30 November" not in after
    assert (await pages.post(f"{HOURS}/week/2026-11-30/remove", {}, MANAGER)).status_code == 404


async def test_an_adviser_looks_and_has_no_form_that_changes_anything(pages: StaffPages) -> None:
    answer = await pages.get(HOURS, Role.adviser)
    assert answer.status_code == 200
    assert re.findall(r'<form[^>]*action="(/console/hours[^"]*)"', answer.text) == ["/console/hours/heard"]


# Closures, bank holidays and the emergency message.


@pytest.mark.usefixtures("jo")
async def test_a_closure_is_heard_with_its_reason_before_it_is_saved(pages: StaffPages) -> None:
    form = {"reason": "training", "first_day": "24/11/2026", "first_time": "12:00", "last_time": "14:00"}
    before, after = await saved(pages, f"{HOURS}/closures", form)
    assert "We are closed from Tue 24 November 2026, 12:00 to Tue 24 November 2026, 14:00." in before
    assert "What callers would hear on Tue 24 November at 12:00" in before
    assert "closed until Tue 24 November at 14:00" in before
    assert "From Tue 24 November 2026, 12:00 to Tue 24 November 2026, 14:00" in after
    id = re.search(r"closures/(\w+)/remove", (await pages.get(HOURS, MANAGER)).text)
    assert id
    before, after = await saved(pages, f"{HOURS}/closures/{id[1]}/remove")
    assert "rings Jo Marsh" in before and "Closed besides Never." in after


async def test_without_times_whole_days_are_closed(pages: StaffPages) -> None:
    form = {"reason": "holiday", "first_day": "2026-12-24", "last_day": "2026-12-31"}
    assert (
        "from Thu 24 December 2026, 0:00 to Thu 31 December 2026, 24:00"
        in (await saved(pages, f"{HOURS}/closures", form))[0]
    )


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"first_day": "2026-12-24"}, "Choose why we are closed"),
        ({"reason": "party", "first_day": "2026-12-24"}, "Choose why we are closed"),
        ({"reason": "training"}, "Write on which day it begins."),
        ({"reason": "training", "first_day": "2026-12-24", "first_time": "noon"}, "“noon” is not a time"),
        ({"reason": "training", "first_day": "2026-12-24", "last_day": "2026-12-23"}, "ends before it begins"),
    ],
)
async def test_a_closure_that_cannot_be_is_refused(pages: StaffPages, form: dict[str, str], says: str) -> None:
    answer = await refused(pages, f"{HOURS}/closures", form)
    assert says in text_of(answer.text)
    assert all(f'value="{form[name]}"' in answer.text for name in ("first_day", "last_day") if name in form)


async def test_a_bank_holiday_is_added_confirmed_and_taken_back(pages: StaffPages) -> None:
    form = {"day": "2027-05-10", "name": "the coronation"}
    before, after = await saved(pages, f"{HOURS}/holidays", form)
    assert "No reminder names that day." in before and "Mon 10 May at 9:00" in before, "when we would be open"
    assert "Mon 10 May 2027: the coronation not certain yet" in after
    assert "already" in text_of((await refused(pages, f"{HOURS}/holidays", form)).text)
    assert "certain" in (await saved(pages, f"{HOURS}/holidays/2027-05-10/confirm"))[1]
    assert "the coronation" not in (await saved(pages, f"{HOURS}/holidays/2027-05-10/remove"))[1]
    assert [one.split(":")[0] for one in await log(pages)] == ["Max"] * 3
    for path in ("2027-05-10/confirm", "someday/remove"):
        assert (await pages.post(f"{HOURS}/holidays/{path}", {}, MANAGER)).status_code == 404


async def test_how_many_reminders_name_an_earlier_day_is_told_before_any_does(pages: StaffPages) -> None:
    text = "As you asked, a date to keep, Mon 10 May 2027. To stop, reply NO."
    promised = tuple((datetime(2027, 5, day, 9, tzinfo=UTC), text) for day in (3, 6))
    await perform(pages.store, ScheduleReminders(PARENT, "deadline", promised), "CA1 deadline/remind 5")
    answer = await pages.post(f"{HOURS}/holidays", {"day": "2027-05-10", "name": "the coronation"}, MANAGER)
    assert "2 reminders that name it will name the last working day before it." in text_of(answer.text)
    assert {one.due.day for one in await rows_of(pages.store, reminders)} == {3, 6}
    await pages.post(*next_form(answer.text), MANAGER)
    assert {one.due.day for one in await rows_of(pages.store, reminders)} == {30, 3}, "three days earlier"


async def told(text: str) -> MessageCheck:
    return MessageCheck(4.2, ("it is too long", "it shouts") if "!" in text else ())


async def test_an_emergency_message_is_checked_and_heard_before_every_caller_hears_it(pages: StaffPages) -> None:
    pages.app = build(replace(pages.services, check_message=told))
    form = {"text": SNOW, "until_day": "2026-11-23", "until_time": "18:00"}
    before, after = await saved(pages, f"{HOURS}/emergency", form)
    assert "It is 10 words long, and takes 4.2 seconds." in before
    assert SNOW in before.split("At first")[1]
    assert f"Every caller is told until Mon 23 November 2026, 18:00: “{SNOW}”" in after
    before, after = await saved(pages, f"{HOURS}/emergency/clear")
    assert SNOW not in before.split("At first")[1] and SNOW not in after


async def test_a_message_that_may_not_be_told_is_refused_with_every_reason(pages: StaffPages) -> None:
    assert (
        "`ivr emergency set`"
        in (await refused(pages, f"{HOURS}/emergency", {"text": SNOW, "until_day": "2026-11-23"})).text
    )
    pages.app = build(replace(pages.services, check_message=told))
    answer = await refused(pages, f"{HOURS}/emergency", {"text": "Stop!", "until_day": "2026-11-23"})
    assert "cannot be told: it is too long; it shouts." in answer.text and ">Stop!</textarea>" in answer.text
    late = await refused(pages, f"{HOURS}/emergency", {"text": SNOW, "until_day": "2026-12-23"})
    assert "It may last for 7 days at most" in late.text and SNOW in unescape(late.text)


# What a caller would hear.


@pytest.mark.usefixtures("jo")
async def test_anybody_may_ask_what_a_caller_would_hear_at_any_moment(pages: StaffPages) -> None:
    open_then = text_of((await pages.get(f"{HOURS}/heard?heard_day=2026-11-30&heard_time=10:00")).text)
    assert "What callers would hear on Mon 30 November at 10:00" in open_then and "rings Jo Marsh" in open_then
    closed = text_of((await pages.get(f"{HOURS}/heard?heard_day=25/12/2026&heard_time=10:00")).text)
    assert "closed until Tue 29 December at 9:00" in closed
    wrong = await pages.get(f"{HOURS}/heard?heard_day=someday&heard_time=10:00")
    assert wrong.status_code == 422 and "“someday” is not a date" in text_of(wrong.text)
    assert 'value="someday"' in wrong.text


NONSENSE = (
    *("", "x" * 3000, "<b>&", "٣", "-1", "31/02/2027", "2899-12-31", "1900-01-01"),
    *("0:00-24:00", "9-9", "24:00", "😀"),
)
CHOSEN = {"reason", "bank_holidays", "confirmed"}
"""Fields in which nobody types."""
FORMS = {
    "week": {"starts": "2026-11-30", "good_until": "", **LONG},
    "confirm": {"good_until": ""},
    "closures": {
        **{"reason": "training", "first_day": "2026-12-01", "first_time": "9:00"},
        **{"last_day": "2026-12-02", "last_time": "10:00"},
    },
    "holidays": {"day": "2027-05-10", "name": "the coronation", "confirmed": "yes"},
    "emergency": {"text": SNOW, "until_day": "2026-11-23", "until_time": "18:00"},
}


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("path", FORMS)
async def test_whatever_is_typed_into_any_field_is_answered_and_given_back(pages: StaffPages, path: str) -> None:
    pages.app = build(replace(pages.services, check_message=told))
    for field in FORMS[path]:
        for typed in NONSENSE:
            answer = await pages.post(f"{HOURS}/{path}", FORMS[path] | {field: typed}, MANAGER)
            assert answer.status_code in (200, 422), (field, typed)
            assert field in CHOSEN or typed in unescape(answer.text), (field, typed)
    for typed in NONSENSE:
        asked = urlencode({"heard_day": typed, "heard_time": typed})
        assert (await pages.get(f"{HOURS}/heard?{asked}")).status_code in (200, 422), typed


# The calls of those who ring then.


async def test_a_manager_sets_hours_on_the_page_and_the_next_caller_hears_them(pages: StaffPages, url: str) -> None:
    assert "back today at nine" in await heard_by_whoever_rings(url, "2026-11-24T07:30")
    await saved(pages, f"{HOURS}/week", {"starts": "2026-11-23", **LONG})
    assert "back today at eight" in await heard_by_whoever_rings(url, "2026-11-24T07:30")


async def test_hours_from_next_monday_are_what_a_caller_on_sunday_evening_hears(pages: StaffPages, url: str) -> None:
    await saved(pages, f"{HOURS}/week", {"starts": "2026-11-30", **LONG})
    assert "back tomorrow at nine" in await heard_by_whoever_rings(url, "2026-11-26T19:00")
    assert "back on Monday at eight" in await heard_by_whoever_rings(url, "2026-11-27T19:00")
    assert "back tomorrow at eight" in await heard_by_whoever_rings(url, "2026-11-29T19:00")


async def test_hours_that_count_on_two_days_change_by_themselves_at_midnight(pages: StaffPages, url: str) -> None:
    await saved(pages, f"{HOURS}/week", {"starts": "2026-11-23", **dict.fromkeys(WEEKDAYS, "00:00-24:00")})
    await saved(pages, f"{HOURS}/week", {"starts": "2026-11-30", **LONG})
    assert "are back" not in await heard_by_whoever_rings(url, "2026-11-29T23:59")
    assert "back today at eight" in await heard_by_whoever_rings(url, "2026-11-30T00:01")


async def test_hours_are_read_out_as_staff_set_them_until_the_day_they_are_good_for(
    pages: StaffPages, url: str
) -> None:
    to_us = ("0", "2", "4", "3")
    form = {"starts": "2026-11-23", **LONG, "good_until": "2026-12-31"}
    await saved(pages, f"{HOURS}/week", form)
    told = "The line is open Monday to Friday, eight to seven in the evening."
    assert told in await heard_by_whoever_rings(url, "2026-12-31T20:00", *to_us)
    assert "The line is open" not in await heard_by_whoever_rings(url, "2027-01-01T20:00", *to_us)


async def heard_by_whoever_rings(url: str, at: str, *keys: str) -> str:
    """What somebody hears who rings the real helpline on this database at a moment and presses keys, or 0."""
    async with running_app(url, auth_token=TOKEN) as helpline:
        helpline.clock.now = datetime.fromisoformat(at).replace(tzinfo=LONDON)
        phone = telephone(at, app=helpline.app, public_url=URL)
        return (await rings(phone, *(keys or "0"))).heard
