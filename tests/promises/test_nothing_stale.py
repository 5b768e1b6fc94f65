"""Nothing stale: what has run out is not said, and how to find out is said instead."""

from datetime import datetime

import pytest

from ivr.app import fallback_document
from tests.ringing import ADVISERS, rings, telephone
from tests.test_calls import settings

NUMBERS = {
    "0 8 0 0 0 6 4 4 4 8 8": ("1", "4", "1"),
    "0 3 0 0 3 0 3 5 8 5 7": ("0", "2", "4", "2"),  # we are closed at that hour
    "0 3 0 0 0 6 1 0 6 1 4": ("4", "2", "1"),
    "0 1 3 9 2 3 8 0 4 3 4": ("2", "4", "1", "1"),  # and the duty of the council is stated no longer
    "0 1 7 5 2 4 3 9 8 8 4": ("3", "1"),
}
"""The rules of law that are read on the way to some of them have run out before, and take fewer keys."""


@pytest.mark.parametrize(("number", "keys"), NUMBERS.items())
async def test_nothing_stale_a_number_is_said_until_it_runs_out_and_not_after(
    number: str, keys: tuple[str, ...]
) -> None:
    (await rings(telephone("2027-05-23T23:00"), *keys)).hears(number, f"Once more {number}")
    stale = await rings(telephone("2027-05-24T01:00"), *keys)
    stale.hears("until we have checked it").hears_not(number)
    assert not {ring.number for ring in stale.dialled} - set(ADVISERS)


def test_nothing_stale_in_the_document_for_when_we_are_down() -> None:
    number = "0 8 0 0,"
    assert number in fallback_document(settings(), datetime.fromisoformat("2027-05-23T12:00+00:00"))
    assert number not in fallback_document(settings(), datetime.fromisoformat("2027-05-24T12:00+00:00"))


LAW = {
    "usually the Department for Education": ("2027-02-28", "2027-03-01", ("2", "4", "2", "1")),
    "within ten working days": ("2027-03-31", "2027-04-01", ("4", "1", "1")),
    "Quote Section F": ("2027-03-31", "2027-04-01", ("2", "4", "1")),
    "to the organisation that gives it": ("2027-03-31", "2027-04-01", ("3",)),
    "Key in the date on the letter": ("2027-05-23", "2027-05-24", ("1", "1")),
    "within fifteen school days": ("2027-06-30", "2027-07-01", ("2", "1", "1", "1")),
    "every state school in England": ("2027-11-29", "2027-11-30", ("2", "3", "1", "1")),
    "county court": ("2027-02-28", "2027-03-01", ("2", "5", "2")),
    "disagreement resolution": ("2027-11-29", "2027-11-30", ("5", "1")),
}
"""What is said, the last day on which it is, the day after, and the keys to it."""


@pytest.mark.parametrize(("words", "until", "after", "keys"), [(words, *rest) for words, rest in LAW.items()])
async def test_nothing_stale_a_rule_of_law_is_said_until_it_runs_out_and_not_after(
    words: str, until: str, after: str, keys: tuple[str, ...]
) -> None:
    (await rings(telephone(f"{until}T22:00"), *keys)).hears(words)
    phone = await telephone(f"{after}T01:00").dials()
    for key in keys:
        if "until we have checked" not in phone.heard:
            await phone.presses(key, pause=1)
    phone.hears("until we have checked").hears_not(words)
