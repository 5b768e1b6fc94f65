"""Numbers that cost more to text are texted only if the operator chose so."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.helpline.phone_numbers import can_text
from ivr.helpline.text_destinations import TextDestinations

ISLANDS = ["+447797712345", "+447829712345", "+447937712345", "+447781123456", "+447839123456", "+447624900123"]


@pytest.mark.parametrize("number", [*ISLANDS, "+447911123456", "+447911012345"])
def test_the_islands_are_texted_by_choice_only(number: str) -> None:
    assert can_text(number)
    assert not TextDestinations().include(number)
    assert TextDestinations(islands=True).include(number)


@pytest.mark.parametrize("region", ["GG", "IM", "JE"])
def test_the_lists_own_examples_of_the_islands_are_among_them(region: str) -> None:
    mobile = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    assert mobile
    assert not TextDestinations().include(f"+44{mobile.national_number}")


@pytest.mark.parametrize("number", ["+447700900123", "+447400123456", "+447912345678", "+447525123456"])
def test_other_mobiles_are_texted(number: str) -> None:
    assert TextDestinations().include(number)


def test_without_a_prefix_nobody_is_texted() -> None:
    assert not TextDestinations(()).include("+447700900123")


@given(st.text(max_size=20) | st.from_regex(r"\+447[0-9]{9}", fullmatch=True))
def test_the_islands_are_the_only_difference_between_the_choices(number: str) -> None:
    assert not TextDestinations().include(number) or TextDestinations(islands=True).include(number)
