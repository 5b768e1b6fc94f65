import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.errors import BeyondCalendar, CertificateBeforeLetter
from ivr.helpline.deadlines import Basis, Deadline, Status, add_months, tribunal_last_day, work_out
from ivr.helpline.working_days import Calendar, england_and_wales

CALENDAR = england_and_wales()
CASES = list(csv.DictReader(Path(__file__).with_name("deadlines.csv").read_text("utf-8").splitlines()))
ONE_DAY = timedelta(days=1)

# As far as the bank holidays have all that rule 12 can ask for, whatever the wait for a certificate.
known = st.dates(date(2019, 1, 1), date(2028, 11, 30))
letters = st.dates(date(2018, 11, 1), date(2028, 6, 30))
waits = st.timedeltas(timedelta(0), timedelta(days=100))


def by_hand(day: date, months: int) -> date:
    """A number of months later, in integers alone: nothing shared with what is tested."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    lengths = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return date(year, month + 1, min(day.day, lengths[month]))


def iso(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize("case", [c for c in CASES if c["expect"] == "ok"], ids=lambda c: c["id"])
def test_a_known_case_comes_out_as_it_should(case: dict[str, str]) -> None:
    letter, certificate = date.fromisoformat(case["letter_date"]), iso(case["certificate_date"])
    found = work_out(letter, certificate, case["section_i_only"] == "yes", CALENDAR)
    assert found == Deadline(
        deadline=date.fromisoformat(case["deadline"]),
        basis=Basis(case["basis"]),
        send_by=iso(case["say_send_by"]),
        tribunal_last_day=iso(case["tribunal_last_day"]),
        mediation_contact_by=date.fromisoformat(case["mediation_contact_by"]),
        contact_by=CALENDAR.on_or_before(by_hand(letter, 2)) if case["say_send_by"] else None,
    )


@pytest.mark.parametrize(
    "case", [c for c in CASES if c["say_send_by"] and not c["certificate_date"]], ids=lambda c: c["id"]
)
def test_without_a_certificate_the_adviser_is_rung_by_the_working_day_before_two_months(case: dict[str, str]) -> None:
    found = work_out(date.fromisoformat(case["letter_date"]), None, False, CALENDAR)
    assert found.contact_by == iso(case["say_send_by"])


@given(st.dates(max_value=date(9999, 10, 31)), st.integers(1, 2))
def test_months_are_counted_as_by_hand(day: date, months: int) -> None:
    assert add_months(day, months) == by_hand(day, months)


def test_months_are_counted_as_by_hand_on_every_day_of_eight_years() -> None:
    days = [date(2023, 1, 1) + n * ONE_DAY for n in range(8 * 366)]
    assert [add_months(d, n) for d in days for n in (1, 2)] == [by_hand(d, n) for d in days for n in (1, 2)]


def test_two_months_are_not_one_month_twice() -> None:
    assert add_months(date(2026, 1, 31), 2) == date(2026, 3, 31)


@given(letters, st.none() | waits, st.booleans())
def test_the_dates_stand_in_order(letter: date, wait: timedelta | None, school_only: bool) -> None:
    found = work_out(letter, None if wait is None else letter + wait, school_only, CALENDAR)
    assert found.send_by is not None
    assert found.tribunal_last_day is not None
    assert by_hand(letter, 2) == found.mediation_contact_by <= found.deadline
    assert found.send_by <= found.deadline <= found.tribunal_last_day
    assert CALENDAR.is_working_day(found.send_by)
    assert found.contact_by == CALENDAR.on_or_before(found.mediation_contact_by)
    assert CALENDAR.is_working_day(found.tribunal_last_day)


@given(letters, waits)
def test_the_later_of_the_two_dates_counts(letter: date, wait: timedelta) -> None:
    two, one = by_hand(letter, 2), by_hand(letter + wait, 1)
    found = work_out(letter, letter + wait, False, CALENDAR)
    assert found.deadline == max(two, one)
    assert found.basis is (Basis.certificate if one > two else Basis.letter)
    # Whether the later is taken before or after rule 12 makes no difference.
    last_days = (tribunal_last_day(two, CALENDAR), tribunal_last_day(one, CALENDAR))
    assert found.tribunal_last_day == max(last_days)


def test_the_tribunals_last_day_never_goes_back_as_the_deadline_goes_on() -> None:
    days = [date(2019, 1, 1) + n * ONE_DAY for n in range((date(2028, 11, 30) - date(2019, 1, 1)).days + 1)]
    last_days = [tribunal_last_day(day, CALENDAR) for day in days]
    assert last_days == sorted(last_days)


def test_equal_dates_are_the_letters() -> None:
    assert work_out(date(2026, 9, 10), date(2026, 10, 10), False, CALENDAR).basis is Basis.letter


@given(letters, waits)
def test_a_certificate_gives_no_time_about_the_school_only(letter: date, wait: timedelta) -> None:
    assert work_out(letter, letter + wait, True, CALENDAR) == work_out(letter, None, False, CALENDAR)


@pytest.mark.parametrize("school_only", [False, True])
def test_a_certificate_older_than_its_letter_is_refused(school_only: bool) -> None:
    with pytest.raises(CertificateBeforeLetter) as refused:
        work_out(date(2026, 9, 15), date(2026, 9, 14), school_only, CALENDAR)
    assert refused.value.code == "certificate_before_letter"


def test_a_certificate_of_the_same_day_is_taken() -> None:
    assert work_out(date(2026, 9, 15), date(2026, 9, 15), False, CALENDAR).basis is Basis.letter


@pytest.mark.parametrize(
    ("deadline", "last_day"),
    [
        (date(2026, 7, 31), date(2026, 7, 31)),  # the last day before August, a Friday
        (date(2027, 7, 31), date(2027, 8, 2)),  # a Saturday: one rule only, so not on to September
        (date(2026, 8, 1), date(2026, 9, 1)),
        (date(2026, 8, 31), date(2026, 9, 1)),
        (date(2024, 8, 15), date(2024, 9, 2)),  # 1 September 2024 is a Sunday
        (date(2026, 9, 1), date(2026, 9, 1)),
        (date(2026, 12, 24), date(2026, 12, 24)),
        (date(2026, 12, 25), date(2027, 1, 4)),
        (date(2026, 12, 31), date(2027, 1, 4)),
        (date(2027, 1, 1), date(2027, 1, 4)),
        (date(2024, 1, 1), date(2024, 1, 2)),
        (date(2028, 1, 1), date(2028, 1, 4)),  # Monday the third is a bank holiday
        (date(2028, 1, 2), date(2028, 1, 4)),
        (date(2027, 3, 26), date(2027, 3, 30)),  # Good Friday
        (date(2026, 11, 25), date(2026, 11, 25)),  # the twenty-fifth of another month
    ],
)
def test_the_tribunal_puts_off_a_time_that_ends_when_nobody_is_there(deadline: date, last_day: date) -> None:
    assert tribunal_last_day(deadline, CALENDAR) == last_day


def test_new_years_day_is_put_off_by_the_rule_itself_and_not_only_as_a_bank_holiday() -> None:
    bare = Calendar(frozenset(), CALENDAR.first, CALENDAR.last)
    assert tribunal_last_day(date(2025, 12, 31), bare) == date(2026, 1, 2)
    assert tribunal_last_day(date(2026, 1, 1), bare) == date(2026, 1, 2)


@pytest.mark.parametrize("edge", [date(2011, 12, 31), date(2012, 1, 1), date(2100, 8, 5), date(9999, 12, 31)])
def test_past_the_bank_holidays_we_know_nothing_is_guessed(edge: date) -> None:
    found = work_out(by_hand(edge, -2), None, False, CALENDAR)
    assert (found.send_by, found.tribunal_last_day, found.contact_by, found.status(edge)) == (None, None, None, None)
    assert found.deadline == by_hand(by_hand(edge, -2), 2)


def test_half_of_what_is_needed_is_not_given() -> None:
    ends = CALENDAR.last  # its working day on or before is known, the first one of January after is not
    with pytest.raises(BeyondCalendar):
        tribunal_last_day(ends, CALENDAR)
    assert CALENDAR.on_or_before(ends)
    assert work_out(by_hand(ends, -2), None, False, CALENDAR).send_by is None


@pytest.mark.parametrize(
    ("today", "status"),
    [
        (date(2026, 8, 28), Status.open),  # the day to send it by
        (date(2026, 8, 29), Status.open),
        (date(2026, 8, 30), Status.due_today),
        (date(2026, 8, 31), Status.extension_only),
        (date(2026, 9, 1), Status.extension_only),
        (date(2026, 9, 2), Status.passed),
    ],
)
def test_how_things_stand_depends_on_the_day(today: date, status: Status) -> None:
    assert work_out(date(2026, 6, 30), None, False, CALENDAR).status(today) is status


def test_a_deadline_without_extension_is_passed_the_day_after() -> None:
    found = work_out(date(2026, 9, 24), None, False, CALENDAR)
    assert [found.status(date(2026, 11, day)) for day in (23, 24, 25)] == ["open", "due_today", "passed"]


@given(letters, known)
def test_a_status_only_ever_moves_on(letter: date, today: date) -> None:
    found = work_out(letter, None, False, CALENDAR)
    now, tomorrow = found.status(today), found.status(today + ONE_DAY)
    assert now is not None
    assert tomorrow is not None
    order = list(Status)
    assert order.index(now) <= order.index(tomorrow)
