"""What comes first, on every day and at every hour."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.helpline.deadlines import Deadline, work_out
from ivr.helpline.next_step import FIVE, Certificate, NextStep, next_step
from ivr.helpline.working_days import england_and_wales

CALENDAR = england_and_wales()
LETTERS = st.dates(date(2019, 1, 1), date(2028, 6, 1))
DAYS = st.integers(0, 160)
HOURS = st.times()
IN_ORDER = [
    *(NextStep.get_certificate, NextStep.get_certificate_today, NextStep.ask_permission),
    *(NextStep.appeal, NextStep.appeal_by_five, NextStep.appeal_today, NextStep.extension, NextStep.late),
]
FOR_THE_CERTIFICATE = {NextStep.get_certificate, NextStep.get_certificate_today, NextStep.ask_permission}


def found_for(letter: date, certificate: Certificate, waited: int = 0) -> Deadline:
    """The deadline, with a certificate that took so many days if one is held."""
    day = letter + timedelta(days=waited) if certificate is Certificate.held else None
    return work_out(letter, day, certificate is Certificate.not_needed, CALENDAR)


@given(LETTERS, DAYS, HOURS, st.integers(0, 60))
def test_only_without_a_certificate_is_one_asked_for(letter: date, passed: int, hour: time, waited: int) -> None:
    now = datetime.combine(letter + timedelta(days=passed), hour)
    for certificate in Certificate:
        first = next_step(found_for(letter, certificate, waited), certificate, now)
        assert (first in FOR_THE_CERTIFICATE) == (certificate is Certificate.missing)


@given(
    LETTERS, st.sampled_from(Certificate), st.lists(st.tuples(DAYS, HOURS), min_size=2, max_size=2), st.integers(0, 60)
)
def test_time_only_ever_moves_on(
    letter: date, certificate: Certificate, moments: list[tuple[int, time]], waited: int
) -> None:
    found = found_for(letter, certificate, waited)
    earlier, later = (datetime.combine(letter + timedelta(days=days), hour) for days, hour in sorted(moments))
    first, then = (IN_ORDER.index(next_step(found, certificate, now)) for now in (earlier, later))
    assert first <= then


@given(LETTERS, DAYS, HOURS)
def test_five_o_clock_is_promised_to_nobody_for_whom_it_has_struck(letter: date, passed: int, hour: time) -> None:
    now = datetime.combine(letter + timedelta(days=passed), hour)
    found = found_for(letter, Certificate.not_needed)
    if next_step(found, Certificate.not_needed, now) is NextStep.appeal_by_five:
        assert now.date() == found.send_by
        assert now.time() < FIVE


@given(LETTERS, DAYS, HOURS)
def test_a_certificate_is_to_be_asked_for_to_the_last_of_the_two_months(letter: date, passed: int, hour: time) -> None:
    now = datetime.combine(letter + timedelta(days=passed), hour)
    found = found_for(letter, Certificate.missing)
    is_over = next_step(found, Certificate.missing, now) is NextStep.ask_permission
    assert is_over == (now.date() > found.mediation_contact_by)


@pytest.mark.parametrize("certificate", [Certificate.missing, Certificate.held, Certificate.not_needed])
def test_where_bank_holidays_are_not_known_nothing_is_guessed(certificate: Certificate) -> None:
    found = work_out(date(2029, 1, 10), None, False, CALENDAR)
    assert next_step(found, certificate, datetime.combine(date(2029, 2, 1), time(12))) is NextStep.unknown
