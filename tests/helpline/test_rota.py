from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.helpline.hours_format import parse_spans
from ivr.helpline.opening_hours import ALWAYS, Closure, OpeningHours
from ivr.helpline.rota import Absence, Adviser, RotaSnapshot, next_on_shift, of_setting, on_shift
from ivr.helpline.timezone import LONDON
from tests.helpline.test_opening_hours import MINUTES, YEARS, week_of, weeks
from tests.helpline.wall_clock import MINUTE, Written, clock_changes, is_there

JO = Adviser("1", "Jo", "+447700900001", {0: parse_spans(["09:00-13:00"]), 4: parse_spans(["22:00-06:00"])})
SAM = Adviser("2", "Sam", "+447700900002", {0: parse_spans(["12:00-17:00"]), 1: parse_spans(["09:00-17:00"])})
ANN = Adviser("3", "Ann", "+447700900003")


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=LONDON)


def names(*advisers: Adviser, now: str) -> list[str]:
    return [adviser.name for adviser in on_shift(advisers, at(now))]


@pytest.mark.parametrize(
    ("now", "there"),
    [
        ("2026-11-23T08:59", ["Ann"]),
        ("2026-11-23T09:00", ["Jo", "Ann"]),
        ("2026-11-23T12:30", ["Jo", "Sam", "Ann"]),
        ("2026-11-23T13:00", ["Sam", "Ann"]),
        ("2026-11-27T22:00", ["Jo", "Ann"]),
        ("2026-11-28T05:59", ["Jo", "Ann"]),
        ("2026-11-28T06:00", ["Ann"]),
    ],
)
def test_those_on_shift_are_rung_in_their_order_and_whoever_has_no_shifts_always(now: str, there: list[str]) -> None:
    assert names(JO, SAM, ANN, now=now) == there


def test_nobody_is_rung_who_is_away() -> None:
    assert names(replace(JO, away=True), SAM, replace(ANN, away=True), now="2026-11-23T12:30") == ["Sam"]


def test_a_day_that_is_not_as_in_every_week_takes_the_place_of_that_day_alone() -> None:
    off = replace(JO, changes={date(2026, 11, 23): ()})
    assert names(off, now="2026-11-23T10:00") == []
    assert names(off, now="2026-11-30T10:00") == ["Jo"]
    later = replace(JO, changes={date(2026, 11, 23): parse_spans(["15:00-16:00"])})
    assert (names(later, now="2026-11-23T10:00"), names(later, now="2026-11-23T15:30")) == ([], ["Jo"])
    there_otherwise = replace(ANN, changes={date(2026, 11, 23): ()})
    assert names(there_otherwise, now="2026-11-23T10:00") == []
    assert names(there_otherwise, now="2026-11-24T00:00") == ["Ann"]


def test_a_night_shift_lasts_into_a_day_off() -> None:
    off_on_saturday = replace(JO, changes={date(2026, 11, 28): ()})
    assert names(off_on_saturday, now="2026-11-28T05:00") == ["Jo"]


def test_the_same_number_is_rung_once() -> None:
    twice = of_setting(["+447700900001", "+447700900002", "+447700900001"])
    assert [adviser.number for adviser in on_shift(twice, at("2026-11-23T03:00"))] == ["+447700900001", "+447700900002"]


def test_whoever_has_no_shift_on_any_day_is_never_there() -> None:
    assert names(replace(JO, week={}), now="2026-11-23T10:00") == []


@pytest.mark.parametrize(
    ("now", "who", "when"),
    [
        ("2026-11-23T10:00", "Jo", "2026-11-23T10:00"),
        ("2026-11-23T12:30", "Jo", "2026-11-23T12:30"),
        ("2026-11-23T14:00", "Sam", "2026-11-23T14:00"),
        ("2026-11-23T18:00", "Sam", "2026-11-24T09:00"),
        ("2026-11-24T18:00", "Jo", "2026-11-27T22:00"),
        ("2026-11-28T18:00", "Jo", "2026-11-30T09:00"),
    ],
)
def test_whoever_comes_next_is_known(now: str, who: str, when: str) -> None:
    assert next_on_shift((JO, SAM), at(now)) == ({"Jo": JO, "Sam": SAM}[who], at(when))


def test_of_those_who_come_at_the_same_time_the_first_in_order_is_next() -> None:
    other = replace(SAM, week=JO.week)
    assert next_on_shift((other, JO), at("2026-11-22T10:00")) == (other, at("2026-11-23T09:00"))


def test_those_of_whom_only_the_number_is_known_are_always_there() -> None:
    (only,) = of_setting(["+447700900001"])
    assert next_on_shift((only,), at("2026-11-22T03:00")) == (only, at("2026-11-22T03:00"))


def test_a_shift_in_the_hour_that_is_left_out_is_none() -> None:
    early = replace(JO, week={6: parse_spans(["01:15-01:45"])})
    assert next_on_shift((early,), at("2026-03-28T12:00")) == (early, at("2026-04-05T01:15"))


def test_nobody_comes_next_when_no_shift_is_in_sight() -> None:
    assert next_on_shift((replace(JO, week={}), replace(ANN, away=True)), at("2026-11-23T10:00")) is None
    assert next_on_shift((), at("2026-11-23T10:00")) is None


DAYS_OFF = st.dictionaries(st.integers(-2, 2), st.just([]) | st.just([("01:30", "09:00")]), max_size=3)


@given(weeks(), DAYS_OFF, MINUTES | st.sampled_from(list(clock_changes(YEARS))), st.integers(-900, 900))
def test_shifts_and_single_days_at_any_minute_are_as_the_wall_shows_it(
    week: dict[int, list[Written]], days: dict[int, list[Written]], moment: datetime, minutes: int
) -> None:
    now = moment + MINUTE * minutes
    today = now.astimezone(LONDON).date()
    changed = {today + timedelta(days=away): spans for away, spans in days.items()}
    changes = {day: parse_spans([f"{start}-{end}" for start, end in spans]) for day, spans in changed.items()}
    adviser = Adviser("1", "Jo", "+447700900001", week_of(week), changes)
    there = is_there(lambda day: changed.get(day, week.get(day.weekday(), [])), now)
    assert on_shift((adviser,), now) == ((adviser,) if there else ())
    coming = next_on_shift((adviser,), now)
    assert there == (coming == (adviser, now))
    if coming:
        assert coming[1] >= now
        assert on_shift((adviser,), coming[1]) == (adviser,)


def test_on_duty_are_those_of_the_setting_as_long_as_nobody_is_on_the_rota() -> None:
    setting = of_setting(["+447700900009"])
    assert RotaSnapshot().or_else(setting).advisers == setting
    assert RotaSnapshot((JO,)).or_else(setting).advisers == (JO,)


def test_a_closure_counts_for_those_who_are_always_open_too() -> None:
    closure = Closure(datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC), "training")
    assert RotaSnapshot().hours(None) is None
    assert RotaSnapshot(closures=(closure,)).hours(None) == OpeningHours(ALWAYS, None, (closure,))
    assert RotaSnapshot(closures=(closure,)).hours(OpeningHours({})) == OpeningHours({}, None, (closure,))
    assert RotaSnapshot().hours(OpeningHours({})) == OpeningHours({})


def test_nobody_is_rung_from_the_first_to_the_last_day_of_an_absence() -> None:
    away = replace(SAM, absences=(Absence(date(2026, 11, 24), date(2026, 11, 30)),))
    assert names(away, now="2026-11-23T14:00") == ["Sam"]
    assert names(away, now="2026-11-24T10:00") == names(away, now="2026-11-30T14:00") == []
    assert names(away, now="2026-12-01T10:00") == ["Sam"]


def test_an_absence_counts_on_a_day_with_other_hours_too_which_they_have_again_without_it() -> None:
    changed = replace(SAM, changes={date(2026, 11, 25): parse_spans(["09:00-10:00"])})
    away = replace(changed, absences=(Absence(date(2026, 11, 25), date(2026, 11, 25)),))
    assert names(away, now="2026-11-25T09:30") == []
    assert names(changed, now="2026-11-25T09:30") == ["Sam"]


def test_a_night_shift_lasts_into_the_first_day_of_an_absence() -> None:
    away = replace(JO, absences=(Absence(date(2026, 11, 28), date(2026, 11, 28)),))
    assert names(away, now="2026-11-28T05:00") == ["Jo"]
