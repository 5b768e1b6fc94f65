"""What a change of the rota does: the gaps it opens and closes, and from when on other telephones ring."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ivr.helpline.hours_format import parse_spans
from ivr.helpline.intervals import Interval
from ivr.helpline.opening_hours import Closure, OpeningHours
from ivr.helpline.rota import Absence, Adviser, RotaSnapshot, on_shift
from ivr.helpline.rota_change import all_gaps, change_of, mark_of
from ivr.helpline.timezone import LONDON

OFFICE = OpeningHours({day: parse_spans(["09:00-17:00"]) for day in range(5)})
MORNING, AFTERNOON = parse_spans(["09:00-13:00"]), parse_spans(["13:00-17:00"])
JO = Adviser("jo", "Jo", "+447700900001", dict.fromkeys(range(5), MORNING))
SAM = Adviser("sam", "Sam", "+447700900002", dict.fromkeys(range(5), AFTERNOON))
TEAM = RotaSnapshot((JO, SAM))
MONDAY = datetime(2026, 10, 19, 10, tzinfo=LONDON)
"""A week before the clocks go back."""


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=LONDON)


def test_an_absence_opens_gaps_from_its_first_shift_on() -> None:
    away = replace(JO, absences=(Absence(date(2026, 10, 23), date(2026, 10, 26)),))
    found = change_of(TEAM, RotaSnapshot((away, SAM)), OFFICE, MONDAY)
    assert found.opened == (
        (at("2026-10-23T09:00"), at("2026-10-23T13:00")),
        (at("2026-10-26T09:00"), at("2026-10-26T13:00")),
    )
    assert (found.closed, found.counts_from) == ((), at("2026-10-23T09:00"))
    back = change_of(RotaSnapshot((away, SAM)), TEAM, OFFICE, MONDAY)
    assert (back.opened, back.closed, back.counts_from) == ((), found.opened, found.counts_from)


def test_whoever_is_away_now_is_missed_from_now_on() -> None:
    found = change_of(TEAM, RotaSnapshot((replace(JO, away=True), SAM)), OFFICE, MONDAY)
    assert found.counts_from == MONDAY
    assert found.opened[0] == (MONDAY, at("2026-10-19T13:00"))
    assert found.opened[-1] == (at("2026-12-11T09:00"), at("2026-12-11T13:00")), "eight weeks"


def test_another_order_counts_once_two_are_there() -> None:
    wednesday = replace(SAM, changes={date(2026, 10, 21): parse_spans(["12:00-17:00"])})
    found = change_of(RotaSnapshot((JO, wednesday)), RotaSnapshot((wednesday, JO)), OFFICE, MONDAY)
    assert (found.opened, found.closed, found.counts_from) == ((), (), at("2026-10-21T12:00"))


def test_what_happens_while_we_are_closed_is_noticed_by_nobody() -> None:
    evening = replace(SAM, changes={date(2026, 10, 21): parse_spans(["13:00-22:00"])})
    closed = (Closure(at("2026-10-22T00:00"), at("2026-10-23T00:00"), "training"),)
    away = replace(evening, absences=(Absence(date(2026, 10, 22), date(2026, 10, 22)),))
    found = change_of(RotaSnapshot((JO, SAM), closed), RotaSnapshot((JO, away), closed), OFFICE, MONDAY)
    assert (found.opened, found.closed, found.counts_from) == ((), (), None)


def test_hours_that_were_probably_meant_otherwise_are_told_once() -> None:
    odd = replace(SAM, week={0: parse_spans(["09:00-05:00"])})
    [line] = change_of(TEAM, RotaSnapshot((JO, odd)), OFFICE, MONDAY).odd
    assert line.startswith("Sam, Monday: 09:00-05:00 lasts 20 hours")
    assert change_of(RotaSnapshot((JO, odd)), RotaSnapshot((odd,)), OFFICE, MONDAY).odd == ()


def test_a_mark_is_that_of_the_rota_whoever_reads_it() -> None:
    turned = replace(JO, week=dict(reversed(list((JO.week or {}).items()))))
    assert mark_of(RotaSnapshot((turned, SAM))) == mark_of(TEAM)
    others = (
        RotaSnapshot((SAM, JO)),
        RotaSnapshot((JO,)),
        RotaSnapshot((replace(JO, away=True), SAM)),
        RotaSnapshot((replace(JO, absences=(Absence(MONDAY.date(), MONDAY.date()),)), SAM)),
        RotaSnapshot((replace(JO, week=None), SAM)),
        replace(TEAM, closures=(Closure(MONDAY, MONDAY + timedelta(hours=1), "training"),)),
    )
    assert len({mark_of(one) for one in (TEAM, *others)}) == 7


SPANS = st.sampled_from(
    [(), MORNING, AFTERNOON, parse_spans(["10:00-12:00", "15:00-23:00"]), parse_spans(["22:00-10:00"])]
)
WEEKS = st.none() | st.dictionaries(st.integers(0, 6), SPANS, max_size=7)
DAYS = st.integers(0, 20).map(lambda n: date(2026, 10, 19) + timedelta(days=n))
ADVISERS = st.tuples(WEEKS, st.dictionaries(DAYS, SPANS, max_size=3), st.booleans())
TEAMS = st.lists(ADVISERS, max_size=3).map(
    lambda some: RotaSnapshot(
        tuple(Adviser(f"{n}", f"{n}", f"+44770090000{n}", *about) for n, about in enumerate(some))
    )
)


@given(TEAMS, TEAMS, st.integers(0, 20 * 24 * 60))
def test_gaps_before_and_after_differ_by_what_is_told_and_nothing_counts_earlier(
    before: RotaSnapshot, after: RotaSnapshot, minutes: int
) -> None:
    found = change_of(before, after, OFFICE, MONDAY)
    moment = MONDAY + timedelta(minutes=minutes)

    def is_in(intervals: Iterable[Interval]) -> bool:
        return any(begins <= moment < ends for begins, ends in intervals)

    was, is_now = is_in(all_gaps(before, OFFICE, MONDAY)), is_in(all_gaps(after, OFFICE, MONDAY))
    assert (is_in(found.opened), is_in(found.closed)) == (is_now and not was, was and not is_now)
    if OFFICE.opening(moment).is_open and not (found.counts_from and found.counts_from <= moment):
        rung = [[one.id for one in on_shift(rota.advisers, moment)] for rota in (before, after)]
        assert rung[0] == rung[1]
