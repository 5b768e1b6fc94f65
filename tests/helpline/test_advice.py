"""What an adviser reads: what comes first, first, and never two things that contradict one another."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.helpline.advice import deadline_advice
from ivr.helpline.deadlines import work_out
from ivr.helpline.next_step import Certificate
from ivr.helpline.working_days import england_and_wales

MORNING = time(10)
SUMMER = date(2026, 6, 30)  # ends on Sunday 30 August 2026
MISSING, HELD, NOT_NEEDED = Certificate.missing, Certificate.held, Certificate.not_needed


def read(letter: date, day: date, state: Certificate, certificate: date | None = None, at: time = MORNING) -> str:
    found = work_out(letter, certificate, state is NOT_NEEDED, england_and_wales())
    return " ".join(deadline_advice(found, state, datetime.combine(day, at)))


def test_without_a_certificate_it_comes_first_and_the_last_day_to_appeal_last() -> None:
    text = read(SUMMER, date(2026, 7, 10), MISSING)
    assert text.startswith("First a mediation certificate is needed. Ring the mediation adviser named in the letter")
    assert "by Friday 28 August 2026. Say that they wish to appeal, and whether they want mediation" in text
    assert text.endswith("until Sunday 30 August 2026, or one month from the certificate's date, whichever is later.")


@pytest.mark.parametrize("day", [28, 29, 30])
def test_on_the_last_days_for_it_the_adviser_is_to_be_contacted_today(day: int) -> None:
    text = read(SUMMER, date(2026, 8, day), MISSING, at=time(18))
    assert "named in the letter today: the time for it ends on Sunday 30 August 2026" in text
    assert "leave a message" in text
    assert "Send" not in text


def test_past_the_two_months_it_is_the_tribunals_permission_and_nothing_to_send() -> None:
    text = read(SUMMER, date(2026, 8, 31), MISSING)
    assert "ended on Sunday 30 August 2026" in text
    assert "needs the Tribunal's permission" in text
    assert "end it" not in text


def test_in_time_it_says_by_when_to_send() -> None:
    text = read(SUMMER, date(2026, 8, 27), NOT_NEEDED)
    assert "by Sunday 30 August 2026, two months from the date on the letter" in text
    assert "by 5 pm on Friday 28 August 2026" in text
    assert "Do not wait, but the Tribunal may take it until Tuesday 1 September 2026" in text
    assert text.endswith("It needs no mediation certificate, being only about the school or college.")


def test_on_the_last_working_day_it_says_now_until_five() -> None:
    assert "Send it now: today is the last working day" in read(SUMMER, date(2026, 8, 28), NOT_NEEDED)
    assert "Send it today: Friday 28 August 2026" in read(SUMMER, date(2026, 8, 28), NOT_NEEDED, at=time(17))


@pytest.mark.parametrize("day", [29, 30])
def test_when_the_last_working_day_has_gone_it_says_today(day: int) -> None:
    text = read(SUMMER, date(2026, 8, day), NOT_NEEDED)
    assert "Send it today: Friday 28 August 2026, the last working day for it, is over" in text


def test_no_extension_is_spoken_of_where_there_is_none() -> None:
    assert "Do not wait" not in read(date(2026, 9, 24), date(2026, 11, 23), NOT_NEEDED)


def test_with_only_the_extension_left_it_says_today() -> None:
    text = read(SUMMER, date(2026, 9, 1), NOT_NEEDED)
    assert "Send it today, do not wait" in text
    assert "until Tuesday 1 September 2026" in text


@pytest.mark.parametrize(("day", "at"), [(date(2026, 9, 1), time(17)), (date(2026, 9, 2), MORNING)])
def test_a_passed_deadline_may_still_be_appealed_late(day: date, at: time) -> None:
    text = read(SUMMER, day, NOT_NEEDED, at=at)
    assert "A late appeal may still be possible" in text
    assert "5 pm" not in text


def test_with_a_certificate_there_is_nobody_to_contact() -> None:
    text = read(date(2026, 10, 14), date(2026, 12, 18), HELD, date(2026, 11, 20))
    assert "one month from the date on the mediation certificate" in text
    assert "mediation adviser" not in text
    assert "permission" not in text


def test_past_the_bank_holidays_we_know_it_says_so() -> None:
    for state in (MISSING, NOT_NEEDED):
        text = read(date(2030, 10, 1), date(2026, 11, 23), state)
        assert "by Sunday 1 December 2030" in text
        assert "bank holidays of that time are not known" in text


@given(st.dates(date(2019, 1, 1), date(2028, 6, 1)), st.integers(0, 160), st.times(), st.sampled_from(Certificate))
def test_nobody_is_told_to_send_an_appeal_that_needs_a_certificate_first(
    letter: date, passed: int, at: time, state: Certificate
) -> None:
    text = read(letter, letter + timedelta(days=passed), state, letter if state is HELD else None, at)
    assert ("end it" in text or "Have it there" in text) == (state is not MISSING)
    assert ("adviser" in text) == (state is MISSING)
