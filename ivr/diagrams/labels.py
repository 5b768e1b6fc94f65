"""Where a label may stand on its arrow, and what it covers there."""

from dataclasses import dataclass

from ivr.diagrams.letters import width
from ivr.diagrams.sized import LINE, SMALL

Point = tuple[float, float]
Area = tuple[float, float, float, float]
"""Left, top, right, bottom."""
TRIES = (0.5, 0.38, 0.62, 0.26, 0.74, 0.16, 0.84)
"""How far along an arrow its label may stand, the best first."""


@dataclass(frozen=True)
class Label:
    """Words on an arrow, in lines around a middle."""

    lines: tuple[str, ...]
    middle: Point

    @property
    def area(self) -> Area:
        half, high = max(width(line, SMALL) for line in self.lines) / 2 + 2, LINE * len(self.lines) / 2
        x, y = self.middle
        return (x - half, y - high, x + half, y + high)


def on_curve(start: Point, end: Point, t: float) -> Point:
    """A point of the curve that leaves one place straight up or down, and comes to the other so."""
    (x0, y0), (x1, y1) = start, end
    middle = (y0 + y1) / 2
    a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
    return (a * x0 + b * x0 + c * x1 + d * x1, a * y0 + b * middle + c * middle + d * y1)


def shared(one: Area, other: Area) -> float:
    """How many square pixels two areas have in common."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(wide, 0) * max(high, 0)
