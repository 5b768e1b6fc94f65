"""The state of a call is small, comes back whole, never loops, and keeps the fields of newer releases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import MsgspecError, structs
from msgspec.json import encode

from ivr.engine.call_state import LONGEST_HISTORY, CallState, decode_call_state

TEXTS = st.text(max_size=30)
COUNTS = st.integers(0, 10_000)
STATES = st.builds(
    CallState,
    turn=COUNTS,
    history=st.lists(TEXTS, max_size=LONGEST_HISTORY).map(tuple),
    attempts=COUNTS,
    page=COUNTS,
    tried=COUNTS,
    topic=TEXTS,
    variables=st.dictionaries(TEXTS, TEXTS, max_size=6),
    former_names=st.dictionaries(TEXTS, st.lists(TEXTS, max_size=2).map(tuple), max_size=2),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@given(STATES)
def test_any_state_comes_back_as_it_was(state: CallState) -> None:
    assert decode_call_state(state.to_json()) == state


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"{}", b"null", b'["one",[],0,0,0,"",{},{}]', b'[1,[],0,0,0,"",{},"former"]', b'[1,[],0,0,0,"",{},{},'),
        *(b'["one",[],0,0,0,"",{},{},"more"]', b'[1,[],0,0,0,"",{},{},more]', b'[1,[],0,0,0,"",{},{},"more"],2'),
    ],
)
def test_what_is_no_state_is_refused(data: bytes) -> None:
    with pytest.raises(MsgspecError):
        decode_call_state(data)


def test_the_state_of_an_earlier_release_is_read_without_the_fields_that_came_later() -> None:
    assert decode_call_state(b'[3,["a/b"],0,0,0,"school",{}]') == CallState(3, ("a/b",), topic="school")


@given(STATES, st.lists(JSON, min_size=1, max_size=3), TEXTS, TEXTS)
def test_fields_of_a_newer_release_are_kept_while_the_known_ones_change(
    state: CallState, newer: list[object], name: str, value: str
) -> None:
    sealed = encode((*structs.astuple(state), *newer))
    opened = decode_call_state(sealed)
    assert opened.to_json() == sealed
    changed = opened.with_variable(name, value).with_attempt(1, 2).passed("a/b", "c/d").arrived("school", 3)
    *known, _ = structs.astuple(changed)
    as_if_unknown = state.with_variable(name, value).with_attempt(1, 2).passed("a/b", "c/d").arrived("school", 3)
    assert CallState(*known) == as_if_unknown
    assert changed.to_json() == encode((*structs.astuple(as_if_unknown), *newer))
    assert changed.to_json() == decode_call_state(changed.to_json()).to_json()


def test_the_state_of_a_new_call_is_a_few_bytes() -> None:
    assert len(CallState().to_json()) < 30


def test_a_variable_is_added_and_the_state_before_it_is_left_as_it_was() -> None:
    before = CallState(variables={"letter": "2026-10-14"})
    after = before.with_variable("school_only", "no")
    assert after.variables == {"letter": "2026-10-14", "school_only": "no"}
    assert before.variables == {"letter": "2026-10-14"}


def test_a_new_value_of_a_variable_takes_the_place_of_the_old_one() -> None:
    assert CallState(variables={"letter": "2026-10-14"}).with_variable("letter", "2026-10-15").variables == {
        "letter": "2026-10-15"
    }


def test_what_belongs_to_a_step_is_forgotten_on_leaving_it() -> None:
    state = CallState(5, ("a",), attempts=2, page=3, tried=1, topic="school", variables={"x": "y"})
    assert state.arrived("") == CallState(5, ("a",), topic="school", variables={"x": "y"})


def test_the_topic_is_the_last_one_that_the_caller_came_by() -> None:
    assert CallState(topic="school").arrived("health").topic == "health"
    assert CallState(topic="school").arrived("").topic == "school"


def test_a_question_left_behind_is_put_at_the_end_of_the_history() -> None:
    state = CallState(history=("a",)).passed("b", now_at="c")
    assert state.history == ("a", "b")
    assert state.turn == 1


def test_staying_at_a_question_leaves_the_history_as_it_was() -> None:
    assert CallState(history=("a",)).passed("b", now_at="b").history == ("a",)
    assert CallState(history=("a",)).passed(None, now_at="b").history == ("a",)


def test_coming_back_to_a_place_forgets_what_lay_after_it() -> None:
    assert CallState(history=("a", "b", "c")).passed("d", now_at="b").history == ("a",)


@given(st.lists(st.tuples(st.sampled_from("abcdefghijklmnopqrs"), st.booleans())))
def test_a_history_is_short_and_never_crosses_itself(moves: list[tuple[str, bool]]) -> None:
    state, here = CallState(), "a"
    for now_at, was_asked in moves:
        state, here = state.passed(here if was_asked else None, now_at), now_at
        assert len(state.history) <= LONGEST_HISTORY
        assert len(set(state.history)) == len(state.history)
        assert here not in state.history
    assert state.turn == len(moves)
