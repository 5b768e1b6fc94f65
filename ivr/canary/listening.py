"""How long a test call listens: the words of a turn, at the pace of the slowest voice that there may be."""

from math import ceil

from ivr.engine.durations import duration_of
from ivr.engine.verbs import Turn

ANSWERING = 2
"""Seconds more until the first word, after a telephone was picked up."""
SLOWER = 1.3
"""How much slower a voice may be than the words that are counted."""


def longest(turn: Turn) -> int:
    """Return the seconds that a turn takes, at most."""
    return ceil(duration_of(turn) * SLOWER)
