"""On which days a caller is reminded."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.helpline.deadlines import work_out
from ivr.helpline.next_step import Certificate
from ivr.helpline.reminders import ReminderKind, reminder_times, upcoming_date
from ivr.helpline.timezone import LONDON
from ivr.helpline.working_days import england_and_wales

DAYS = st.dates(date(2024, 1, 1), date(2028, 8, 1))


def days_of(day: date, today: date) -> list[date]:
    return [due.date() for due in reminder_times(day, today)]


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (date(2026, 11, 23), [date(2026, 11, 30), date(2026, 12, 11)]),
        (date(2026, 11, 29), [date(2026, 11, 30), date(2026, 12, 11)]),
        (date(2026, 11, 30), [date(2026, 12, 11)]),
        (date(2026, 12, 10), [date(2026, 12, 11)]),
        (date(2026, 12, 11), []),
        (date(2026, 12, 14), []),
        (date(2027, 1, 1), []),
    ],
)
def test_a_date_is_told_fourteen_days_and_three_days_before(today: date, days: list[date]) -> None:
    assert days_of(date(2026, 12, 14), today) == days


def test_it_is_ten_in_the_morning_in_winter_and_in_summer() -> None:
    (spring, summer) = reminder_times(date(2026, 4, 9), date(2026, 3, 1))
    assert (spring.isoformat(), summer.isoformat()) == ("2026-03-26T10:00:00+00:00", "2026-04-06T10:00:00+01:00")


@given(DAYS, st.integers(-30, 90))
def test_a_reminder_is_after_today_and_before_the_date(today: date, later: int) -> None:
    day = today + timedelta(days=later)
    dues = reminder_times(day, today)
    assert list(dues) == sorted(dues)
    for due in dues:
        assert today < due.date() < day
        assert due.astimezone(LONDON).hour == 10
        assert day - due.date() in (timedelta(days=14), timedelta(days=3))
    assert len(dues) == (later > 14) + (later > 3)


@given(DAYS, DAYS)
def test_a_reminder_stays_where_it_is_as_the_days_go_by(today: date, day: date) -> None:
    tomorrow = reminder_times(day, today + timedelta(days=1))
    assert reminder_times(day, today)[-len(tomorrow) :] == tomorrow or not tomorrow


@given(DAYS, st.integers(0, 80), st.none() | st.integers(0, 60), st.booleans())
def test_the_next_date_that_matters_is_the_advisers_until_there_is_a_certificate(
    letter: date, passed: int, certified: int | None, school_only: bool
) -> None:
    certificate = None if certified is None else letter + timedelta(days=certified)
    found = work_out(letter, certificate, school_only, england_and_wales())
    needs = certificate is None and not school_only
    held = Certificate.not_needed if school_only else Certificate.held
    today = letter + timedelta(days=passed)
    coming = upcoming_date(found, Certificate.missing if needs else held, today)
    day = found.contact_by if needs else found.send_by
    if day is None or not reminder_times(day, today):
        assert coming is None
        return
    assert coming is not None
    assert (coming.matter, coming.day) == (ReminderKind.contact_by if needs else ReminderKind.send_by, day)
    assert coming.reminders == reminder_times(day, today)
    assert all(due.date() < found.deadline for due in coming.reminders)


@pytest.mark.parametrize("certificate", Certificate)
def test_nothing_is_promised_of_a_day_that_depends_on_bank_holidays_we_do_not_know(certificate: Certificate) -> None:
    found = work_out(date(2029, 1, 10), None, True, england_and_wales())
    assert upcoming_date(found, certificate, date(2029, 1, 11)) is None


def test_the_adviser_is_to_be_contacted_by_a_working_day() -> None:
    found = work_out(date(2026, 9, 15), None, False, england_and_wales())  # two months end on Sunday 15 November
    coming = upcoming_date(found, Certificate.missing, date(2026, 9, 16))
    assert coming is not None
    assert coming.day == date(2026, 11, 13)
    assert coming.reminders[0] == datetime(2026, 10, 30, 10, tzinfo=LONDON)
