"""The little we remember of a call: small, whole, and never a loop."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import MsgspecError

from ivr.engine.memory import LONGEST_TRAIL, Memory, read_memory

TEXTS = st.text(max_size=30)
COUNTS = st.integers(0, 10_000)
MEMORIES = st.builds(
    Memory,
    turn=COUNTS,
    trail=st.lists(TEXTS, max_size=LONGEST_TRAIL).map(tuple),
    attempts=COUNTS,
    page=COUNTS,
    tried=COUNTS,
    topic=TEXTS,
    notes=st.dictionaries(TEXTS, TEXTS, max_size=6),
)


@given(MEMORIES)
def test_any_memory_comes_back_as_it_was(memory: Memory) -> None:
    assert read_memory(memory.to_json()) == memory


@pytest.mark.parametrize("kept", [b"", b"{}", b'["one",[],0,0,0,"",{}]', b'[1,[],0,0,0,"",{},"more"]'])
def test_what_is_no_memory_of_this_release_is_refused(kept: bytes) -> None:
    with pytest.raises(MsgspecError):
        read_memory(kept)


def test_a_new_call_is_remembered_in_a_few_bytes() -> None:
    assert len(Memory().to_json()) < 30


def test_a_note_is_added_and_the_memory_before_it_is_left_as_it_was() -> None:
    before = Memory(notes={"letter": "2026-10-14"})
    after = before.note("school_only", "no")
    assert after.notes == {"letter": "2026-10-14", "school_only": "no"}
    assert before.notes == {"letter": "2026-10-14"}


def test_a_new_note_takes_the_place_of_the_old_one() -> None:
    assert Memory(notes={"letter": "2026-10-14"}).note("letter", "2026-10-15").notes == {"letter": "2026-10-15"}


def test_what_belongs_to_a_step_is_forgotten_on_leaving_it() -> None:
    memory = Memory(5, ("a",), attempts=2, page=3, tried=1, topic="school", notes={"x": "y"})
    assert memory.arrived("") == Memory(5, ("a",), topic="school", notes={"x": "y"})


def test_the_topic_is_the_last_one_that_the_caller_came_by() -> None:
    assert Memory(topic="school").arrived("health").topic == "health"
    assert Memory(topic="school").arrived("").topic == "school"


def test_a_question_left_behind_is_put_at_the_end_of_the_trail() -> None:
    memory = Memory(trail=("a",)).passed("b", now_at="c")
    assert memory.trail == ("a", "b")
    assert memory.turn == 1


def test_staying_at_a_question_leaves_the_trail_as_it_was() -> None:
    assert Memory(trail=("a",)).passed("b", now_at="b").trail == ("a",)
    assert Memory(trail=("a",)).passed(None, now_at="b").trail == ("a",)


def test_coming_back_to_a_place_forgets_what_lay_after_it() -> None:
    assert Memory(trail=("a", "b", "c")).passed("d", now_at="b").trail == ("a",)


@given(st.lists(st.tuples(st.sampled_from("abcdefghijklmnopqrs"), st.booleans())))
def test_a_trail_is_short_and_never_crosses_itself(moves: list[tuple[str, bool]]) -> None:
    memory, here = Memory(), "a"
    for now_at, was_asked in moves:
        memory, here = memory.passed(here if was_asked else None, now_at), now_at
        assert len(memory.trail) <= LONGEST_TRAIL
        assert len(set(memory.trail)) == len(memory.trail)
        assert here not in memory.trail
    assert memory.turn == len(moves)
