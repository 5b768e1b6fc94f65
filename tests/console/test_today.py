"""Today: whether we are open, who calls, who is there, and what must be seen to."""

from datetime import timedelta

from ivr.helpline.emergency import EmergencyMessage
from ivr.helpline.hours_format import parse_spans
from ivr.helpline.opening_hours import Closure
from ivr.store import call_events, closures, emergency_messages, rota
from ivr.store.audit import By
from ivr.store.call_events import CallOutcome
from tests.console.page_text import text_of
from tests.console.staff_pages import StaffPages
from tests.store.fixtures import OTHER, PARENT, call_event, request_callback

MINUTE = timedelta(minutes=1)
JO = "+447700900001"


async def shown(pages: StaffPages) -> str:
    answer = await pages.get("/console")
    assert answer.status_code == 200
    return text_of(answer.text)


async def on_shift(pages: StaffPages, *weekdays: int) -> None:
    by = By("Sam", pages.clock())
    async with pages.store.begin() as db:
        await rota.add(db, pages.store.cipher, "Jo Marsh", JO, by)
        await rota.set_shifts(db, "Jo Marsh", list(weekdays), parse_spans(["09:00-17:00"]), by)


async def test_it_tells_until_when_we_are_open_and_who_is_free(pages: StaffPages) -> None:
    await on_shift(pages, 0, 1, 2, 3, 4)
    words = await shown(pages)
    assert "We are open until 17:00" in words
    assert "Jo Marsh free" in words
    assert "We are open and nobody is on shift" not in words


async def test_it_tells_that_nobody_is_there_and_when_somebody_is(pages: StaffPages) -> None:
    tomorrow = (pages.clock().weekday() + 1) % 7
    await on_shift(pages, tomorrow)
    words = await shown(pages)
    assert "Nobody is on shift, so a caller who asks for a person hears that nobody is there until" in words


async def test_it_tells_why_we_are_closed_in_the_words_of_the_calls(pages: StaffPages) -> None:
    now = pages.clock()
    async with pages.store.begin() as db:
        await closures.add(db, Closure(now - MINUTE, now + 60 * MINUTE, "training"), By("Sam", now))
    words = await shown(pages)
    assert "We are closed: " in words and "train" in words.split("We are closed: ")[1].split("We open again")[0]


async def test_it_tells_what_every_caller_is_told(pages: StaffPages) -> None:
    now = pages.clock()
    async with pages.store.begin() as db:
        message = EmergencyMessage("Our office is flooded.", now + 60 * MINUTE)
        await emergency_messages.replace(db, message, By("Sam", now))
    assert "“Our office is flooded.”" in await shown(pages)


async def test_calls_are_shown_while_they_last_with_what_the_caller_hears(pages: StaffPages) -> None:
    now, cipher = pages.clock(), pages.store.cipher
    async with pages.store.begin() as db:
        call = cipher.blind_index("CA1")
        await call_events.append(db, [call_event(call, now - MINUTE, step="callbacks/part", topic="school")])
    words = await shown(pages)
    assert "Calls now: 1 Hears “When may we ring?” a school or college" in words
    async with pages.store.begin() as db:
        await call_events.end(db, call, CallOutcome.abandoned, now)
    assert "Calls now: 0" in await shown(pages)


async def test_whoever_has_the_earliest_legal_date_is_first_of_those_who_wait(pages: StaffPages) -> None:
    today = pages.clock().date()
    for number, days in ((PARENT, 30), (OTHER, 12)):
        await request_callback(pages.store, f"key {number}", number, deadline=today + timedelta(days=days))
    words = await shown(pages)
    assert "Waiting for us: 2" in words
    assert words.index("last day Sat 5 December") < words.index("last day Wed 23 December")


async def test_the_page_asks_for_what_is_new_and_is_told_when_nothing_is(pages: StaffPages) -> None:
    page = (await pages.get("/console")).text
    where = page.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert (await pages.get(where)).status_code == 204
    async with pages.store.begin() as db:
        call = pages.store.cipher.blind_index("CA1")
        await call_events.append(db, [call_event(call, pages.clock(), step="school/menu")])
    again = await pages.get(where)
    assert again.status_code == 200
    assert 'hx-swap-oob="innerHTML">Open. Calls now: 1. Waiting for us: 0.' in again.text


async def test_a_page_that_was_stopped_asks_for_nothing(pages: StaffPages) -> None:
    page = (await pages.get("/console?live=off")).text
    assert "hx-get" not in page and "Let it update by itself" in page
