"""Swaps and covers: shifts change hands, and no open hour is left without anybody."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.errors import RotaRefused
from ivr.helpline.handover import Handover, hand_over
from ivr.helpline.hours_format import parse_spans
from ivr.helpline.intervals import difference
from ivr.helpline.opening_hours import OpeningHours
from ivr.helpline.rota import Absence, Adviser
from ivr.helpline.staffing import gaps
from ivr.helpline.timezone import LONDON

OFFICE = OpeningHours({day: parse_spans(["09:00-17:00"]) for day in range(5)})
MORNING, AFTERNOON, NIGHT = parse_spans(["09:00-13:00"]), parse_spans(["13:00-17:00"]), parse_spans(["22:00-06:00"])
MONDAY, TUESDAY = date(2026, 12, 14), date(2026, 12, 15)
JO = Adviser("jo", "Jo", "+447700900001", {0: MORNING, 1: MORNING})
SAM = Adviser("sam", "Sam", "+447700900002", {0: AFTERNOON, 1: AFTERNOON})
LEE = Adviser("lee", "Lee", "+447700900003", {2: MORNING, 4: NIGHT})


def handed(advisers: Sequence[Adviser], *handovers: Handover, today: date = MONDAY) -> dict[str, Adviser]:
    return {one.name: one for one in hand_over(advisers, handovers, OFFICE, today)}


def refused(advisers: Sequence[Adviser], *handovers: Handover, today: date = MONDAY) -> str:
    with pytest.raises(RotaRefused) as error:
        handed(advisers, *handovers, today=today)
    return str(error.value)


def test_a_swap_of_two_days_gives_each_the_shifts_of_the_other() -> None:
    after = handed([JO, LEE], Handover(JO, LEE, MONDAY), Handover(LEE, JO, date(2026, 12, 16)))
    assert after["Jo"].changes == {MONDAY: (), date(2026, 12, 16): MORNING}
    assert after["Lee"].changes == {MONDAY: MORNING, date(2026, 12, 16): ()}


def test_a_swap_within_a_day_turns_it_round() -> None:
    after = handed([JO, SAM], Handover(JO, SAM, MONDAY), Handover(SAM, JO, MONDAY))
    assert (after["Jo"].shifts(MONDAY), after["Sam"].shifts(MONDAY)) == (AFTERNOON, MORNING)


def test_whoever_covers_keeps_their_own_shifts_of_the_day() -> None:
    after = handed([JO, SAM], Handover(JO, SAM, MONDAY))
    assert after["Sam"].shifts(MONDAY) == parse_spans(["09:00-13:00", "13:00-17:00"])
    assert after["Jo"].shifts(MONDAY) == ()


def test_the_day_of_somebody_who_is_away_can_be_covered() -> None:
    ill = replace(JO, absences=(Absence(MONDAY, MONDAY),))
    assert handed([ill, LEE], Handover(ill, LEE, MONDAY))["Lee"].shifts(MONDAY) == MORNING


def test_a_cover_in_part_is_refused_with_the_hours_that_are_left() -> None:
    told = refused([JO, SAM, LEE], Handover(JO, LEE, MONDAY, parse_spans(["09:00-11:30"])))
    assert told == "Nobody would be there though we are open: Mon 14 Dec 2026 11:30 to 13:00."


def test_a_cover_in_part_opens_no_gap_where_there_was_one() -> None:
    ill = replace(JO, absences=(Absence(MONDAY, MONDAY),))
    after = handed([ill, SAM, LEE], Handover(ill, LEE, MONDAY, parse_spans(["09:00-11:30"])))
    assert after["Lee"].shifts(MONDAY) == parse_spans(["09:00-11:30"])


@pytest.mark.parametrize(
    ("giver", "taker", "day", "told"),
    [
        (JO, JO, MONDAY, "That is Jo twice: name two people."),
        (JO, LEE, date(2026, 12, 16), "Jo has no shift on Wed 16 Dec 2026."),
        (JO, LEE, date(2026, 12, 7), "Mon 07 Dec 2026 is over."),
        (JO, replace(LEE, away=True), MONDAY, "Lee is away on Mon 14 Dec 2026."),
        (JO, replace(LEE, absences=(Absence(date(2026, 12, 10), MONDAY),)), MONDAY, "Lee is away on Mon 14 Dec 2026."),
        (JO, replace(LEE, number=""), MONDAY, "The number of Lee cannot be read, so nobody can ring them."),
        (JO, replace(LEE, week={0: parse_spans(["12:00-14:00"])}), MONDAY, "Lee would be there twice on Mon 14 Dec"),
    ],
)
def test_what_cannot_be_is_refused_in_words(giver: Adviser, taker: Adviser, day: date, told: str) -> None:
    assert refused([giver, SAM, taker], Handover(giver, taker, day)).startswith(told)


def test_a_shift_of_the_night_before_counts_as_being_there() -> None:
    night = replace(LEE, week={6: parse_spans(["20:00-10:00"])})
    told = refused([JO, SAM, night], Handover(JO, night, MONDAY))
    assert told == "Lee would be there twice: Mon 14 Dec 2026 09:00 to 10:00."


def test_a_night_shift_that_is_taken_over_lasts_into_a_shift_of_the_next_day() -> None:
    friday = date(2026, 12, 18)
    early = replace(SAM, week={5: parse_spans(["05:00-09:00"])})
    assert "Sat 19 Dec 2026 05:00 to 06:00" in refused([LEE, early], Handover(LEE, early, friday))


SPANS = st.sampled_from(
    [(), MORNING, AFTERNOON, parse_spans(["09:00-12:00", "12:30-17:00"]), parse_spans(["10:00-15:00"]), NIGHT]
)
AT = date(2026, 10, 19)
"""A week before the clocks go back."""
DAYS = st.integers(0, 13).map(lambda n: AT + timedelta(days=n))
WEEKS = st.dictionaries(st.integers(0, 6), SPANS, max_size=7)
ABSENCES = st.lists(st.tuples(DAYS, st.integers(0, 3)), max_size=1).map(
    lambda some: tuple(Absence(day, day + timedelta(days=more)) for day, more in some)
)
TEAM = st.lists(st.tuples(WEEKS, ABSENCES, st.booleans()), min_size=2, max_size=4).map(
    lambda some: tuple(
        Adviser(f"{n}", f"Adviser {n}", "" if lost and n == 0 else f"+44770090000{n}", week, absences=absences)
        for n, (week, absences, lost) in enumerate(some)
    )
)
MOVES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), DAYS, st.none() | DAYS, st.none() | SPANS.filter(bool)), max_size=8
)
OPEN = OpeningHours({day: parse_spans(["08:00-18:00"]) for day in range(5)} | {5: parse_spans(["20:00-07:00"])})


@given(TEAM, MOVES)
def test_no_sequence_of_swaps_and_covers_opens_a_gap_or_has_somebody_there_twice(
    team: tuple[Adviser, ...], moves: list[tuple[int, int, date, date | None, object]]
) -> None:
    begins = datetime(2026, 10, 18, tzinfo=LONDON)
    ends = begins + timedelta(days=21)
    at_first = gaps(OPEN, team, begins, ends)
    for one, other, day, back, spans in moves:
        first, second = team[one % len(team)], team[other % len(team)]
        handovers = [Handover(first, second, day, None if back else spans)]  # type: ignore[arg-type]
        if back:
            handovers.append(Handover(second, first, back))
        try:
            after = hand_over(team, handovers, OPEN, AT)
        except RotaRefused:
            continue
        for adviser in after:
            for changed in adviser.changes.values():
                assert parse_spans(map(str, changed)) == changed
        team = after
    assert difference(gaps(OPEN, team, begins, ends), at_first) == []
