"""Medians, spreads and ratios: what is made of the times that were measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median


@dataclass(frozen=True)
class Spread:
    """The middle of several measurements, and how far the lowest and the highest lie from it."""

    middle: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """
        >>> Spread.of([3, 1, 2])
        Spread(middle=2, lowest=1, highest=3)
        """
        return cls(median(values), min(values), max(values))

    def shown(self, form: str = ",.0f") -> str:
        """
        >>> Spread(0.5, 0.25, 1).shown(".2f")
        '0.50 (0.25 to 1.00)'
        """
        return f"{self.middle:{form}} ({self.lowest:{form}} to {self.highest:{form}})"


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that so many of a hundred do not exceed.

    >>> percentile([4, 1, 3, 2], 50), percentile([4, 1, 3, 2], 99)
    (2, 4)
    """
    return sorted(values)[max(ceil(len(values) * share / 100), 1) - 1]


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> Spread:
    """Round by round, so that a noisy minute touches both sides of a ratio.

    >>> ratios([2, 4], [4, 4])
    Spread(middle=0.75, lowest=0.5, highest=1.0)
    """
    return Spread.of([one / other for one, other in zip(ours, theirs, strict=True)])
