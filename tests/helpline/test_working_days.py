from datetime import date, timedelta

import pytest
from dateutil.easter import easter
from hypothesis import given
from hypothesis import strategies as st

from ivr.errors import BeyondCalendar
from ivr.helpline.working_days import Calendar, england_and_wales

CALENDAR = england_and_wales()
YEARS = range(CALENDAR.first.year, CALENDAR.last.year + 1)
ONE_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 11, 21),  # a Saturday
        date(2026, 11, 22),  # a Sunday
        date(2026, 5, 4),  # the early May bank holiday
        date(2026, 12, 25),
        date(2026, 12, 28),  # for Boxing Day, a Saturday
        date(2028, 1, 3),  # for New Year's Day, a Saturday
        date(2022, 9, 19),  # the late Queen's funeral
    ],
)
def test_nobody_is_at_work_at_weekends_and_on_bank_holidays(day: date) -> None:
    assert not CALENDAR.is_working_day(day)


def test_scotland_and_northern_ireland_keep_their_own_holidays() -> None:
    assert CALENDAR.is_working_day(date(2026, 3, 17))  # St Patrick's Day
    assert CALENDAR.is_working_day(date(2026, 8, 3))  # Scotland's summer bank holiday
    assert CALENDAR.is_working_day(date(2026, 11, 30))  # St Andrew's Day


@pytest.mark.parametrize("year", YEARS)
def test_every_year_we_know_has_its_easter_christmas_and_new_year(year: int) -> None:
    feasts = [easter(year) - 2 * ONE_DAY, easter(year) + ONE_DAY]
    feasts += [date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)]
    assert not any(map(CALENDAR.is_working_day, feasts))


@pytest.mark.parametrize("year", YEARS)
def test_every_year_we_know_has_eight_bank_holidays_or_more(year: int) -> None:
    assert sum(day.year == year for day in CALENDAR.bank_holidays) >= 8


def test_the_years_we_know_reach_past_the_deadlines_of_today() -> None:
    assert date(2019, 1, 1) >= CALENDAR.first
    assert date(2028, 12, 31) <= CALENDAR.last


def test_a_day_we_know_nothing_about_is_refused() -> None:
    for day in (CALENDAR.first - ONE_DAY, CALENDAR.last + ONE_DAY, date.min, date.max):
        with pytest.raises(BeyondCalendar, match=str(day)):
            CALENDAR.is_working_day(day)


def test_the_first_and_the_last_day_we_know_are_answered() -> None:
    assert not CALENDAR.is_working_day(CALENDAR.first)  # New Year's Day
    assert Calendar(frozenset(), date(2026, 12, 31), date(2026, 12, 31)).is_working_day(date(2026, 12, 31))


def test_looking_for_a_working_day_does_not_lead_past_what_we_know() -> None:
    with pytest.raises(BeyondCalendar):
        CALENDAR.on_or_before(CALENDAR.first)  # New Year's Day: the answer lies in the year before
    holiday = Calendar(frozenset({date(2026, 12, 31)}), date(2026, 1, 1), date(2026, 12, 31))
    with pytest.raises(BeyondCalendar):
        holiday.on_or_after(date(2026, 12, 31))


def test_a_year_that_begins_or_ends_half_way_through_the_list_does_not_count() -> None:
    whole = [date(2026, 1, 1), date(2026, 12, 28)]
    known = Calendar.of_whole_years([date(2025, 4, 18), *whole, date(2027, 1, 1)])
    assert (known.first, known.last) == (date(2026, 1, 1), date(2026, 12, 31))
    whole_year = Calendar.of_whole_years(whole)
    assert (whole_year.first, whole_year.last) == (known.first, known.last)


@given(st.dates(date(2013, 1, 1), date(2028, 11, 30)))
def test_a_working_day_is_the_nearest_one(day: date) -> None:
    before, after = CALENDAR.on_or_before(day), CALENDAR.on_or_after(day)
    assert CALENDAR.is_working_day(before)
    assert CALENDAR.is_working_day(after)
    assert before <= day <= after
    assert (before == day == after) == CALENDAR.is_working_day(day)
    between = [before + n * ONE_DAY for n in range(1, (after - before).days)]
    assert not any(map(CALENDAR.is_working_day, between))


def test_the_calendar_is_read_once() -> None:
    assert england_and_wales() is CALENDAR
