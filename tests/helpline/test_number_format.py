"""Telephone numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.helpline.phone_numbers import E164, parse_number

SPACES = st.sampled_from(["", " ", "\u00a0", "-", ".", "  ", "\u2011", "/"])
PREFIXES = ("0", "+44", "+44 (0)", "+440", "0044", "0044 (0)", "tel:+44", "tel:0", " (0", "\u202a+44")


@given(st.sampled_from(["7700900001", "1632960003", "2079460123", "136377123"]), st.sampled_from(PREFIXES), st.data())
def test_a_number_is_read_however_people_write_it(national: str, prefix: str, data: st.DataObject) -> None:
    written = prefix + "".join(digit + data.draw(SPACES) for digit in national)
    assert parse_number(written) == f"+44{national}"


@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
def test_a_number_with_its_country_is_taken_as_it_is(number: str) -> None:
    assert parse_number(number) == number or number.startswith("+440")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "+",
        "+44",
        "07700 90000",
        "07700 9000012",
        "7700 900001",
        "withheld",
        "07700 90000o",
        "+٤٤٧٧٠٠٩٠٠٠٠١",
        "++447700900001",
    ],
)
def test_what_could_be_another_number_is_not_guessed_at(text: str) -> None:
    assert parse_number(text) is None


@given(st.text() | st.from_regex(r"[0-9+() .-]{1,30}", fullmatch=True))
def test_no_text_is_too_strange_to_be_refused(text: str) -> None:
    number = parse_number(text)
    assert number is None or E164.fullmatch(number)
