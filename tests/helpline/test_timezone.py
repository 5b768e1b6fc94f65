from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.helpline.timezone import local_time, today_in_london

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@pytest.mark.parametrize(
    ("day", "at", "found"),
    [
        (SPRING, time(0, 59), "2026-03-29T00:59"),
        (SPRING, time(1), "2026-03-29T01:00"),
        (SPRING, time(1, 45), "2026-03-29T01:00"),
        (SPRING, time(2), "2026-03-29T01:00"),
        (SPRING, time(2, 1), "2026-03-29T01:01"),
        (AUTUMN, time(0, 59), "2026-10-24T23:59"),
        (AUTUMN, time(1), "2026-10-25T00:00"),
        (AUTUMN, time(1, 59), "2026-10-25T00:59"),
        (AUTUMN, time(2), "2026-10-25T02:00"),
    ],
)
def test_a_time_is_the_moment_at_which_the_clock_first_shows_it_or_a_later_one(day: date, at: time, found: str) -> None:
    assert local_time(day, at) == datetime.fromisoformat(f"{found}+00:00")


DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1)) | st.just(SPRING) | st.just(AUTUMN)


@given(DAYS, st.times(), st.times())
def test_a_later_time_is_never_an_earlier_moment(day: date, one: time, other: time) -> None:
    assert local_time(day, min(one, other)) <= local_time(day, max(one, other))


@given(DAYS, st.times())
def test_the_day_of_a_moment_is_the_day_it_was_made_of(day: date, at: time) -> None:
    assert today_in_london(local_time(day, at)) == day
    assert local_time(day, at).tzinfo is UTC
