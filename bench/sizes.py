"""How much of everything is measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Rounds, requests in a round, seconds at a steady pace, and so on, as they are used."""

    rounds: int
    requests: int
    steady: float
    presses: int
    steps: tuple[int, ...]
    calls: tuple[int, ...]
    texts: tuple[int, ...]
    callers: int
    seconds: float
    growing: float
    most: int


FULL = Sizes(
    7, 6000, 8, 72_000, (10, 1000, 10_000), (0, 100_000, 1_000_000), (0, 10_000, 100_000), 1000, 300, 20, 12_000
)
QUICK = Sizes(3, 1000, 2, 2000, (10, 500), (0, 20_000), (0, 5000), 100, 12, 8, 300)
TINY = Sizes(2, 64, 0.1, 100, (10, 20), (0, 10), (0, 10), 3, 0.3, 0, 3)
"""For the suite: that everything runs."""
