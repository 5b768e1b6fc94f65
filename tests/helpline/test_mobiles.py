"""Which numbers may be sent a text, against a list of every number plan in the world."""

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType as Type

from ivr.helpline.mobiles import KEYS, MOBILE, Line, from_keys, grouped, kind_of

SAME = {
    Type.MOBILE: Line.mobile,
    Type.FIXED_LINE: Line.landline,
    Type.VOIP: Line.landline,
    Type.UAN: Line.landline,
    Type.TOLL_FREE: Line.landline,
    Type.PREMIUM_RATE: Line.premium,
    Type.SHARED_COST: Line.premium,
    Type.PERSONAL_NUMBER: Line.personal,
    Type.PAGER: Line.pager,
}
"""What the list calls a number here, and what it is to us."""


@pytest.mark.parametrize(
    ("number", "line"),
    [
        ("+447700900123", Line.mobile),
        ("+447700900999", Line.mobile),
        ("+447624900123", Line.mobile),
        ("+447100000000", Line.mobile),
        ("+441632960123", Line.landline),
        ("+442079460123", Line.landline),
        ("+448081570123", Line.landline),
        ("+443003035857", Line.landline),
        ("+445600123456", Line.landline),
        ("+448451234567", Line.premium),
        ("+448712345678", Line.premium),
        ("+449098790123", Line.premium),
        ("+447012345678", Line.personal),
        ("+447612345678", Line.pager),
        ("+447625900123", Line.pager),
        ("+33612345678", Line.foreign),
        ("+12025550123", Line.foreign),
        ("+44770090012", Line.nonsense),
        ("+4477009001234", Line.nonsense),
        ("+446012345678", Line.nonsense),
        ("+4407700900123", Line.nonsense),
        ("07700900123", Line.nonsense),
        ("sip:bob@example.com", Line.nonsense),
        ("client:bob", Line.nonsense),
        ("+44 7700 900123", Line.nonsense),
        ("+447700900123\n", Line.nonsense),
        ("+4477009001٢٣", Line.nonsense),
    ],
)
def test_a_number_is_known_for_what_it_is(number: str, line: Line) -> None:
    assert kind_of(number) is line


@pytest.mark.parametrize(
    "number",
    [
        *("+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "+464"),
        *("anonymous", "Anonymous", "ANONYMOUS", "unavailable", "restricted", "unknown", ""),
    ],
)
def test_a_withheld_number_is_known_however_it_is_spelt(number: str) -> None:
    assert kind_of(number) is Line.withheld


@pytest.mark.parametrize("rest", ["00123", "234567", "987654"])
def test_a_number_that_exists_here_is_what_the_list_says(rest: str) -> None:
    existing = 0
    for begins in range(1000, 10000):
        listed = phonenumbers.parse(f"+44{begins}{rest}")
        if phonenumbers.is_valid_number(listed):
            existing += 1
            assert kind_of(f"+44{begins}{rest}") is SAME[phonenumbers.number_type(listed)], begins
    assert existing


@pytest.mark.parametrize("region", ["GB", "GG", "IM", "JE"])
@pytest.mark.parametrize("sort", SAME)
def test_the_lists_own_examples_are_what_it_says(region: str, sort: int) -> None:
    found = phonenumbers.example_number_for_type(region, sort)
    if found is not None:  # the islands have not every sort
        assert kind_of(f"+{found.country_code}{found.national_number}") is SAME[sort]


@given(st.text(max_size=20) | st.from_regex(r"\+?[0-9]{0,16}", fullmatch=True))
@example("+447700900123")
def test_only_a_mobile_of_the_united_kingdom_is_a_mobile(number: str) -> None:
    assert (kind_of(number) is Line.mobile) == bool(MOBILE.fullmatch(number))


@given(st.text("0123456789*#", max_size=KEYS))
def test_whatever_is_keyed_is_a_mobile_only_if_it_is_one_as_people_write_it(keys: str) -> None:
    keyed = kind_of(from_keys(keys)) is Line.mobile
    assert not keyed or (len(keys) == KEYS and keys.startswith("07"))


@given(st.from_regex(MOBILE, fullmatch=True))
def test_a_mobile_read_back_in_groups_is_what_was_keyed(number: str) -> None:
    read = grouped(number).replace(" ", "")
    assert len(read) == KEYS
    assert from_keys(read) == number
