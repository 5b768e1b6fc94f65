"""The benchmark's arithmetic is right, its page says what was measured, and all of it runs."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import crowd, growth, kept, rows, start
from bench.crowd import Crowd
from bench.machine import Cores
from bench.numbers import Spread, percentile, ratios
from bench.page import Measured, page
from bench.rows import BARE, COMPUTED, FLASK, OBVIOUS, OURS, RECORDED, SIGNED, Rows
from bench.sizes import TINY

ANY_CORE = Cores(0, 0)


def by_row(**values: Sequence[float]) -> dict[str, list[float]]:
    return defaultdict(list, {name: list(value) for name, value in values.items()})


def found(menu: float = 8000, crowds: Sequence[Crowd] = ()) -> Measured:
    per_second = by_row(bare=[16000] * 2, menu=[menu] * 2, deadline=[5000] * 2, obvious=[2000] * 2, flask=[1500] * 2)
    per_second[RECORDED], per_second[SIGNED] = [1000, 1000], [12000, 12000]
    work = by_row(**{name: [1e6 / value for value in values] for name, values in per_second.items()})
    return Measured(
        machine="a machine",
        when="1 December 2026",
        command="make bench",
        minutes=14,
        cores_apart=True,
        busy=(0.1, 1.1),
        rows=Rows(per_second, work, [0.2, 0.2], 0, by_row(bare=[1.0, 2.0], menu=[1.2, 2.2])),
        spent={"the signature": 0.1},
        kept=(1000, 1000),
        crowds=crowds or [Crowd(1000, 60_000, 0.002, 0.04, 0.1, 0, 0, (), 500, 300, (80, 81))],
        growth={"Calls so far": {0: [100, 110], 1_000_000: [105, 102]}},
        starts=([0.3, 0.4], [1.2, 1.3]),
        memory=[80, 85],
        presses=72_000,
        by_ear={"the last day to appeal": 57.0},
    )


@given(st.lists(st.integers(), min_size=1), st.integers(1, 100))
def test_so_many_of_a_hundred_are_within_a_percentile(values: list[int], share: int) -> None:
    within = percentile(values, share)
    assert sum(value <= within for value in values) >= len(values) * share / 100
    assert sum(value < within for value in values) < max(len(values) * share / 100, 1)


def test_a_ratio_is_taken_round_by_round() -> None:
    assert ratios([10, 1, 10], [20, 2, 20]) == Spread(0.5, 0.5, 0.5)


def test_the_page_says_what_was_reached_and_what_was_not() -> None:
    text = page(found())
    assert "Our menu step, of bare Starlette: 0.50, where at least 0.40 is wanted: **reached**" in text
    assert "1,000 answered steps" in text
    assert "hand-made" not in text
    slower = page(found(menu=4000))
    assert "Our menu step, of bare Starlette: 0.25, where at least 0.40 is wanted: **not reached**" in slower
    assert "hand-made" in slower


def test_the_page_tells_what_a_start_and_memory_go_into_only_where_they_take_too_much() -> None:
    assert "checked when it is installed" not in page(found())
    assert "object mapper" not in page(found())
    assert "checked when it is installed" in page(replace(found(), starts=([0.3, 0.4], [2.2, 2.3])))
    assert "object mapper" in page(replace(found(), memory=[99, 101]))


def test_the_page_tells_how_a_core_breaks_that_has_too_much_to_do() -> None:
    good, bad = found().crowds[0], Crowd(1500, 900, 0.3, 0.9, 9.0, 40, 2, ("TimeoutError",), 1, 1, ())
    text = page(found(crowds=[good, bad]))
    assert "The most that one core carried with 99 of 100 answers within 250 ms: 1,000." in text
    assert "2 of them were not good (TimeoutError)" in text
    assert "| 9,000 | 40 |" in text


def test_a_machine_that_is_busy_or_has_one_core_is_told_so() -> None:
    text = page(replace(found(), cores_apart=False, busy=(3.0, 3.0)))
    assert "one core" in text
    assert "Others were at work" in text
    assert "Others were at work" not in page(found())


@pytest.mark.parametrize(("many", "said"), [(101.0, "no trend"), (300.0, "it grows")])
def test_growth_is_told(many: float, said: str) -> None:
    text = page(replace(found(), growth={"Calls so far": {0: [100, 102], 10: [many, many]}}))
    assert said in text.partition("Calls so far")[2]


def test_the_servers_answer_and_are_measured(tmp_path: Path) -> None:
    with rows.all_served(tmp_path, ANY_CORE) as servers:
        measured = rows.measured(servers, TINY.rounds, TINY.requests, 100, TINY.steady)
    assert measured.errors == 0
    for name in (BARE, SIGNED, OURS, COMPUTED, OBVIOUS, RECORDED, FLASK):
        assert len(measured.per_second[name]) == TINY.rounds
        assert min(measured.per_second[name]) > 0


def test_no_answered_step_is_lost_when_the_process_is_told_to_stop() -> None:
    answered, recorded = kept.answered_and_recorded(ANY_CORE, 200)
    assert answered == recorded == 201


def test_callers_ring_and_are_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.callers.LISTENS", 0.01)
    (heard,) = crowd.gathered(TINY.callers, 1.5, 0, 3, ANY_CORE)
    assert heard.answers > 10
    assert heard.errors == heard.untold == 0, heard.kinds


def test_made_up_steps_and_rows_are_served() -> None:
    work = growth.by_steps((120,), ANY_CORE, 1, 16) | growth.by_rows(growth.waiting_texts, (5,), ANY_CORE, 1, 16)
    assert all(values[0] >= 0 for values in (work | growth.by_rows(growth.past_calls, (6,), ANY_CORE, 1, 16)).values())


def test_a_start_is_timed_to_the_first_answered_call() -> None:
    bare, ours = start.seconds_to_answer(ANY_CORE, 1)
    assert bare[0] > 0
    assert ours[0] > 0
