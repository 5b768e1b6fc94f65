"""The provider's forms are read as events."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.engine.events import DialEnded, DialStatus, Digits, Event, HungUp, NoInput, QueueEnded, QueueResult, Recorded
from ivr.telephony.webhook import event_of, read_form

GOING_ON = {"CallSid": "CA1", "CallStatus": "in-progress"}
NAMES = st.sampled_from(["Digits", "CallStatus", "DialCallStatus", "DialBridged", "CallSid"]) | st.text()
VALUES = st.sampled_from(["in-progress", "completed", "answered", "busy", "no-answer", "true", "1", ""]) | st.text()


@pytest.mark.parametrize(
    ("status", "bridged", "outcome"),
    [
        ("completed", "true", DialStatus.answered),
        ("answered", "true", DialStatus.answered),
        ("completed", "false", DialStatus.unanswered),  # a mailbox, or an adviser who declined
        ("answered", "false", DialStatus.unanswered),
        ("completed", None, DialStatus.unanswered),
        ("completed", "", DialStatus.unanswered),
        ("busy", "false", DialStatus.busy),
        ("no-answer", "false", DialStatus.unanswered),
        ("canceled", "false", DialStatus.unanswered),
        ("failed", "false", DialStatus.failed),
        ("", None, DialStatus.failed),
        ("something new", "true", DialStatus.failed),
    ],
)
def test_somebody_has_answered_only_if_the_two_were_bridged(
    status: str, bridged: str | None, outcome: DialStatus
) -> None:
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
@pytest.mark.parametrize("besides", [{}, {"Digits": "1"}, {"DialCallStatus": "completed", "DialBridged": "false"}])
def test_a_caller_who_has_gone_has_gone_whatever_else_is_told(status: str, besides: dict[str, str]) -> None:
    assert event_of(besides | {"CallStatus": status}) == HungUp()


def test_whoever_hangs_up_to_end_a_talk_has_talked() -> None:
    form = {"CallStatus": "completed", "DialCallStatus": "completed", "DialBridged": "true", "DialCallDuration": "312"}
    assert event_of(form) == DialEnded(DialStatus.answered, 312)


@pytest.mark.parametrize(
    ("more", "event"),
    [
        ({"Digits": "#"}, Recorded("RE1", 42, key="#")),
        ({"Digits": "0"}, Recorded("RE1", 42, key="0")),
        ({"Digits": ""}, Recorded("RE1", 42)),
        ({}, Recorded("RE1", 42)),
        ({"RecordingDuration": ""}, Recorded("RE1", None)),
        ({"RecordingDuration": "-1"}, Recorded("RE1", None)),
        ({"RecordingDuration": "0"}, Recorded("RE1", 0)),
        ({"Digits": "hangup", "CallStatus": "completed"}, Recorded("RE1", 42, gone=True)),
        ({"Digits": "hangup"}, Recorded("RE1", 42, gone=True)),
        ({"CallStatus": "completed"}, Recorded("RE1", 42, gone=True)),
    ],
)
def test_a_recording_comes_with_what_ended_it(more: dict[str, str], event: Event) -> None:
    assert event_of(GOING_ON | {"RecordingSid": "RE1", "RecordingDuration": "42"} | more) == event


@pytest.mark.parametrize(
    ("result", "how"),
    [
        ("bridged", QueueResult.talked),
        ("leave", QueueResult.left),
        ("hangup", QueueResult.gone),
        ("queue-full", QueueResult.failed),
        ("system-error", QueueResult.failed),
        ("error", QueueResult.failed),
        ("", QueueResult.failed),
    ],
)
def test_how_a_caller_came_out_of_the_queue(result: str, how: QueueResult) -> None:
    form = GOING_ON | {"QueueResult": result, "QueueTime": "42", "QueueSid": "QU1"}
    assert event_of(form) == QueueEnded(how, 42, "QU1")


@pytest.mark.parametrize(
    ("result", "how"),
    [
        ("bridged", QueueResult.talked),
        ("leave", QueueResult.gone),
        ("hangup", QueueResult.gone),
        ("error", QueueResult.gone),
    ],
)
def test_whoever_hangs_up_after_a_talk_has_talked_and_before_it_has_gone(result: str, how: QueueResult) -> None:
    assert event_of({"CallStatus": "completed", "QueueResult": result}) == QueueEnded(how)


def test_what_is_told_of_the_queue_meanwhile_is_no_event() -> None:
    waits = GOING_ON | {"QueueSid": "QU1", "QueueTime": "10", "QueuePosition": "1", "CurrentQueueSize": "1"}
    assert event_of(waits) == NoInput()
    assert event_of(waits | {"Digits": "1"}) == Digits("1")


@pytest.mark.parametrize("number", ["+266696687", "anonymous", "restricted", "unavailable", "+86282452253", "", None])
def test_who_calls_makes_no_difference(number: str | None) -> None:
    who = {} if number is None else {"From": number, "Caller": number}
    assert event_of(GOING_ON | who | {"Digits": "1"}) == Digits("1")


def test_thousands_of_keys_are_read_back_as_a_few() -> None:
    assert event_of(GOING_ON | {"Digits": "9" * 5000}) == Digits("9" * 32)


@given(st.dictionaries(NAMES, VALUES))
def test_any_form_is_some_event(form: dict[str, str]) -> None:
    assert isinstance(event_of(form), Event)


@given(st.lists(st.tuples(st.text(min_size=1), st.text())))
def test_a_form_comes_back_with_its_order_its_doubles_and_its_empty_values(fields: list[tuple[str, str]]) -> None:
    assert read_form(urlencode(fields).encode()) == fields


@given(st.binary())
def test_no_body_breaks_the_reading(body: bytes) -> None:
    event_of(dict(read_form(body)))


def test_a_body_that_is_no_form_has_no_fields() -> None:
    assert read_form(b"") == []
    assert dict(read_form(b'{"a": 1}')) in ({}, {'{"a": 1}': ""})


PIECES = st.sampled_from(["&", "=", "+", "%", "%2B", "%C3%A9", "%ff", "é", "Digits", "1"])


@given(st.binary(max_size=60) | st.lists(PIECES, max_size=20).map(lambda pieces: "".join(pieces).encode()))
def test_a_form_is_read_as_the_standard_library_reads_it(body: bytes) -> None:
    assert read_form(body) == parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)


@pytest.mark.parametrize("seconds", ["9" * 5000, "-7", "7.5", "٣", "²", "", " 7"])
def test_a_length_that_no_call_has_counts_as_none(seconds: str) -> None:
    form = GOING_ON | {"DialCallStatus": "completed", "DialBridged": "true", "DialCallDuration": seconds}
    assert event_of(form) == DialEnded(DialStatus.answered, None)
