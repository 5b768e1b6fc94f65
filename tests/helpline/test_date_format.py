"""Dates as people write them."""

from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.helpline.date_format import MONTHS, YEARS, parse_date, parse_moment
from ivr.helpline.timezone import local_time

FORMS = (
    "{d}/{m}/{y}",
    "{d:02}/{m:02}/{y}",
    "{d}.{m}.{y}",
    "{d}-{m}-{y}",
    "{d:02}{m:02}{y}",
    "{y}-{m:02}-{d:02}",
    " {d} {m} {y} ",
)


@given(st.dates(date(1000, 1, 1)), st.sampled_from(FORMS))
def test_a_date_is_read_however_people_write_it(day: date, form: str) -> None:
    assert parse_date(form.format(d=day.day, m=day.month, y=day.year)) == day


@given(
    st.dates(date(1000, 1, 1)),
    st.sampled_from(["{d} {m} {y}", "{d}th {m} {y}", "{d} of {m}, {y}", "{d} {s} {y}", "{d} {s}. {y}"]),
)
def test_a_month_may_be_a_word_or_its_first_letters(day: date, form: str) -> None:
    name = MONTHS[day.month - 1].capitalize()
    assert parse_date(form.format(d=day.day, m=name, s=name[:3], y=day.year)) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "14/10",
        "14/10/26",
        "10/14/2026",
        "31/02/2026",
        "14/10-2026",
        "20261014",
        "14 ju 2026",
        "1410202",
        "14 10 2026 1",
    ],
)
def test_what_could_be_another_date_is_not_guessed_at(text: str) -> None:
    assert parse_date(text) is None


@given(st.text())
def test_no_text_is_too_strange_to_be_refused(text: str) -> None:
    assert parse_date(text) is None or any(sign.isdigit() for sign in text)


TIMES = (
    "{day}T{at:%H:%M}",
    "{day} {at:%H:%M}",
    "{day}, {at:%H.%M}",
    "  {day}  at {at:%H:%M:%S} ",
    "{day}t{at:%H:%M:%S}",
)
DAYS = st.dates(date(YEARS.start + 1, 1, 1), date(YEARS.stop - 2, 1, 1))


@given(DAYS, st.times(), st.sampled_from(FORMS), st.sampled_from(TIMES))
def test_any_date_may_have_a_time_on_the_clock_of_london(day: date, at: time, date_form: str, form: str) -> None:
    written = date_form.format(d=day.day, m=day.month, y=day.year)
    text = form.format(day=written, at=at)
    assert parse_moment(text) == local_time(day, at.replace(second=at.second if "%S" in form else 0, microsecond=0))


@given(DAYS, st.sampled_from(FORMS))
def test_a_day_alone_is_its_first_moment(day: date, form: str) -> None:
    assert parse_moment(form.format(d=day.day, m=day.month, y=day.year)) == local_time(day, time())


@given(DAYS, st.times(), st.integers(-14 * 60, 14 * 60))
def test_an_offset_is_honoured(day: date, at: time, minutes: int) -> None:
    exact = datetime.combine(day, at, timezone(timedelta(minutes=minutes)))
    for text in (exact.isoformat(), f"{exact:%d/%m/%Y %H:%M:%S%z}"):
        found = parse_moment(text)
        assert found
        assert found == exact.replace(microsecond=0)
        assert found.utcoffset() == timedelta()


@pytest.mark.parametrize(
    "text", ["noon", "10:00", "2026-11-23 24:00", "2026-11-23 10", "2026-11-23 10:60", "2026-11-2310:00", "1066-10-14"]
)
def test_what_could_be_another_moment_is_not_guessed_at(text: str) -> None:
    assert parse_moment(text) is None


@given(st.text() | st.from_regex(r"[0-9/T:+. -]{8,30}", fullmatch=True))
def test_no_text_is_too_strange_to_be_refused_as_a_moment(text: str) -> None:
    found = parse_moment(text)
    assert found is None or found.year + 1 in range(YEARS.start, YEARS.stop + 2)
