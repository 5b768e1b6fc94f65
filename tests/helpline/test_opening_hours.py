from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.engine.environment import Opening
from ivr.helpline.hours_format import parse_spans
from ivr.helpline.opening_hours import ALWAYS, BANK_HOLIDAY, Closure, OpeningHours, Span, Week, is_within
from ivr.helpline.timezone import LONDON
from ivr.helpline.working_days import england_and_wales
from tests.helpline.wall_clock import MINUTE, Written, clock_changes, is_there, minutes_around

YEARS = range(2021, 2031)
FIRST, LAST = datetime(2021, 1, 1, tzinfo=UTC), datetime(2030, 12, 31, tzinfo=UTC)
OFFICE: Week = dict.fromkeys(range(5), parse_spans(["09:00-17:00"]))
HELD = OpeningHours(OFFICE, england_and_wales())


def at(written: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=LONDON, fold=fold)


# Minute by minute, against what the clock on the wall shows.

WEEKS: Mapping[str, Mapping[int, list[Written]]] = {
    "office hours": {day: [("09:00", "12:30"), ("13:00", "17:00")] for day in range(5)},
    "nights": {day: [("22:00", "06:00")] for day in range(7)},
    "the hour that is changed": {day: [("00:30", "01:30"), ("01:45", "02:15")] for day in range(7)},
    "within that hour": {6: [("01:15", "01:45")], 5: [("01:20", "01:20")]},
    "over the change": {5: [("23:00", "01:30")], 6: [("01:30", "03:00")]},
    "all round the clock": {day: [("00:00", "00:00")] for day in range(7)},
    "one night a week": {5: [("18:00", "02:00")], 6: [("02:00", "10:00")]},
}


def week_of(written: Mapping[int, list[Written]]) -> Week:
    return {day: parse_spans([f"{start}-{end}" for start, end in spans]) for day, spans in written.items()}


def agrees(written: Mapping[int, list[Written]], now: datetime) -> bool:
    week = week_of(written)
    ours = is_within(lambda day: week.get(day.weekday(), ()), now)
    return ours == is_there(lambda day: written.get(day.weekday(), []), now)


@pytest.mark.parametrize("written", WEEKS.values(), ids=WEEKS)
def test_every_minute_around_every_change_of_the_clocks_is_as_the_wall_shows_it(
    written: Mapping[int, list[Written]],
) -> None:
    for change in clock_changes(YEARS):
        assert [now for now in minutes_around(change, 3) if not agrees(written, now)] == []


@pytest.mark.parametrize("written", WEEKS.values(), ids=WEEKS)
def test_every_quarter_of_an_hour_for_a_week_around_a_change_is_as_the_wall_shows_it(
    written: Mapping[int, list[Written]],
) -> None:
    for change in clock_changes([2026]):
        moments = [change + 15 * MINUTE * n for n in range(-4 * 24 * 4, 4 * 24 * 4)]
        assert [now for now in moments if not agrees(written, now)] == []


TIMES = st.times().map(lambda at: f"{at:%H:%M}")


@st.composite
def weeks(draw: st.DrawFn) -> dict[int, list[Written]]:
    """Weeks of any spans that do not overlap on one day; the last may end the day after."""
    week: dict[int, list[Written]] = {}
    for day in range(7):
        edges = sorted(draw(st.lists(TIMES, unique=True, max_size=4)))
        week[day] = list(zip(edges[::2], edges[1::2], strict=False))
        if len(edges) % 2:
            week[day].append((edges[-1], min(draw(TIMES), edges[0])))
    return week


MINUTES = st.integers(0, (LAST - FIRST) // MINUTE).map(lambda n: FIRST + MINUTE * n)


@given(weeks(), MINUTES)
def test_any_week_at_any_minute_of_ten_years_is_as_the_wall_shows_it(
    week: dict[int, list[Written]], now: datetime
) -> None:
    assert agrees(week, now)


@given(weeks(), st.sampled_from(list(clock_changes(YEARS))), st.integers(-1500, 1500))
def test_any_week_in_any_night_of_a_change_is_as_the_wall_shows_it(
    week: dict[int, list[Written]], change: datetime, minutes: int
) -> None:
    assert agrees(week, change + MINUTE * minutes)


CLOSURES = st.lists(
    st.tuples(st.integers(-5000, 20000), st.integers(1, 10000)).map(
        lambda one: (MINUTE * one[0], MINUTE * (one[0] + one[1]))
    ),
    max_size=3,
)


@given(weeks(), MINUTES, CLOSURES, st.integers(0, 100_000))
def test_until_the_next_opening_it_is_closed_and_then_it_is_open(
    week: dict[int, list[Written]], now: datetime, closed: list[tuple[timedelta, timedelta]], part: int
) -> None:
    closures = tuple(Closure(now + begins, now + ends, "training") for begins, ends in closed)
    hours = OpeningHours(week_of(week), england_and_wales(), closures)
    opens = hours.next_opening(now)
    if opens is None:
        assert not hours.opening(now + timedelta(days=30) * part / 100_000).is_open
        return
    assert opens >= now
    assert hours.opening(opens).is_open
    assert hours.opening(now).is_open == (opens == now)
    between = now + (opens - now) * part / 100_001
    assert opens == now or not hours.opening(between).is_open
    assert opens == now or hours.next_opening(between) == opens


# What callers meet.


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-23T08:59", "2026-11-23T09:00"),
        ("2026-11-23T17:00", "2026-11-24T09:00"),
        ("2026-11-27T17:00", "2026-11-30T09:00"),
        ("2026-12-24T17:00", "2026-12-29T09:00"),
        ("2026-12-31T23:59", "2027-01-04T09:00"),
        ("2027-03-25T20:00", "2027-03-30T09:00"),
        ("2026-10-24T12:00", "2026-10-26T09:00"),
        ("2026-03-28T12:00", "2026-03-30T09:00"),
    ],
)
def test_we_are_back_on_the_next_working_day(now: str, opens: str) -> None:
    assert HELD.opening(at(now)) == Opening(is_open=False, opens=at(opens))


def test_the_first_second_is_open_and_the_last_is_not() -> None:
    assert HELD.opening(at("2026-11-23T09:00")) == Opening(is_open=True)
    assert HELD.opening(at("2026-11-23T16:59:59.999999")).is_open
    assert not HELD.opening(at("2026-11-23T08:59:59.999999")).is_open


def test_a_bank_holiday_is_the_reason_only_when_we_would_be_there() -> None:
    assert HELD.opening(at("2026-12-25T10:00")).reason == BANK_HOLIDAY
    assert HELD.opening(at("2026-12-25T18:00")).reason == ""
    assert OpeningHours(OFFICE).opening(at("2026-12-25T10:00")).is_open


def test_a_night_that_begins_on_the_eve_of_a_bank_holiday_goes_on_and_one_that_begins_on_it_does_not() -> None:
    nights = OpeningHours(dict.fromkeys(range(7), parse_spans(["22:00-06:00"])), england_and_wales())
    assert nights.opening(at("2026-12-25T05:00")).is_open
    assert not nights.opening(at("2026-12-25T23:00")).is_open
    assert not nights.opening(at("2026-12-26T05:00")).is_open


def test_past_the_bank_holidays_we_know_a_weekday_is_an_ordinary_one() -> None:
    new_year = date(england_and_wales().last.year + 1, 1, 1)
    assert HELD.opening(datetime.combine(new_year, time(10), LONDON)).is_open


def test_a_closure_gives_its_reason_and_lasts_to_its_end_and_no_longer() -> None:
    hours = OpeningHours(OFFICE, None, (Closure(at("2026-11-23T12:00"), at("2026-11-23T14:00"), "training"),))
    assert hours.opening(at("2026-11-23T11:59")).is_open
    assert hours.opening(at("2026-11-23T12:00")) == Opening(False, "training", at("2026-11-23T14:00"))
    assert hours.opening(at("2026-11-23T14:00")).is_open


def test_closures_that_touch_and_overlap_are_one_in_whatever_order_they_stand() -> None:
    stretches = [("12:00", "14:00"), ("10:00", "13:00"), ("14:00", "16:30")]
    closures = tuple(Closure(at(f"2026-11-23T{one}"), at(f"2026-11-23T{other}"), "weather") for one, other in stretches)
    assert OpeningHours(OFFICE, None, closures).opening(at("2026-11-23T10:00")).opens == at("2026-11-23T16:30")


def test_a_closure_to_the_end_of_the_day_leads_to_the_next_too() -> None:
    closure = Closure(at("2026-11-23T12:00"), at("2026-11-23T17:00"), "weather")
    assert OpeningHours(OFFICE, None, (closure,)).opening(at("2026-11-23T12:00")).opens == at("2026-11-24T09:00")


def test_a_closure_over_the_end_of_the_day_leads_to_the_next() -> None:
    closure = Closure(at("2026-11-23T12:00"), at("2026-11-24T09:30"), "weather")
    assert OpeningHours(OFFICE, None, (closure,)).opening(at("2026-11-23T12:00")).opens == at("2026-11-24T09:30")


def test_whoever_is_closed_for_too_long_has_not_told_us_when_they_are_back() -> None:
    assert OpeningHours({}).opening(at("2026-11-23T10:00")) == Opening(is_open=False)
    for days, is_known in ((50, True), (57, False)):
        closure = Closure(at("2026-11-23T00:00"), at("2026-11-23T00:00") + timedelta(days=days), "holiday")
        assert (OpeningHours(ALWAYS, None, (closure,)).next_opening(at("2026-11-23T10:00")) is not None) == is_known


def test_the_second_of_the_two_hours_is_told_from_the_first() -> None:
    hours = OpeningHours({6: (Span(time(0, 30), time(1, 30)),)})
    assert hours.opening(at("2026-10-25T01:15")).is_open
    assert not hours.opening(at("2026-10-25T01:15", fold=1)).is_open


def test_whoever_takes_over_in_the_hour_that_comes_twice_does_so_when_the_one_before_stops() -> None:
    one, other = OpeningHours({5: (Span(time(22), time(1, 30)),)}), OpeningHours({6: (Span(time(1, 30), time(9)),)})
    for now in minutes_around(datetime(2026, 10, 25, 1, tzinfo=UTC), 2):
        assert one.opening(now).is_open != other.opening(now).is_open
