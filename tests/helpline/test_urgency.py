"""Whose date is so near that they cannot wait for their turn."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.helpline.deadlines import tribunal_last_day
from ivr.helpline.urgency import is_urgent
from ivr.helpline.working_days import england_and_wales

CALENDAR = england_and_wales()
DAYS = st.dates(date(2024, 1, 1), date(2028, 6, 30))


@pytest.mark.parametrize(
    ("today", "deadline", "urgent"),
    [
        ("2026-11-23", "2026-11-23", True),  # today
        ("2026-11-23", "2026-11-30", True),  # a Monday, and the Monday after
        ("2026-11-23", "2026-12-01", False),
        ("2026-11-27", "2026-12-05", True),  # on a Friday: Saturday week is sent by Friday week
        ("2026-11-27", "2026-12-06", True),
        ("2026-11-27", "2026-12-07", False),
        ("2026-11-28", "2026-12-04", True),  # a Saturday: the five begin on Monday
        ("2026-11-28", "2026-12-06", True),
        ("2026-11-28", "2026-12-07", False),
        ("2026-12-17", "2026-12-24", True),  # before Christmas
        ("2026-12-17", "2026-12-28", True),  # from Christmas Day on, it is sent by Christmas Eve
        ("2026-12-17", "2026-12-29", False),
        ("2026-12-18", "2026-12-29", True),  # the 25th and the 28th are bank holidays, the 26th and 27th a weekend
        ("2026-12-18", "2026-12-30", False),
        ("2026-12-21", "2026-12-30", True),
        ("2026-12-21", "2026-12-31", False),
        ("2026-12-24", "2027-01-05", True),  # 29, 30 and 31 December; after New Year's Day, a Friday, 4 and 5 January
        ("2026-12-24", "2027-01-06", False),
        ("2027-03-25", "2027-04-05", True),  # Maundy Thursday: Good Friday and Easter Monday do not count
        ("2027-03-25", "2027-04-06", False),
    ],
)
def test_a_date_is_urgent_for_five_working_days(today: str, deadline: str, urgent: bool) -> None:
    day = date.fromisoformat(today)
    assert is_urgent(date.fromisoformat(deadline), day, day, CALENDAR) == urgent


@pytest.mark.parametrize(
    ("deadline", "last"), [("2026-11-20", "2026-11-20"), ("2026-11-21", "2026-11-23"), ("2026-08-03", "2026-09-01")]
)
def test_a_date_that_has_gone_is_urgent_until_the_tribunals_own_last_day(deadline: str, last: str) -> None:
    gone, day = date.fromisoformat(deadline), date.fromisoformat(last)
    assert is_urgent(gone, day, day, CALENDAR)
    assert not is_urgent(gone, day + timedelta(days=1), day + timedelta(days=1), CALENDAR)


def test_a_date_that_goes_by_while_a_caller_waits_for_us_stays_urgent() -> None:
    deadline, asked = date(2026, 11, 20), date(2026, 11, 18)
    assert is_urgent(deadline, date(2026, 12, 24), asked, CALENDAR)


def test_without_a_date_nothing_is_urgent() -> None:
    assert not is_urgent(None, date(2026, 11, 23), date(2026, 11, 23), CALENDAR)


@pytest.mark.parametrize(
    ("today", "deadline", "urgent"),
    [
        ("2029-02-01", "2029-02-01", True),
        ("2029-02-01", "2029-02-08", True),
        ("2029-02-01", "2029-02-09", False),
        ("2029-02-01", "2029-01-31", False),
        ("2028-12-28", "2029-01-04", True),
        ("2028-12-28", "2029-01-05", False),
        ("2028-12-20", "2028-12-31", False),
    ],
)
def test_where_bank_holidays_are_not_known_plain_days_are_compared(today: str, deadline: str, urgent: bool) -> None:
    day = date.fromisoformat(today)
    assert is_urgent(date.fromisoformat(deadline), day, day, CALENDAR) == urgent


@given(DAYS, st.integers(-60, 60))
def test_what_is_urgent_is_counted_day_by_day(today: date, away: int) -> None:
    """Against a count of its own: the working days after today, up to the day to send it by."""
    deadline = today + timedelta(days=away)
    send_by = CALENDAR.on_or_before(deadline)
    ahead = sum(CALENDAR.is_working_day(today + timedelta(days=n)) for n in range(1, (send_by - today).days + 1))
    assert is_urgent(deadline, today, today, CALENDAR) == (
        ahead <= 5 and tribunal_last_day(deadline, CALENDAR) >= today
    )
