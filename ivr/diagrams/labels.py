"""Label positions on arrows, and the areas that labels cover."""

from dataclasses import dataclass

from ivr.diagrams.box_size import LINE, SMALL
from ivr.diagrams.text_metrics import text_width

Point = tuple[float, float]
Area = tuple[float, float, float, float]
"""Left, top, right, bottom."""
LABEL_POSITIONS = (0.5, 0.38, 0.62, 0.26, 0.74, 0.16, 0.84)
"""Fractions of an arrow at which its label may stand, best first."""


@dataclass(frozen=True)
class Label:
    """The label of an arrow, in lines around a centre."""

    lines: tuple[str, ...]
    middle: Point

    @property
    def area(self) -> Area:
        half, high = max(text_width(line, SMALL) for line in self.lines) / 2 + 2, LINE * len(self.lines) / 2
        x, y = self.middle
        return (x - half, y - high, x + half, y + high)


def point_on_curve(start: Point, end: Point, t: float) -> Point:
    """Return a point of the Bézier curve that leaves and reaches its ends vertically."""
    (x0, y0), (x1, y1) = start, end
    middle = (y0 + y1) / 2
    a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
    return (a * x0 + b * x0 + c * x1 + d * x1, a * y0 + b * middle + c * middle + d * y1)


def overlap_area(one: Area, other: Area) -> float:
    """Return the intersection of two areas in square pixels."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(wide, 0) * max(high, 0)
