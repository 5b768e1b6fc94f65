"""The hours beside the clock of the browser telephone: whether somebody would answer, why not, and what comes next."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.commands.browser_helpline import Helplines
from ivr.commands.browser_hours import hours_at, weekday_at_ten
from ivr.commands.browser_session import ADVISERS
from ivr.helpline.emergency import EmergencyMessage
from ivr.helpline.opening_hours import Closure, OpeningHours, Span
from ivr.helpline.rota import Adviser, of_setting
from ivr.helpline.staffing import staffed_opening
from ivr.helpline.timezone import LONDON
from ivr.loader import load
from ivr.simulator.browser.session import Session, blank_scenario

ROOT = Path(__file__).parents[2]
OURS = load(ROOT).hours
ALWAYS_THERE = of_setting(ADVISERS)
MORNINGS = Adviser("jo", "Jo Marsh", "+447700900001", {day: (Span(time(9), time(12)),) for day in range(5)})


def at(day: int, hour: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=LONDON)


def test_in_opening_hours_it_is_open_until_the_evening() -> None:
    hours = hours_at(OURS, ALWAYS_THERE, at(23, 10))
    assert (hours.is_open, hours.why, hours.until, hours.on_shift) == (True, "", at(23, 17), ("Adviser", "Adviser 2"))
    assert [(event.what, event.at) for event in hours.events] == [("We close", at(23, 17))]


@pytest.mark.parametrize(
    ("now", "why", "opens"),
    [
        (at(22, 11), "out of hours", at(23, 9)),
        (at(23, 18), "out of hours", at(24, 9)),
        (at(25, 10, month=12), "bank holiday", at(29, 9, month=12)),
    ],
)
def test_it_says_why_it_is_closed_and_when_it_opens(now: datetime, why: str, opens: datetime) -> None:
    hours = hours_at(OURS, ALWAYS_THERE, now)
    assert (hours.is_open, hours.why, hours.until, hours.on_shift) == (False, why, opens, ())
    assert [event.what for event in hours.events] == ["We open"]


def test_a_closure_is_named() -> None:
    closed = OpeningHours({0: (Span(time(9), time(17)),)}, closures=(Closure(at(23, 9), at(23, 12), "short_of_staff"),))
    hours = hours_at(closed, ALWAYS_THERE, at(23, 10))
    assert (hours.why, hours.until) == ("short of staff", at(23, 12))


def test_open_without_anybody_on_shift_is_closed_for_a_caller_who_wants_a_person() -> None:
    hours = hours_at(OURS, [MORNINGS], at(23, 14))
    assert (hours.is_open, hours.why, hours.until) == (False, "nobody is on shift", at(24, 9))


def test_shifts_end_and_an_emergency_message_ends() -> None:
    late = Adviser("sam", "Sam", "+447700900002", {0: (Span(time(11), time(17)),)})
    message = EmergencyMessage("Snow: ring after noon.", at(23, 12))
    hours = hours_at(OURS, [MORNINGS, late], at(23, 10), message)
    assert (hours.on_shift, hours.emergency) == (("Jo Marsh",), "Snow: ring after noon.")
    assert [(event.what, event.at.hour) for event in hours.events] == [
        ("The shift changes", 11),
        ("The emergency message ends", 12),
        ("We close", 17),
    ]


@given(st.integers(0, 600 * 24 * 60))
def test_a_weekday_at_ten_is_when_somebody_answers(minutes: int) -> None:
    now = at(1, 0, month=3) + timedelta(minutes=minutes)
    found = weekday_at_ten(OURS, ALWAYS_THERE, now)
    assert found is not None
    assert (found > now, found.weekday() < 5, found.hour, found.minute) == (True, True, 10, 0)
    assert staffed_opening(OURS, ALWAYS_THERE, found).is_open


def test_a_helpline_that_is_never_open_has_no_weekday_at_ten() -> None:
    closed = OpeningHours({})
    hours = hours_at(closed, ALWAYS_THERE, at(23, 10))
    assert (hours.is_open, hours.at_ten, hours.until, hours.events) == (False, None, None, ())


@asynccontextmanager
async def tried() -> AsyncIterator[Session]:
    session = Session(Helplines(ROOT, lambda: at(23, 10)), blank_scenario(at(23, 10), "mobile"))
    try:
        yield session
    finally:
        await session.close()


async def test_a_reminder_that_was_promised_is_what_comes_next_and_has_gone_afterwards() -> None:
    async with tried() as session:
        await session.dial("mobile")
        for key in "111410202612" + "114111":
            await session.press(key)
        await session.hang_up()
        await session.look_at_hours()
        reminders = [event for event in session.hours.events if event.what == "A reminder is sent"]
        assert [event.at for event in reminders] == [at(30, 10)]
        await session.advance_to(reminders[0].at)
        await session.look_at_hours()
        assert "a date to keep" in session.text_messages.all[-1].body
        assert all(event.at > at(30, 10) + timedelta(minutes=1) for event in session.hours.events)
