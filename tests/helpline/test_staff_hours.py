"""Hours that change on a day: whoever asks before, at and after it is told what a look at each single day says."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.engine.environment import OneOffHoliday, Opening
from ivr.helpline.hours_format import WEEKDAYS, WeeklyHours, parse_spans
from ivr.helpline.opening_hours import BANK_HOLIDAY, Closure, LaterWeek, OpeningHours
from ivr.helpline.opening_hours_file import OpeningHoursFile
from ivr.helpline.rota import RotaSnapshot
from ivr.helpline.staff_hours import StaffHours, in_force, not_over
from ivr.helpline.timezone import LONDON, ONE_DAY, today_in_london
from ivr.helpline.working_days import england_and_wales
from tests.helpline.test_opening_hours import MINUTES, YEARS, at, week_of, weeks
from tests.helpline.wall_clock import MINUTE, Written, clock_changes, is_there

Week = Mapping[int, list[Written]]
HOLIDAYS = england_and_wales()
NEAR = st.integers(-4, 60)
"""Days from now to a change."""
CHANGES = st.lists(st.tuples(NEAR, weeks(), st.booleans()), min_size=1, max_size=3, unique_by=lambda one: one[0])


def hours_of(
    now: datetime, week: Week, changes: list[tuple[int, Week, bool]]
) -> tuple[OpeningHours, Callable[[date], list[Written]]]:
    """The hours as we have them, and what is written for each single day."""
    today = today_in_london(now)
    dated = sorted((today + days * ONE_DAY, other, closes) for days, other, closes in changes)
    later = tuple(LaterWeek(day, week_of(other), HOLIDAYS if closes else None) for day, other, closes in dated)

    def written(day: date) -> list[Written]:
        chosen, closes = week, True
        for starts, other, other_closes in dated:
            if starts <= day:
                chosen, closes = other, other_closes
        return [] if closes and HOLIDAYS.is_bank_holiday(day) else list(chosen.get(day.weekday(), []))

    return OpeningHours(week_of(week), HOLIDAYS, (), later), written


def agree(now: datetime, week: Week, changes: list[tuple[int, Week, bool]], part: int) -> None:
    hours, written = hours_of(now, week, changes)
    assert hours.opening(now).is_open == is_there(written, now)
    some = now + MINUTE * (50 * 24 * 60 * part // 100_000)
    assert any(begins <= some < ends for begins, ends in hours.open_intervals(now)) == is_there(written, some)
    opens = hours.next_opening(now)
    if opens is None:
        assert not is_there(written, some)
        return
    assert opens >= now and is_there(written, opens)
    between = now + (opens - now) * part / 100_001
    assert opens == now or not is_there(written, between)


@given(weeks(), CHANGES, MINUTES, st.integers(0, 100_000))
def test_a_change_of_hours_on_any_day_is_as_each_day_by_itself(
    week: Week, changes: list[tuple[int, Week, bool]], now: datetime, part: int
) -> None:
    agree(now, week, changes, part)


@given(
    weeks(),
    CHANGES,
    st.sampled_from(list(clock_changes(YEARS))),
    st.integers(-3000, 3000),
    st.integers(0, 100_000),
)
def test_a_change_of_hours_in_a_night_in_which_the_clocks_change_is_too(
    week: Week, changes: list[tuple[int, Week, bool]], change: datetime, minutes: int, part: int
) -> None:
    agree(change + MINUTE * minutes, week, changes, part)


OFFICE, LONG = ["09:00-17:00"], ["08:00-20:00"]
MONDAY = date(2027, 1, 4)


def set_by_staff(starts: date, spans: list[str], bank_holidays: str = "closed") -> StaffHours:
    weekly = WeeklyHours(**dict.fromkeys(WEEKDAYS[:5], parse_spans(spans)))
    about = {"source": "Max", "checked_on": date(2026, 11, 23), "good_until": date(2027, 5, 23)}
    return StaffHours.of(
        starts, OpeningHoursFile.model_validate({"weekly": weekly, "bank_holidays": bank_holidays, **about})
    )


def changed(**more: object) -> OpeningHours:
    office = OpeningHours(week_of({day: [("09:00", "17:00")] for day in range(5)}), HOLIDAYS)
    snapshot = RotaSnapshot(staff_hours=(set_by_staff(MONDAY, LONG),), **more)  # type: ignore[arg-type]
    found = snapshot.hours(office)
    assert found is not None
    return found


def test_on_the_evening_before_the_new_opening_is_the_next() -> None:
    assert changed().opening(at("2027-01-03T18:00")) == Opening(is_open=False, opens=at("2027-01-04T08:00"))
    assert changed().opening(at("2026-12-31T18:00")).opens == at("2027-01-04T08:00")


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        ("2026-12-30T08:30", False),
        ("2026-12-30T10:00", True),
        ("2027-01-04T08:00", True),
        ("2027-01-04T19:59", True),
        ("2027-01-04T20:00", False),
    ],
)
def test_each_day_has_the_hours_that_count_on_it(now: str, is_open: bool) -> None:
    assert changed().opening(at(now)).is_open == is_open


def test_a_closure_and_a_bank_holiday_that_staff_added_close_the_new_hours_too() -> None:
    closure = Closure(at("2027-01-05T00:00"), at("2027-01-06T00:00"), "training")
    hours = changed(closures=(closure,), holidays=(OneOffHoliday(date(2027, 1, 6), "the coronation"),))
    assert hours.opening(at("2027-01-05T10:00")).reason == "training"
    assert hours.opening(at("2027-01-06T10:00")).reason == BANK_HOLIDAY
    assert hours.next_opening(at("2027-01-05T10:00")) == at("2027-01-07T08:00")


def test_whoever_is_open_on_bank_holidays_from_a_day_on_is() -> None:
    snapshot = RotaSnapshot(staff_hours=(set_by_staff(MONDAY, OFFICE, "open"),))
    hours = snapshot.hours(OpeningHours(week_of({}), HOLIDAYS))
    assert hours and hours.opening(datetime(2027, 3, 29, 10, tzinfo=LONDON)).is_open  # Easter Monday


def test_without_a_file_we_are_always_open_until_staff_set_hours() -> None:
    hours = RotaSnapshot(staff_hours=(set_by_staff(MONDAY, OFFICE),)).hours(None)
    assert hours and hours.opening(at("2027-01-03T03:00")).is_open
    assert not hours.opening(at("2027-01-04T03:00")).is_open


def test_when_it_closes_is_known_unless_it_never_does() -> None:
    assert changed().closes(at("2027-01-04T10:00")) == at("2027-01-04T20:00")
    assert changed().closes(at("2027-01-03T10:00")) == at("2027-01-04T20:00")
    always = OpeningHours(week_of({day: [("00:00", "00:00")] for day in range(7)}))
    assert always.closes(datetime(2026, 10, 24, 12, tzinfo=UTC)) is None
    assert OpeningHours({}).closes(at("2027-01-04T10:00")) is None


DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(st.lists(DAYS, unique=True, max_size=5), DAYS, st.integers(0, 800))
def test_of_hours_that_follow_one_another_those_that_are_over_can_be_left_out(
    starts: list[date], today: date, ahead: int
) -> None:
    found = [set_by_staff(day, OFFICE) for day in sorted(starts)]
    later = today + timedelta(days=ahead)
    assert in_force(not_over(found, today), later) is in_force(found, later)
    assert len(not_over(found, today)) <= 1 + sum(day > today for day in starts)
