"""A caller who was left alone is told from one who was helped."""

from dataclasses import replace
from random import Random

import pytest

from ivr.phone.failure import NOT_TWIML, ApplicationFailure
from ivr.phone.stops import Way
from torture.caller import CALL_BACK, MESSAGE, TEXT, Outcome
from torture.wishes import LETTER, WISHES, to_the_end

GONE = Outcome(
    number="+447700900123",
    wish="a text",
    way=Way.HUNG_UP,
    said=("Hello.",),
    talked=False,
    spoke=False,
    failures=(),
    transcript="",
    signs_seen=0,
    last_sign=0.0,
)


@pytest.mark.parametrize(
    "helped",
    [
        replace(GONE, talked=True),
        replace(GONE, spoke=True),
        replace(GONE, said=("Hello.", "Goodbye.")),
        *(replace(GONE, said=(f"{promise}. Anything else?",)) for promise in (TEXT, CALL_BACK, MESSAGE)),
    ],
)
def test_whoever_talked_or_was_promised_something_or_heard_goodbye_was_not_dropped(helped: Outcome) -> None:
    assert not helped.is_dropped


@pytest.mark.parametrize("way", [Way.HUNG_UP, Way.FAILED])
def test_whoever_had_nothing_of_it_was_dropped(way: Way) -> None:
    assert replace(GONE, way=way).is_dropped


def test_whoever_heard_the_telephone_companys_apology_was_dropped_whatever_was_said_before() -> None:
    assert replace(GONE, said=("Goodbye.",), way=Way.FAILED).is_dropped
    assert replace(GONE, said=("Goodbye.",), failures=(ApplicationFailure(NOT_TWIML, "/voice", "no"),)).is_dropped


def test_a_wish_finds_its_key_in_what_is_said() -> None:
    heard = "For school, press 2. For a health service, press 3. For a person, press 0."
    pressed = [WISHES[0].keys(heard, "+447700900123", False, Random(seed)) for seed in range(100)]
    assert pressed.count("3") > 80


def test_a_date_that_is_asked_for_is_keyed_in() -> None:
    heard = "Key in the date on the letter. Two keys for day, two for month, four for year."
    pressed = [WISHES[1].keys(heard, "+447700900123", False, Random(seed)) for seed in range(100)]
    assert pressed.count(LETTER) > 80


def test_the_way_to_the_end_is_the_key_that_finishes() -> None:
    assert to_the_end("To hear it again, press 1. To finish, press 2.") == "2"
    assert to_the_end("To hear it again, press 1.") is None
