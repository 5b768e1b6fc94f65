"""The page of the benchmark says which targets were met, and the committed page has the text of its generator."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench.comparison import Comparison, Workload
from tests.bench.cpu_profile import PARTS, SERVER
from tests.bench.page import BenchmarkReport, page
from tests.bench.ramp_up import Stage
from tests.pages import text_of

COMMITTED = Path(__file__).parents[2] / "docs/performance.md"
PASSED_STAGE = Stage(1000, 60_000, 0.002, 0.04, 0.1, 0, 0, (), 500, 300, (80, 81))
FAILED_STAGE = Stage(1500, 900, 0.3, 0.9, 9.0, 40, 2, ("TimeoutError",), 1, 1, ())
SCALING = ("Additional steps", "Past calls", "Queued texts")
STATEMENT, IMPORTS, MAPPER = "by one prepared statement", "importing SQLAlchemy", "object-relational mapper"
"""Words of the explanations of missed targets."""


def by_server(**values: Sequence[float]) -> dict[str, list[float]]:
    return defaultdict(list, {name: list(value) for name, value in values.items()})


def report(menu: float = 8000, stages: Sequence[Stage] = (PASSED_STAGE,)) -> BenchmarkReport:
    rate = by_server(
        baseline=[16000] * 2,
        menu=[menu] * 2,
        deadline=[5000] * 2,
        new_call=[6000] * 2,
        reference=[2000] * 2,
        flask=[1500] * 2,
    )
    rate[Workload.MENU_UNRECORDED] = [menu * 1.1] * 2
    rate[Workload.REFERENCE_WITH_RECORDS], rate[Workload.SIGNATURE_ONLY] = [1000, 1000], [12000, 12000]
    cpu = by_server(**{name: [1e6 / value for value in values] for name, values in rate.items()})
    p99 = by_server(baseline=[1.0, 2.0], menu=[1.2, 2.2])
    return BenchmarkReport(
        machine="a machine",
        when="1 December 2026",
        command="make bench",
        minutes=14,
        has_separate_cores=True,
        load_average=(0.1, 1.1),
        disk_milliseconds=[0.9, 1.0, 40.0],
        comparison=Comparison(rate, cpu, [0.2, 0.2], 0, p99),
        cpu_shares=dict.fromkeys((*PARTS.values(), SERVER), 0.1),
        answered_and_recorded=(1000, 1000),
        stages=stages,
        scaling={name: {0: [100, 110], 10_000: [103, 103], 1_000_000: [105, 102]} for name in SCALING},
        startup_seconds=([0.3, 0.4], [1.2, 1.3]),
        megabytes=[80, 85],
        step_microseconds={"deadline/work_out": 90.0, "welcome/main": 30.0},
        processes_per_second={"SQLite": ([8000], [12000])},
        key_presses=72_000,
        listening_seconds={"the last day to appeal": 57.0},
    )


def test_the_page_says_which_targets_were_met_and_missed() -> None:
    text = page(report())
    assert "Menu step relative to the baseline: 0.50; target at least 0.40: **met**" in text
    assert "1,000 answered steps" in text
    assert STATEMENT not in text
    slower = page(report(menu=4000))
    assert "Menu step relative to the baseline: 0.25; target at least 0.40: **missed**" in slower
    assert STATEMENT in slower


def test_startup_and_memory_are_explained_only_where_their_targets_are_missed() -> None:
    assert IMPORTS not in page(report())
    assert MAPPER not in page(report())
    assert IMPORTS in page(replace(report(), startup_seconds=([0.3, 0.4], [2.2, 2.3])))
    assert MAPPER in page(replace(report(), megabytes=[99, 101]))


def test_the_page_describes_the_stage_in_which_the_core_was_overloaded() -> None:
    text = page(report(stages=[PASSED_STAGE, FAILED_STAGE]))
    assert "Most virtual users with a p99 of at most 250 ms: 1,000." in text
    assert "with 2 errors (TimeoutError)" in text
    assert "| 9,000 | 40 |" in text


def test_what_is_slow_or_refused_is_explained_only_where_its_target_is_missed() -> None:
    refused = report(stages=[replace(PASSED_STAGE, errors=1, error_names=("HTTP 503",))])
    assert "the provider sends it again" not in page(report())
    assert "no errors: **missed** (HTTP 503)." in page(refused)
    assert "the provider sends it again" in page(refused)
    slow = report()
    slow.comparison.p99_milliseconds["menu"] = [9.0, 9.0]
    assert "twice as long as the baseline's" not in page(report())
    assert "twice as long as the baseline's" in page(slow)


def test_the_page_says_that_a_machine_was_busy_or_has_one_core() -> None:
    text = page(replace(report(), has_separate_cores=False, load_average=(3.0, 3.0)))
    assert "has one core" in text
    assert "Other processes were running" in text
    assert "Other processes were running" not in page(report())


def test_the_page_says_how_long_the_disk_took_and_that_somebody_shared_the_cores() -> None:
    steady, disturbed = report(), report()
    assert "The disk stored 4 kB in 1.0 (0.9 to 40.0) ms" in page(steady)
    assert "varied by a factor" not in page(steady)
    disturbed.comparison.per_second["baseline"] = [20_000, 10_000]
    assert "varied by a factor of 2.0" in page(disturbed)


@pytest.mark.parametrize(("many", "trend"), [(101.0, "no trend"), (300.0, "it grows")])
def test_the_page_names_the_trend_of_a_growing_size(many: float, trend: str) -> None:
    text = page(replace(report(), scaling={"Past calls": {0: [100, 102], 10: [many, many]}}))
    assert trend in text.partition("Past calls")[2]


def test_the_committed_page_has_the_text_of_its_generator() -> None:
    stages = [PASSED_STAGE, replace(FAILED_STAGE, error_names=())]
    missed = replace(report(menu=4000, stages=stages), load_average=(3.0, 3.0), startup_seconds=([0.3] * 2, [2.2] * 2))
    one_core = replace(report(), has_separate_cores=False, megabytes=[101])
    sizes = {name: {0: [100.0, 110.0], 500: [103.0, 103.0]} for name in SCALING}
    short = replace(report(), command="make bench-quick", scaling=sizes)
    refused = report(stages=[PASSED_STAGE, replace(FAILED_STAGE, error_names=("HTTP 503",))])
    refused.comparison.per_second["baseline"] = [20_000, 10_000]
    missed.comparison.p99_milliseconds["menu"] = [9.0, 9.0]
    slow_disk = report(stages=[replace(PASSED_STAGE, errors=1, error_names=("HTTP 503",))])
    cut_off = report(stages=[PASSED_STAGE, replace(FAILED_STAGE, error_names=("HTTP 503", "IncompleteReadError"))])
    variants = report(), missed, one_core, short, refused, cut_off, slow_disk
    generated = set[str]().union(*(prose(page(made)) for made in variants))
    assert prose(COMMITTED.read_text("utf-8")) - generated == set(), "run: make bench"


def prose(text: str) -> set[str]:
    """Return the lines outside tables, without the machine and with every target met."""
    lines = [line for line in text_of(text) if not line.startswith(("|", "Machine: "))]
    return {line.replace("**missed**", "**met**").replace("**it grows**", "no trend") for line in lines}
