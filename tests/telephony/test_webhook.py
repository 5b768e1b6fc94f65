"""What the provider posts is read as what happened to the call."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.engine.events import DialEnded, Digits, Event, HungUp, NoInput, Outcome
from ivr.telephony.webhook import event_of, read_form

GOING_ON = {"CallSid": "CA1", "CallStatus": "in-progress"}
NAMES = st.sampled_from(["Digits", "CallStatus", "DialCallStatus", "DialBridged", "CallSid"]) | st.text()
VALUES = st.sampled_from(["in-progress", "completed", "answered", "busy", "no-answer", "true", "1", ""]) | st.text()


@pytest.mark.parametrize(
    ("status", "bridged", "outcome"),
    [
        ("completed", "true", Outcome.answered),
        ("answered", "true", Outcome.answered),
        ("completed", "false", Outcome.unanswered),  # a mailbox, or an adviser who declined
        ("answered", "false", Outcome.unanswered),
        ("completed", None, Outcome.unanswered),
        ("completed", "", Outcome.unanswered),
        ("busy", "false", Outcome.busy),
        ("no-answer", "false", Outcome.unanswered),
        ("canceled", "false", Outcome.unanswered),
        ("failed", "false", Outcome.failed),
        ("", None, Outcome.failed),
        ("something new", "true", Outcome.failed),
    ],
)
def test_somebody_has_answered_only_if_the_two_were_bridged(status: str, bridged: str | None, outcome: Outcome) -> None:
    form = GOING_ON | {"DialCallStatus": status} | ({"DialBridged": bridged} if bridged is not None else {})
    assert event_of(form) == DialEnded(outcome)


@pytest.mark.parametrize(
    ("form", "event"),
    [
        ({"Digits": "1"}, Digits("1")),
        ({"Digits": "14102026"}, Digits("14102026")),
        ({"Digits": "*"}, Digits("*")),
        ({"Digits": "#"}, Digits("#")),
        ({"Digits": ""}, NoInput()),
        ({"msg": "Gather End"}, NoInput()),
        ({}, NoInput()),
        ({"CallStatus": "ringing"}, NoInput()),
    ],
)
def test_keys_are_keys_and_none_is_silence(form: dict[str, str], event: Event) -> None:
    assert event_of(GOING_ON | form) == event


@pytest.mark.parametrize("status", ["completed", "busy", "failed", "no-answer", "canceled"])
@pytest.mark.parametrize("besides", [{}, {"Digits": "1"}, {"DialCallStatus": "completed", "DialBridged": "true"}])
def test_a_caller_who_has_gone_has_gone_whatever_else_is_told(status: str, besides: dict[str, str]) -> None:
    assert event_of(besides | {"CallStatus": status}) == HungUp()


@pytest.mark.parametrize("number", ["+266696687", "anonymous", "restricted", "unavailable", "+86282452253", "", None])
def test_who_calls_makes_no_difference(number: str | None) -> None:
    who = {} if number is None else {"From": number, "Caller": number}
    assert event_of(GOING_ON | who | {"Digits": "1"}) == Digits("1")


@given(st.dictionaries(NAMES, VALUES))
def test_any_form_is_some_event(form: dict[str, str]) -> None:
    assert isinstance(event_of(form), Digits | NoInput | DialEnded | HungUp)


@given(st.lists(st.tuples(st.text(min_size=1), st.text())))
def test_a_form_comes_back_with_its_order_its_doubles_and_its_empty_values(fields: list[tuple[str, str]]) -> None:
    assert read_form(urlencode(fields).encode()) == fields


@given(st.binary())
def test_no_body_breaks_the_reading(body: bytes) -> None:
    event_of(dict(read_form(body)))


def test_a_body_that_is_no_form_has_no_fields() -> None:
    assert read_form(b"") == []
    assert dict(read_form(b'{"a": 1}')) in ({}, {'{"a": 1}': ""})
