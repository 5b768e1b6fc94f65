"""Every part of the benchmark runs, in a few seconds, and its statistics are right."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench import several_processes
from tests.bench.comparison import Workload, compare, running_servers
from tests.bench.durability import answered_and_recorded
from tests.bench.machine import Cores, disk_milliseconds
from tests.bench.options import TINY
from tests.bench.ramp_up import ramp_up
from tests.bench.scaling import by_rows, by_steps, past_calls, queued_texts
from tests.bench.slowest_steps import slowest_steps
from tests.bench.startup import startup_seconds
from tests.bench.stats import MedianRange, percentile, ratios

FIRST_CORE = Cores(0, 0)


@given(st.lists(st.integers(), min_size=1), st.integers(1, 100))
def test_a_percentile_is_the_smallest_value_that_is_large_enough(values: list[int], percent: int) -> None:
    found = percentile(values, percent)
    assert sum(value <= found for value in values) >= len(values) * percent / 100
    assert sum(value < found for value in values) < max(len(values) * percent / 100, 1)


def test_ratios_are_computed_per_round() -> None:
    assert ratios([10, 1, 10], [20, 2, 20]) == MedianRange(0.5, 0.5, 0.5)


def test_the_disk_is_timed_at_each_of_some_writes(tmp_path: Path) -> None:
    times = [*disk_milliseconds(tmp_path, 3)]
    assert len(times) == 3
    assert min(times) > 0


def test_all_servers_are_compared(tmp_path: Path) -> None:
    with running_servers(tmp_path, FIRST_CORE) as servers:
        found = compare(servers, TINY.rounds, TINY.requests, 100, TINY.open_loop_seconds)
    assert found.errors == 0
    for name in Workload:
        assert len(found.per_second[name]) == TINY.rounds
        assert min(found.per_second[name]) > 0


def test_sigterm_loses_no_answered_step() -> None:
    answered, recorded = answered_and_recorded(FIRST_CORE, 200)
    assert answered == recorded == 201


def test_virtual_users_call_and_are_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.bench.virtual_users.THINK_TIME", 0.01)
    (stage,) = ramp_up(TINY.virtual_users, 1.5, 0, 3, FIRST_CORE)
    assert stage.responses > 10
    assert stage.errors == stage.lost_callbacks == 0, stage.error_names


def test_additional_steps_and_rows_are_measured() -> None:
    found = by_steps((120,), FIRST_CORE, 1, 16) | by_rows(queued_texts, (5,), FIRST_CORE, 1, 16)
    assert all(values[0] >= 0 for values in (found | by_rows(past_calls, (6,), FIRST_CORE, 1, 16)).values())


def test_every_step_that_random_calls_come_to_is_timed() -> None:
    times = slowest_steps(TINY.random_calls, TINY.step_repeats)
    assert {"welcome/main", "school/menu", "decisions/menu"} <= times.keys()
    assert list(times.values()) == sorted(times.values(), reverse=True)


def test_one_process_and_two_are_compared() -> None:
    found = several_processes.per_second(1, TINY.requests)
    assert all(figure > 0 for database in found.values() for figures in database for figure in figures)


def test_startup_is_timed_to_the_first_answered_call() -> None:
    baseline, ours = startup_seconds(FIRST_CORE, 1)
    assert baseline[0] > 0
    assert ours[0] > 0
