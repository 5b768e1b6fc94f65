"""When somebody is there: open, and on shift."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.helpline.intervals import Interval, difference, intersection, union
from ivr.helpline.opening_hours import Closure, OpeningHours, Span
from ivr.helpline.rota import Adviser
from ivr.helpline.staffing import gaps, next_staffed, staffed_opening

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
OFFICE = OpeningHours({day: (Span(time(9), time(17)),) for day in range(5)})
ALWAYS_THERE = Adviser("a", "Jo", "+447700900001")
AFTERNOONS = Adviser("b", "Sam", "+447700900002", {day: (Span(time(13), time(17)),) for day in range(7)})
NIGHTS = Adviser("c", "Lee", "+447700900003", {day: (Span(time(20), time(23)),) for day in range(7)})
AWAY = Adviser("d", "Kit", "+447700900004", away=True)


def at(hour: int, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def test_somebody_who_is_always_there_is_there_when_we_are_open() -> None:
    assert staffed_opening(OFFICE, [ALWAYS_THERE], MONDAY).is_open
    assert staffed_opening(OFFICE, [ALWAYS_THERE], at(18)).opens == at(9, 24)


def test_callers_hear_when_the_next_shift_begins_and_not_when_the_door_opens() -> None:
    opening = staffed_opening(OFFICE, [AFTERNOONS], MONDAY)
    assert (opening.is_open, opening.reason, opening.opens) == (False, "", at(13))
    assert staffed_opening(OFFICE, [AFTERNOONS], at(18)).opens == at(13, 24)


def test_a_closure_is_left_out_and_gives_the_reason() -> None:
    hours = OpeningHours(OFFICE.week, closures=(Closure(at(9), at(15), "training"),))
    opening = staffed_opening(hours, [AFTERNOONS], MONDAY)
    assert (opening.reason, opening.opens) == ("training", at(15))
    later = OpeningHours(OFFICE.week, closures=(Closure(at(10), at(15), "training"),))
    assert staffed_opening(later, [ALWAYS_THERE], MONDAY).opens == at(15)


@pytest.mark.parametrize("advisers", [[], [AWAY], [NIGHTS]])
def test_while_no_shift_is_in_sight_we_go_by_the_hours_alone(advisers: list[Adviser]) -> None:
    assert next_staffed(OFFICE, advisers, MONDAY) is None
    assert staffed_opening(OFFICE, advisers, MONDAY) == OFFICE.opening(MONDAY)
    assert staffed_opening(OFFICE, advisers, at(18)) == OFFICE.opening(at(18))


def test_without_hours_of_our_own_the_shifts_are_our_hours() -> None:
    assert staffed_opening(None, [AFTERNOONS], at(12)).opens == at(13)
    assert staffed_opening(None, [], MONDAY).is_open


def test_gaps_are_the_open_hours_without_a_shift() -> None:
    assert gaps(OFFICE, [AFTERNOONS, NIGHTS], MONDAY, MONDAY + timedelta(days=1)) == [
        (at(10), at(13)),
        (at(9, 24), at(10, 24)),
    ]
    assert gaps(OFFICE, [ALWAYS_THERE], MONDAY, MONDAY + timedelta(days=30)) == []


def test_a_day_off_is_a_gap() -> None:
    off = Adviser("e", "Jo", "+447700900001", changes={date(2026, 11, 24): ()})
    assert gaps(OFFICE, [off], MONDAY, MONDAY + timedelta(days=2)) == [(at(9, 24), at(17, 24))]


# Sets of times.

MINUTES = st.integers(0, 30)
INTERVALS = st.lists(st.tuples(MINUTES, MINUTES).filter(lambda pair: pair[0] < pair[1]), max_size=6)


def intervals(pairs: list[tuple[int, int]]) -> list[Interval]:
    return [(MONDAY + timedelta(minutes=a), MONDAY + timedelta(minutes=b)) for a, b in pairs]


def minutes(found: list[Interval]) -> set[int]:
    """The minutes that lie in some interval."""
    return {n for n in range(31) if any(a <= MONDAY + timedelta(minutes=n) < b for a, b in found)}


@given(INTERVALS, INTERVALS)
def test_sets_of_times_are_sets(some: list[tuple[int, int]], others: list[tuple[int, int]]) -> None:
    a, b = intervals(some), intervals(others)
    assert minutes(union(a + b)) == minutes(a) | minutes(b)
    assert minutes(intersection(a, b)) == minutes(a) & minutes(b)
    assert minutes(difference(a, b)) == minutes(a) - minutes(b)
    for found in (union(a), intersection(a, b), difference(a, b)):
        assert found == union(found)
