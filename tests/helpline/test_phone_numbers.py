"""Which numbers may be sent a text or rung back, against a list of every number plan in the world."""

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType as Type

from ivr.helpline.phone_numbers import (
    KEYS,
    LANDLINE,
    MOBILE,
    SHORT_AREAS,
    NumberKind,
    can_ring_back,
    can_text,
    from_keys,
    grouped,
    kind_of,
)

SAME = {
    Type.MOBILE: NumberKind.mobile,
    Type.FIXED_LINE: NumberKind.landline,
    Type.VOIP: NumberKind.service,
    Type.TOLL_FREE: NumberKind.service,
    Type.PREMIUM_RATE: NumberKind.premium,
    Type.SHARED_COST: NumberKind.premium,
    Type.PERSONAL_NUMBER: NumberKind.personal,
    Type.PAGER: NumberKind.pager,
}
"""What the list calls a number here, and what it is to us; its firms are of two sorts, and 03 is as cheap as a home."""


def listed_as(number: phonenumbers.PhoneNumber) -> NumberKind:
    """What the list says that a number is, in our words."""
    sort = phonenumbers.number_type(number)
    if sort == Type.UAN:
        return NumberKind.landline if str(number.national_number).startswith("3") else NumberKind.service
    return SAME[sort]


@pytest.mark.parametrize(
    ("number", "line"),
    [
        ("+447700900123", NumberKind.mobile),
        ("+447700900999", NumberKind.mobile),
        ("+447624900123", NumberKind.mobile),
        ("+447100000000", NumberKind.mobile),
        ("+441632960123", NumberKind.landline),
        ("+442079460123", NumberKind.landline),
        ("+448081570123", NumberKind.service),
        ("+448001111", NumberKind.nonsense),
        ("+44136377123", NumberKind.landline),
        ("+44163296012", NumberKind.nonsense),
        ("+44207946012", NumberKind.nonsense),
        ("+44300303585", NumberKind.nonsense),
        ("+443003035857", NumberKind.landline),
        ("+445600123456", NumberKind.service),
        ("+448451234567", NumberKind.premium),
        ("+448712345678", NumberKind.premium),
        ("+449098790123", NumberKind.premium),
        ("+447012345678", NumberKind.personal),
        ("+447612345678", NumberKind.pager),
        ("+447625900123", NumberKind.pager),
        ("+33612345678", NumberKind.foreign),
        ("+12025550123", NumberKind.foreign),
        ("+44770090012", NumberKind.nonsense),
        ("+4477009001234", NumberKind.nonsense),
        ("+446012345678", NumberKind.nonsense),
        ("+4407700900123", NumberKind.nonsense),
        ("07700900123", NumberKind.nonsense),
        ("sip:bob@example.com", NumberKind.nonsense),
        ("client:bob", NumberKind.nonsense),
        ("+44 7700 900123", NumberKind.nonsense),
        ("+447700900123\n", NumberKind.nonsense),
        ("+4477009001٢٣", NumberKind.nonsense),
    ],
)
def test_a_number_is_known_for_what_it_is(number: str, line: NumberKind) -> None:
    assert kind_of(number) is line


@pytest.mark.parametrize(
    "number",
    [
        *("+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "+464"),
        *("anonymous", "Anonymous", "ANONYMOUS", "unavailable", "restricted", "unknown", ""),
    ],
)
def test_a_withheld_number_is_known_however_it_is_spelt(number: str) -> None:
    assert kind_of(number) is NumberKind.withheld


@pytest.mark.parametrize("rest", ["00123", "234567", "987654"])
def test_a_number_that_exists_here_is_what_the_list_says(rest: str) -> None:
    existing = 0
    for begins in range(1000, 10000):
        listed = phonenumbers.parse(f"+44{begins}{rest}")
        if phonenumbers.is_valid_number(listed):
            existing += 1
            assert kind_of(f"+44{begins}{rest}") is listed_as(listed), begins
    assert existing


def test_a_landline_is_a_figure_short_only_where_the_list_has_such_numbers() -> None:
    def is_listed(area: int) -> bool:
        numbers = (phonenumbers.parse(f"+44{area}{rest}") for rest in range(20100, 99999, 373))
        return any(map(phonenumbers.is_valid_number, numbers))

    assert {str(area) for area in range(1000, 2000) if is_listed(area)} == set(SHORT_AREAS)


@pytest.mark.parametrize("region", ["GB", "GG", "IM", "JE"])
@pytest.mark.parametrize("sort", [*SAME, Type.UAN])
def test_the_lists_own_examples_are_what_it_says(region: str, sort: int) -> None:
    found = phonenumbers.example_number_for_type(region, sort)
    if found is not None:  # the islands have not every sort
        assert kind_of(f"+{found.country_code}{found.national_number}") is listed_as(found)


@given(st.text(max_size=20) | st.from_regex(r"\+?[0-9]{0,16}", fullmatch=True))
@example("+447700900123")
def test_only_a_mobile_of_the_united_kingdom_is_a_mobile(number: str) -> None:
    assert (kind_of(number) is NumberKind.mobile) == bool(MOBILE.fullmatch(number))


@given(st.text("0123456789*#", max_size=KEYS))
def test_whatever_is_keyed_is_a_mobile_only_if_it_is_one_as_people_write_it(keys: str) -> None:
    keyed = kind_of(from_keys(keys)) is NumberKind.mobile
    assert not keyed or (len(keys) == KEYS and keys.startswith("07"))


@given(st.from_regex(MOBILE, fullmatch=True))
def test_a_mobile_read_back_in_groups_is_what_was_keyed(number: str) -> None:
    read = grouped(number).replace(" ", "")
    assert len(read) == KEYS
    assert from_keys(read) == number


@pytest.mark.parametrize(
    "number", ["+447700900123", "+447624900123", "+441632960123", "+442079460123", "+443003035857"]
)
def test_who_can_be_rung_back(number: str) -> None:
    assert can_ring_back(number)


@pytest.mark.parametrize(
    "number",
    [
        *("+448081570123", "+445600123456", "+448451234567", "+449098790123", "+447012345678", "+447612345678"),
        *(
            "+33612345678",
            "+12025550123",
            "anonymous",
            "",
            "+44163296012",
            "+4416329601234",
            "01632960123",
            "client:bob",
        ),
    ],
)
def test_who_cannot_be_rung_back(number: str) -> None:
    assert not can_ring_back(number)


@given(st.from_regex(r"\+44[0-9]{8,11}", fullmatch=True))
def test_whoever_is_rung_back_costs_no_more_than_anybody(number: str) -> None:
    listed = phonenumbers.parse(number)
    dear = phonenumbers.number_type(listed) in (Type.PREMIUM_RATE, Type.SHARED_COST, Type.PERSONAL_NUMBER, Type.PAGER)
    assert not (dear and can_ring_back(number))
    assert can_ring_back(number) or not can_text(number)


@pytest.mark.parametrize(
    ("number", "groups"),
    [
        ("+447700900123", "07700 900 123"),
        ("+441632960123", "01632 960 123"),
        ("+44136377123", "01363 77123"),
        ("+442079460123", "020 7946 0123"),
        ("+441174960123", "0117 496 0123"),
        ("+441614960123", "0161 496 0123"),
        ("+441204960123", "01204 960 123"),
        ("+443003035857", "0300 303 5857"),
    ],
)
def test_a_number_is_read_back_in_the_groups_it_is_printed_in(number: str, groups: str) -> None:
    assert grouped(number) == groups


@given(st.from_regex(LANDLINE, fullmatch=True))
def test_a_landline_read_back_in_groups_is_what_was_keyed(number: str) -> None:
    assert from_keys(grouped(number).replace(" ", "")) == number
    assert all(2 < len(group) < 6 for group in grouped(number).split())
