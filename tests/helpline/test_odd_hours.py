"""Hours that were probably meant by a clock of twelve hours are questioned, and no others."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.helpline.hours_format import parse_spans
from ivr.helpline.odd_hours import odd_hours
from ivr.helpline.opening_hours import ALWAYS, Span

AFTERNOON_BY_TWELVE = st.tuples(st.integers(7 * 60, 12 * 60 - 1), st.integers(1, 12 * 60 - 1)).filter(
    lambda both: both[1] < both[0]
)
"""From some time in the morning to one that a clock of twelve hours shows in the afternoon."""
BY_DAY = st.tuples(st.integers(6 * 60, 24 * 60 - 1), st.integers(6 * 60, 24 * 60 - 1)).filter(
    lambda both: both[0] < both[1]
)


def span(start: int, end: int) -> Span:
    return Span(time(*divmod(start, 60)), time(*divmod(end, 60)))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("09:00-05:00", "09:00-17:00"),
        ("08:30-04:15", "08:30-16:15"),
        ("12:30-05:00", "12:30-17:00"),
        ("01:00-05:00", "13:00-17:00"),
        ("02:30-05:30", "14:30-17:30"),
    ],
)
def test_what_is_probably_meant_is_asked(written: str, meant: str) -> None:
    [line] = odd_hours(parse_spans([written]))
    assert line.startswith(written)
    assert line.endswith(f"is {meant} meant?")


@pytest.mark.parametrize("written", ["09:00-09:00", "18:00-17:00", "12:00-12:00", "17:00-16:59"])
def test_a_day_and_a_night_is_questioned(written: str) -> None:
    [line] = odd_hours(parse_spans([written]))
    assert "into the next day" in line


@pytest.mark.parametrize(
    "written", ["22:00-06:00", "20:00-08:00", "00:00-24:00", "00:00-06:00", "06:00-14:00", "09:00-24:00", "00:00-12:00"]
)
def test_nights_and_whole_days_are_meant(written: str) -> None:
    assert odd_hours(parse_spans([written])) == []


def test_being_always_there_is_meant() -> None:
    assert odd_hours(span for spans in ALWAYS.values() for span in spans) == []


@given(AFTERNOON_BY_TWELVE)
def test_whatever_ends_in_an_afternoon_of_twelve_hours_is_questioned_if_it_is_long(both: tuple[int, int]) -> None:
    start, end = both
    is_long = (end - start) % (24 * 60) > 12 * 60
    assert bool(odd_hours([span(start, end)])) == is_long


@given(BY_DAY)
def test_no_hours_of_one_day_are_questioned(both: tuple[int, int]) -> None:
    assert odd_hours([span(*both)]) == []
