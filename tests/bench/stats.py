"""Medians, percentiles and ratios of measurements."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median


@dataclass(frozen=True)
class MedianRange:
    """The median of several measurements, with their minimum and maximum."""

    median: float
    minimum: float
    maximum: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "MedianRange":
        """
        >>> MedianRange.of([3, 1, 2])
        MedianRange(median=2, minimum=1, maximum=3)
        """
        return cls(median(values), min(values), max(values))

    def format(self, spec: str = ",.0f") -> str:
        """
        >>> MedianRange(0.5, 0.25, 1).format(".2f")
        '0.50 (0.25 to 1.00)'
        """
        return f"{self.median:{spec}} ({self.minimum:{spec}} to {self.maximum:{spec}})"


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that is at least as large as this percentage of the values.

    >>> percentile([4, 1, 3, 2], 50), percentile([4, 1, 3, 2], 99)
    (2, 4)
    """
    return sorted(values)[max(ceil(len(values) * percent / 100), 1) - 1]


def ratios(ours: Sequence[float], baseline: Sequence[float]) -> MedianRange:
    """Return the ratios per round, so that noise in one round affects both sides of a ratio.

    >>> ratios([2, 4], [4, 4])
    MedianRange(median=0.75, minimum=0.5, maximum=1.0)
    """
    return MedianRange.of([one / other for one, other in zip(ours, baseline, strict=True)])
