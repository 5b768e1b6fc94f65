"""On the page of an adviser one says whether they will be there, has their telephone rung, and their calendar read."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest

from ivr.console.app import build
from ivr.console.ringing import Ringing
from ivr.helpline.own_shifts import days, own_spans
from ivr.helpline.text_destinations import TextDestinations
from ivr.helpline.timezone import today_in_london
from ivr.staff.accounts import Role
from ivr.staff.adviser_line import AdviserLine
from ivr.staff.outgoing_texts import Texting
from ivr.store import accounts, audit, legs, opt_outs, rota
from ivr.store.quotas import Quotas
from ivr.store.tables import calendar_feeds
from ivr.tokens import CallStateTokens
from tests.console.calendar_events import CalendarEvent, events_in
from tests.console.page_text import text_of
from tests.console.staff_pages import StaffPages
from tests.fake_provider import FakeProvider
from tests.store.fixtures import DAY, HOUR, NOW
from tests.store.shift_driver import JO, LANDLINE, MAX, SAM, TUESDAY, Shifts, at
from tests.web.running_app import rows_of
from tests.web.webhooks import SETTINGS, SHOWN, URL

ADVISER, MANAGER = Role.adviser, Role.manager
TUESDAY_AT_NINE = at(24, 9).isoformat()


@pytest.fixture
async def jo(pages: StaffPages) -> str:
    """The page of Jo, who is Ann's telephone on the rota, and has a shift on Tuesday morning."""
    id = await Shifts(pages.store).adviser(tuesday="09:00-13:00")
    async with pages.store.begin() as db:
        await accounts.change(db, "Ann", NOW, adviser=id)
    return f"/console/rota/{id}"


async def words(pages: StaffPages, path: str, who: Role = ADVISER) -> str:
    answer = await pages.get(path, who)
    assert answer.status_code == 200
    return text_of(answer.text)


async def entries(pages: StaffPages, most: int = 1) -> list[tuple[str, str]]:
    async with pages.store.read() as db:
        return [(one.who, one.what) for one in await audit.read(db, most)]


async def test_whoever_is_the_adviser_says_whether_they_will_be_there(pages: StaffPages, jo: str) -> None:
    assert "Tue 24 November at 9:00 to 13:00 They will be there" in await words(pages, jo)
    for answer, shown in (("coming", "will be there"), ("not_coming", "cannot come")):
        said = await pages.post(f"{jo}/answer", {"begins": TUESDAY_AT_NINE, "answer": answer})
        assert said.headers["location"] == f"{jo}?news=shift_{answer}"
        assert f"Tue 24 November at 9:00 to 13:00 {shown}" in await words(pages, jo)
        assert await entries(pages) == [("Ann", f"Jo Marsh: {shown} on Tue 24 Nov 2026 09:00")]


async def test_managers_are_texted_where_texts_can_be_sent_but_not_whoever_says_it(pages: StaffPages, jo: str) -> None:
    texting = Texting(TextDestinations(("+447",)), Quotas(5, 5))
    pages.app = build(replace(pages.services, texting=texting))
    async with pages.store.begin() as db:
        await accounts.set_mobile(db, pages.store.cipher, "Max", MAX, NOW)
        await accounts.set_mobile(db, pages.store.cipher, "Ada", SAM, NOW)
    await pages.post(f"{jo}/answer", {"begins": TUESDAY_AT_NINE, "answer": "not_coming"}, MANAGER)
    shifts = Shifts(pages.store)
    assert (await shifts.told(MAX), len(await shifts.told(SAM))) == ([], 1)


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"begins": at(24, 10).isoformat(), "answer": "coming"}, "That shift has begun, or is not on the rota"),
        ({"begins": "Tuesday", "answer": "coming"}, "Choose a shift"),
        ({"begins": "2026-11-24T09:00:00", "answer": "coming"}, "That shift has begun, or is not on the rota"),
        ({"begins": TUESDAY_AT_NINE, "answer": "perhaps"}, "Choose a shift"),
        ({}, "Choose a shift"),
    ],
)
async def test_an_answer_about_no_shift_is_told_on_the_page(
    pages: StaffPages, jo: str, form: dict[str, str], says: str
) -> None:
    answer = await pages.post(f"{jo}/answer", form)
    assert answer.status_code == 422 and says in text_of(answer.text)
    assert await Shifts(pages.store).reminders() == []


async def test_an_adviser_does_nothing_for_another_and_a_manager_for_anybody(pages: StaffPages, jo: str) -> None:
    sam = f"/console/rota/{await Shifts(pages.store).adviser('Sam Lee', SAM, tuesday='09:00-13:00')}"
    assert "Will they be there?" in await words(pages, sam)
    assert "as a test" not in await words(pages, sam) and "as a test" not in await words(pages, sam, MANAGER)
    for action in ("answer", "test-ring", "calendar", "calendar/end"):
        form = {"begins": TUESDAY_AT_NINE, "answer": "coming"}
        refused = await pages.post(f"{sam}/{action}", form)
        assert refused.status_code == 409
        assert "That is for Sam Lee themselves, or a manager." in text_of(refused.text)
    assert (await pages.post(f"{sam}/answer", form, MANAGER)).status_code == 303
    assert jo != sam


async def test_it_is_told_who_is_not_asked_by_text_and_when_the_others_were(pages: StaffPages, jo: str) -> None:
    shifts = Shifts(pages.store, timedelta(hours=30))
    lee = f"/console/rota/{await shifts.adviser('Lee', LANDLINE, tuesday='09:00-13:00')}"
    assert "Their telephone is no mobile, so nobody asks them by text." in await words(pages, lee)
    await shifts.round(NOW)
    assert "asked Mon 23 November at 10:00" in await words(pages, jo)
    async with pages.store.begin() as db:
        await opt_outs.opt_out(db, pages.store.cipher.blind_index(JO), NOW)
    assert "They said STOP to our texts" in await words(pages, jo)


# The test ring.


@asynccontextmanager
async def ringing(pages: StaffPages, fake: FakeProvider) -> AsyncIterator[Ringing]:
    """Let the pages ring advisers, through a provider that is none."""
    async with fake.client() as provider:

        @asynccontextmanager
        async def open_line() -> AsyncIterator[AdviserLine]:
            tokens = CallStateTokens(*SETTINGS.secrets, clock=pages.clock)
            yield AdviserLine(pages.store, provider, tokens, URL, SHOWN, pages.clock, 9.0, asyncio.sleep)

        made = Ringing(open_line, pages.services.content().flows.step_of_kind)
        pages.app = build(replace(pages.services, ringing=made))
        yield made


async def test_a_test_ring_is_placed_from_the_page_and_it_tells_how_that_goes(pages: StaffPages, jo: str) -> None:
    fake = FakeProvider()
    async with ringing(pages, fake) as made:
        answer = await pages.post(f"{jo}/test-ring")
        assert answer.headers["location"] == f"{jo}?news=test_ring"
        await made.finish()
        assert fake.rung == [JO]
        for status, told in (
            ("ringing", "is ringing"),
            ("in-progress", "asked to press 1"),
            ("completed", "a mailbox"),
        ):
            async with pages.store.begin() as db:
                [leg] = await legs.live(db)
                await legs.record_status(db, leg.id, str(leg.sid), status, pages.clock())
            assert told in text_of((await pages.get(f"{jo}/test-ring/live")).text)
        assert "a mailbox" in await words(pages, jo)
    assert await entries(pages) == [("Ann", "test ring of Jo Marsh")]


async def test_nobody_is_rung_who_talks_to_a_caller_or_at_night_without_a_word(pages: StaffPages, jo: str) -> None:
    fake = FakeProvider()
    async with ringing(pages, fake) as made:
        async with pages.store.begin() as db:
            await legs.add(db, "leg", None, pages.store.cipher.blind_index(JO), NOW)
            await legs.connect(db, "leg", NOW)
        answer = await pages.post(f"{jo}/test-ring")
        assert answer.status_code == 422 and "Jo Marsh is on a call with us" in text_of(answer.text)
        async with pages.store.begin() as db:
            await legs.record_status(db, "leg", "CA1", "completed", NOW)
        pages.clock.now = NOW - HOUR - timedelta(minutes=1)
        answer = await pages.post(f"{jo}/test-ring")
        assert answer.status_code == 422 and "It is 8:59" in text_of(answer.text)
        assert (await pages.post(f"{jo}/test-ring", {"late": "yes"})).status_code == 303
        await made.finish()
    assert fake.rung == [JO]


async def test_where_nobody_can_be_rung_the_settings_are_named(pages: StaffPages, jo: str) -> None:
    answer = await pages.post(f"{jo}/test-ring")
    assert answer.status_code == 422
    assert "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and IVR_CALLER_ID must be set" in text_of(answer.text)


# Calendars.


async def address(pages: StaffPages, path: str, who: Role = ADVISER) -> str:
    """Make an address, and return its path."""
    answer = await pages.post(path, {}, who)
    assert answer.status_code == 200
    return "/console/calendar/" + answer.text.split("/console/calendar/")[1].split("<")[0]


async def events(pages: StaffPages, path: str) -> list[CalendarEvent]:
    answer = await pages.get(path, None)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    return events_in(answer.content)


async def test_a_calendar_reads_the_shifts_of_thirty_weeks_and_no_number(pages: StaffPages, jo: str) -> None:
    path = await address(pages, f"{jo}/calendar")
    found = await events(pages, path)
    async with pages.store.read() as db:
        [adviser] = await rota.read(db, pages.store.cipher)
    today = today_in_london(NOW)
    wanted = [span for day in days(today - 28 * DAY, today + 182 * DAY) for span in own_spans(adviser, day)]
    assert [(one.begins, one.ends) for one in found] == wanted != []
    assert {one.title for one in found} == {"Helpline shift"}
    assert {one.begins.hour for one in found if one.begins.month == 5} == {8}, "nine o'clock in summer"
    text = (await pages.get(path, None)).text
    assert "7700" not in text and "BEGIN:VTIMEZONE" not in text and text.startswith("BEGIN:VCALENDAR\r\n")
    assert len({one.uid for one in found}) == len(found)


async def test_what_is_taken_away_vanishes_and_what_stays_keeps_its_name(pages: StaffPages, jo: str) -> None:
    path = await address(pages, f"{jo}/calendar")
    before = {one.uid for one in await events(pages, path)}
    await Shifts(pages.store).day("Jo Marsh", TUESDAY, "")
    after = {one.uid for one in await events(pages, path)}
    assert after < before and len(before - after) == 1


async def test_a_calendar_that_has_it_already_is_told_so(pages: StaffPages, jo: str) -> None:
    path = await address(pages, f"{jo}/calendar")
    first = await pages.get(path, None)
    again = await pages.get(path, None, **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await Shifts(pages.store).day("Jo Marsh", TUESDAY, "10:00-12:00")
    assert (await pages.get(path, None, **{"If-None-Match": first.headers["etag"]})).status_code == 200


async def test_an_address_ends_when_another_is_made_or_it_is_ended_or_the_adviser_goes(
    pages: StaffPages, jo: str
) -> None:
    first, second = await address(pages, f"{jo}/calendar"), await address(pages, f"{jo}/calendar")
    assert [(await pages.get(one, None)).status_code for one in (first, second)] == [404, 200]
    assert "A calendar last read it on Mon 23 November" in await words(pages, jo)
    assert (await pages.post(f"{jo}/calendar/end")).headers["location"] == f"{jo}?news=calendar_ended"
    assert (await pages.get(second, None)).status_code == 404
    third = await address(pages, f"{jo}/calendar")
    async with pages.store.begin() as db:
        await rota.remove(db, "Jo Marsh", Shifts(pages.store).by)
    assert (await pages.get(third, None)).status_code == 404
    assert await rows_of(pages.store, calendar_feeds) == []


async def test_the_database_has_no_address_and_the_audit_log_who_made_one(pages: StaffPages, jo: str) -> None:
    secret = (await address(pages, f"{jo}/calendar")).rpartition("/")[2].removesuffix(".ics")
    [row] = await rows_of(pages.store, calendar_feeds)
    assert secret.encode() not in row.id and (row.created_by, row.read) == ("Ann", None)
    assert await entries(pages) == [("Ann", "calendar address made for Jo Marsh")]
    await pages.post(f"{jo}/calendar/end")
    assert await entries(pages) == [("Ann", "calendar address ended for Jo Marsh")]


async def test_the_whole_rota_is_a_manager_s_to_give(pages: StaffPages, jo: str) -> None:
    await Shifts(pages.store).adviser("Sam Lee", SAM, wednesday="22:00-06:00")
    assert (await pages.post("/console/calendar", {}, ADVISER)).status_code == 403
    path = await address(pages, "/console/calendar", MANAGER)
    found = await events(pages, path)
    assert {one.title for one in found} == {"Jo Marsh", "Sam Lee"}
    assert {one.ends - one.begins for one in found if one.title == "Sam Lee"} >= {8 * HOUR}
    assert "made an address on" in await words(pages, "/console/calendar", MANAGER)
    await pages.post("/console/calendar/end", {}, MANAGER)
    assert (await pages.get(path, None)).status_code == 404


@pytest.mark.parametrize(("eve", "hours"), [(date(2027, 3, 27), 7), (date(2026, 10, 24), 9)])
async def test_the_night_in_which_the_clocks_change_is_as_long_as_it_is(
    pages: StaffPages, jo: str, eve: date, hours: int
) -> None:
    """A shift from ten at night to six in the morning."""
    await Shifts(pages.store).day("Jo Marsh", eve, "22:00-06:00")
    path = await address(pages, f"{jo}/calendar")
    pages.clock.now = NOW - 7 * DAY
    assert len([one for one in await events(pages, path) if one.ends - one.begins == hours * HOUR]) == 1


async def test_an_address_that_was_never_given_is_told_nothing(pages: StaffPages) -> None:
    for secret in ("x", "%2e%2e", "a" * 300):
        assert (await pages.get(f"/console/calendar/{secret}.ics", None)).status_code == 404
