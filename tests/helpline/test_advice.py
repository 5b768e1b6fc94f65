from datetime import date

import pytest

from ivr.helpline.advice import advice
from ivr.helpline.deadlines import work_out
from ivr.helpline.working_days import england_and_wales


def read(letter: date, today: date, certificate: date | None = None, school_only: bool = False) -> str:
    found = work_out(letter, certificate, school_only, england_and_wales())
    return " ".join(advice(found, certificate is not None, school_only, today))


SUMMER = date(2026, 6, 30)  # ends on Sunday 30 August 2026


def test_in_time_it_says_by_when_to_send_and_whom_to_contact() -> None:
    text = read(SUMMER, date(2026, 8, 27))
    assert "by Sunday 30 August 2026, two months from the date on the letter" in text
    assert "by 5 pm on Friday 28 August 2026" in text
    assert "Do not wait, but the Tribunal may take it until Tuesday 1 September 2026" in text
    assert "Contact the mediation adviser by Sunday 30 August 2026" in text


def test_on_the_last_working_day_it_says_now() -> None:
    assert "Send it now: today is the last working day" in read(SUMMER, date(2026, 8, 28))


@pytest.mark.parametrize("day", [29, 30])
def test_when_the_last_working_day_has_gone_it_says_today(day: int) -> None:
    text = read(SUMMER, date(2026, 8, day))
    assert "Send it today: Friday 28 August 2026, the last working day in time, has gone" in text


def test_on_the_last_day_the_mediation_adviser_can_still_be_contacted() -> None:
    assert "Contact the mediation adviser by Sunday 30 August 2026" in read(SUMMER, date(2026, 8, 30))


def test_no_extension_is_spoken_of_where_there_is_none() -> None:
    assert "Do not wait" not in read(date(2026, 9, 24), date(2026, 11, 23))


def test_with_only_the_extension_left_it_says_today_and_asks_for_permission() -> None:
    text = read(SUMMER, date(2026, 9, 1))
    assert "Send it today, do not wait" in text
    assert "until Tuesday 1 September 2026" in text
    assert "without a certificate the appeal needs the Tribunal's permission" in text


def test_a_passed_deadline_may_still_be_appealed_late() -> None:
    text = read(SUMMER, date(2026, 9, 2))
    assert "A late appeal may still be possible" in text
    assert "Send it" not in text


def test_with_a_certificate_there_is_nobody_to_contact() -> None:
    text = read(date(2026, 10, 14), date(2026, 12, 18), certificate=date(2026, 11, 20))
    assert "one month from the date on the mediation certificate" in text
    assert "mediation adviser" not in text
    assert "permission" not in text


def test_about_the_school_only_no_certificate_is_asked_for() -> None:
    text = read(date(2026, 10, 14), date(2026, 12, 15), school_only=True)
    assert "It needs no mediation certificate" in text
    assert "mediation adviser" not in text


def test_past_the_bank_holidays_we_know_it_says_so() -> None:
    text = read(date(2030, 10, 1), date(2026, 11, 23))
    assert "by Sunday 1 December 2030" in text
    assert "bank holidays of that time are not known" in text
