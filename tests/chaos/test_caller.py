"""Dropped calls are told from helped callers, and goals find their keys."""

from dataclasses import replace
from random import Random

import pytest

from ivr.simulator.network.waits import Ending
from ivr.simulator.twiml.errors import SCHEMA_VALIDATION_WARNING, ApplicationFailure
from tests.chaos.call_result import CALLBACK, TEXT, VOICEMAIL, CallResult
from tests.chaos.goals import GOALS, LETTER_DATE, ending_key

HUNG_UP = CallResult(
    sid="CA1",
    number="+447700900123",
    goal="a text",
    began=0.0,
    ended=1.0,
    way=Ending.APP_HUNG_UP,
    heard=("Hello.",),
    talked=False,
    recorded=False,
    failures=(),
    transcript="",
    degraded_prompts=0,
    last_degraded=0.0,
)


@pytest.mark.parametrize(
    "helped",
    [
        replace(HUNG_UP, talked=True),
        replace(HUNG_UP, recorded=True),
        replace(HUNG_UP, way=Ending.PARTY_HUNG_UP),
        replace(HUNG_UP, heard=("Hello.", "Goodbye.")),
        *(replace(HUNG_UP, heard=(f"{effect}. Anything else?",)) for effect in (TEXT, CALLBACK, VOICEMAIL)),
    ],
)
def test_a_talk_a_recording_a_promise_a_goodbye_or_a_callers_own_hang_up_is_no_dropped_call(helped: CallResult) -> None:
    assert not helped.is_dropped


@pytest.mark.parametrize("way", [Ending.APP_HUNG_UP, Ending.FAILED])
def test_a_call_without_any_of_them_is_dropped(way: Ending) -> None:
    assert replace(HUNG_UP, way=way).is_dropped


def test_a_call_with_the_providers_error_message_is_dropped_whatever_was_said_before() -> None:
    said_goodbye = replace(HUNG_UP, heard=("Goodbye.",))
    assert replace(said_goodbye, way=Ending.FAILED).is_dropped
    assert replace(said_goodbye, failures=(ApplicationFailure(SCHEMA_VALIDATION_WARNING, "/voice", "no"),)).is_dropped


def test_a_goal_finds_its_key_in_the_menu() -> None:
    heard = "For school, press 2. For a health service, press 3. For a person, press 0."
    pressed = [GOALS[0].keys(heard, "+447700900123", False, Random(seed)) for seed in range(100)]
    assert pressed.count("3") > 80


def test_a_requested_date_is_keyed_in() -> None:
    heard = "Key in the date on the letter. Two keys for day, two for month, four for year."
    pressed = [GOALS[1].keys(heard, "+447700900123", False, Random(seed)) for seed in range(100)]
    assert pressed.count(LETTER_DATE) > 80


def test_the_ending_key_is_the_one_that_finishes() -> None:
    assert ending_key("To hear it again, press 1. To finish, press 2.") == "2"
    assert ending_key("To hear it again, press 1.") is None
