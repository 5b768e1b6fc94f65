"""The little we remember of a call: small, whole, and never a loop."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import MsgspecError

from ivr.engine.call_state import LONGEST_HISTORY, CallState, decode_call_state

TEXTS = st.text(max_size=30)
COUNTS = st.integers(0, 10_000)
MEMORIES = st.builds(
    CallState,
    turn=COUNTS,
    history=st.lists(TEXTS, max_size=LONGEST_HISTORY).map(tuple),
    attempts=COUNTS,
    page=COUNTS,
    tried=COUNTS,
    topic=TEXTS,
    variables=st.dictionaries(TEXTS, TEXTS, max_size=6),
)


@given(MEMORIES)
def test_any_memory_comes_back_as_it_was(state: CallState) -> None:
    assert decode_call_state(state.to_json()) == state


@pytest.mark.parametrize("kept", [b"", b"{}", b'["one",[],0,0,0,"",{}]', b'[1,[],0,0,0,"",{},"more"]'])
def test_what_is_no_memory_of_this_release_is_refused(kept: bytes) -> None:
    with pytest.raises(MsgspecError):
        decode_call_state(kept)


def test_a_new_call_is_remembered_in_a_few_bytes() -> None:
    assert len(CallState().to_json()) < 30


def test_a_note_is_added_and_the_memory_before_it_is_left_as_it_was() -> None:
    before = CallState(variables={"letter": "2026-10-14"})
    after = before.with_variable("school_only", "no")
    assert after.variables == {"letter": "2026-10-14", "school_only": "no"}
    assert before.variables == {"letter": "2026-10-14"}


def test_a_new_note_takes_the_place_of_the_old_one() -> None:
    assert CallState(variables={"letter": "2026-10-14"}).with_variable("letter", "2026-10-15").variables == {
        "letter": "2026-10-15"
    }


def test_what_belongs_to_a_step_is_forgotten_on_leaving_it() -> None:
    state = CallState(5, ("a",), attempts=2, page=3, tried=1, topic="school", variables={"x": "y"})
    assert state.arrived("") == CallState(5, ("a",), topic="school", variables={"x": "y"})


def test_the_topic_is_the_last_one_that_the_caller_came_by() -> None:
    assert CallState(topic="school").arrived("health").topic == "health"
    assert CallState(topic="school").arrived("").topic == "school"


def test_a_question_left_behind_is_put_at_the_end_of_the_trail() -> None:
    state = CallState(history=("a",)).passed("b", now_at="c")
    assert state.history == ("a", "b")
    assert state.turn == 1


def test_staying_at_a_question_leaves_the_trail_as_it_was() -> None:
    assert CallState(history=("a",)).passed("b", now_at="b").history == ("a",)
    assert CallState(history=("a",)).passed(None, now_at="b").history == ("a",)


def test_coming_back_to_a_place_forgets_what_lay_after_it() -> None:
    assert CallState(history=("a", "b", "c")).passed("d", now_at="b").history == ("a",)


@given(st.lists(st.tuples(st.sampled_from("abcdefghijklmnopqrs"), st.booleans())))
def test_a_trail_is_short_and_never_crosses_itself(moves: list[tuple[str, bool]]) -> None:
    state, here = CallState(), "a"
    for now_at, was_asked in moves:
        state, here = state.passed(here if was_asked else None, now_at), now_at
        assert len(state.history) <= LONGEST_HISTORY
        assert len(set(state.history)) == len(state.history)
        assert here not in state.history
    assert state.turn == len(moves)
