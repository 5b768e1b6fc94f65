"""How much of everything the benchmark runs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """Rounds, requests per round, durations in seconds, and sizes of what grows."""

    rounds: int
    requests: int
    open_loop_seconds: float
    key_presses: int
    steps: tuple[int, ...]
    calls: tuple[int, ...]
    texts: tuple[int, ...]
    virtual_users: int
    first_stage_seconds: float
    stage_seconds: float
    max_virtual_users: int
    random_calls: int
    step_repeats: int


FULL = Options(
    rounds=7,
    requests=6000,
    open_loop_seconds=8,
    key_presses=72_000,
    steps=(10, 1000, 10_000),
    calls=(0, 100_000, 1_000_000),
    texts=(0, 10_000, 100_000),
    virtual_users=1000,
    first_stage_seconds=300,
    stage_seconds=20,
    max_virtual_users=12_000,
    random_calls=2000,
    step_repeats=101,
)
QUICK = Options(2, 500, 1, 2000, (10, 500), (0, 20_000), (0, 5000), 100, 8, 4, 200, 300, 11)
TINY = Options(2, 64, 0.1, 100, (10, 20), (0, 10), (0, 10), 3, 0.3, 0, 3, 20, 1)
"""For the tests."""
