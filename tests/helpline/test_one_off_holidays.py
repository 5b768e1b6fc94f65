"""Bank holidays that staff add: what callers must do comes forward at once, the Tribunal's day goes back when sure."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.engine.environment import OneOffHoliday
from ivr.errors import BeyondCalendar
from ivr.helpline.contacts import Contact
from ivr.helpline.deadlines import Deadline, work_out
from ivr.helpline.hours_format import WeeklyHours
from ivr.helpline.opening_hours import BANK_HOLIDAY, OpeningHours, Span
from ivr.helpline.rota import RotaSnapshot
from ivr.helpline.urgency import is_urgent
from ivr.helpline.working_days import england_and_wales

LETTER = date(2027, 3, 10)
"""Two months later is Monday 10 May 2027."""
DAY = date(2027, 5, 10)
ANNOUNCED, CONFIRMED = OneOffHoliday(DAY, "the coronation"), OneOffHoliday(DAY, "the coronation", is_confirmed=True)
OFFICE = {weekday: (Span(time(9), time(17)),) for weekday in range(5)}
NOON = datetime(2027, 5, 10, 11, tzinfo=UTC)

days = st.dates(date(2026, 1, 5), date(2028, 11, 30))
holidays = st.lists(st.builds(OneOffHoliday, days, st.just("a day off"), st.booleans()), max_size=4)
letters = st.dates(date(2026, 1, 5), date(2028, 8, 31))
waits = st.none() | st.timedeltas(timedelta(0), timedelta(days=90))


def found(letter: date, wait: timedelta | None, *added: OneOffHoliday) -> Deadline:
    return work_out(letter, None if wait is None else letter + wait, False, england_and_wales(added))


def near(deadline: Deadline) -> st.SearchStrategy[date]:
    """Days about the last one, where a bank holiday matters."""
    return st.integers(-6, 6).map(lambda n: deadline.deadline + timedelta(days=n))


def test_the_day_to_send_it_comes_forward_before_anything_is_certain() -> None:
    before, announced = found(LETTER, None), found(LETTER, None, ANNOUNCED)
    assert (before.send_by, before.contact_by, before.tribunal_last_day) == (DAY, DAY, DAY)
    assert announced.send_by == announced.contact_by == date(2027, 5, 7)
    assert (announced.deadline, announced.tribunal_last_day) == (DAY, DAY)


def test_the_tribunals_last_day_goes_back_once_it_is_confirmed() -> None:
    confirmed = found(LETTER, None, CONFIRMED)
    assert (confirmed.send_by, confirmed.tribunal_last_day) == (date(2027, 5, 7), date(2027, 5, 11))


@given(st.data(), letters, waits, holidays)
def test_another_bank_holiday_never_moves_what_callers_must_do_later(
    data: st.DataObject, letter: date, wait: timedelta | None, known: list[OneOffHoliday]
) -> None:
    before = found(letter, wait, *known)
    one = OneOffHoliday(data.draw(near(before)), "", data.draw(st.booleans()))
    after = found(letter, wait, *known, one)
    assert before.send_by and before.contact_by and after.send_by and after.contact_by
    assert after.send_by <= before.send_by
    assert after.contact_by <= before.contact_by
    assert after.deadline == before.deadline


@given(st.data(), letters, waits, holidays)
def test_one_that_is_not_confirmed_never_moves_the_tribunals_last_day(
    data: st.DataObject, letter: date, wait: timedelta | None, known: list[OneOffHoliday]
) -> None:
    before = found(letter, wait, *known)
    one = OneOffHoliday(data.draw(near(before)), "")
    assert found(letter, wait, *known, one).tribunal_last_day == before.tribunal_last_day


@given(st.data(), letters, waits, holidays)
def test_one_that_is_confirmed_never_moves_the_tribunals_last_day_earlier(
    data: st.DataObject, letter: date, wait: timedelta | None, known: list[OneOffHoliday]
) -> None:
    before = found(letter, wait, *known)
    one = OneOffHoliday(data.draw(near(before)), "", is_confirmed=True)
    after = found(letter, wait, *known, one)
    assert before.tribunal_last_day and after.tribunal_last_day
    assert after.tribunal_last_day >= before.tribunal_last_day


@given(letters, waits, holidays)
def test_to_confirm_one_changes_nothing_that_callers_must_do(
    letter: date, wait: timedelta | None, known: list[OneOffHoliday]
) -> None:
    before = found(letter, wait, *known)
    after = found(letter, wait, *(replace(one, is_confirmed=True) for one in known))
    assert (after.send_by, after.contact_by) == (before.send_by, before.contact_by)


@given(days, st.integers(-10, 20), holidays)
def test_another_bank_holiday_never_makes_a_near_date_wait(today: date, ahead: int, known: list[OneOffHoliday]) -> None:
    deadline = today + timedelta(days=ahead)
    if is_urgent(deadline, today, today, england_and_wales()):
        assert is_urgent(deadline, today, today, england_and_wales(tuple(known)))


@pytest.mark.parametrize("added", [ANNOUNCED, CONFIRMED])
def test_we_are_closed_on_it_at_once(added: OneOffHoliday) -> None:
    ours = OpeningHours(OFFICE, england_and_wales())
    hours = RotaSnapshot(holidays=(added,)).hours(ours)
    assert ours.opening(NOON).is_open
    assert hours
    assert hours.opening(NOON).reason == BANK_HOLIDAY
    assert hours.opening(NOON).opens == datetime(2027, 5, 11, 8, tzinfo=UTC)


def test_those_who_open_on_bank_holidays_open_on_it_too() -> None:
    hours = RotaSnapshot(holidays=(CONFIRMED,)).hours(OpeningHours(OFFICE))
    assert hours and hours.opening(NOON).is_open


def test_nobody_else_is_promised_to_open_on_it() -> None:
    opens = WeeklyHours(monday=(Span(time(14), time(17)),), tuesday=(Span(time(9), time(17)),))
    checked = {"checked_on": date(2027, 3, 1), "good_until": date(2027, 9, 1), "sure": "V", "hours_sure": "V"}
    service = Contact.model_validate({"name": "a service", "source": "a test", "opens": opens, **checked})
    assert service.opening(NOON).opens == datetime(2027, 5, 10, 13, tzinfo=UTC)
    assert service.opening(NOON, (ANNOUNCED,)).opens == datetime(2027, 5, 11, 8, tzinfo=UTC)


def test_one_past_the_published_list_closes_us_and_no_deadline_is_guessed_from_it() -> None:
    calendar = england_and_wales((OneOffHoliday(date(2040, 6, 1), "a jubilee", is_confirmed=True),))
    assert calendar.is_bank_holiday(date(2040, 6, 1))
    with pytest.raises(BeyondCalendar):
        calendar.on_or_before(date(2040, 6, 1))
