"""Dates as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.helpline.date_format import MONTHS, parse_date

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
