"""The layout of a diagram: positions of boxes, arrows and labels."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum

from ivr.diagrams.box_size import BOX, LINE, SMALL, SizedBox
from ivr.diagrams.diagram import Arrow, Diagram
from ivr.diagrams.labels import LABEL_POSITIONS, Area, Label, Point, overlap_area, point_on_curve
from ivr.diagrams.layers import Layers, Pair, assign_layers
from ivr.diagrams.text_metrics import text_width

MAX_WIDTH = 1180.0
"""Pixels; exceeded only by a component that is wider on its own."""
MARGIN, COMPONENT_GAP = 24.0, 34.0
"""Around the diagram; between its connected components."""
ROW_GAP = 46.0
"""The distance of rows without labels between them."""
LABEL_WIDTH = 128.0
TWO_WAY_OFFSET = 18.0
"""The offset of two opposite arrows between the same boxes."""


@dataclass
class Layout:
    """A diagram with positions: the top left corner of each box, the points of each arrow (in the direction of travel:
    from one to the next it alternates between a straight line and a curve), and the labels.
    """

    diagram: Diagram
    boxes: dict[str, tuple[SizedBox, Point]] = field(default_factory=dict)
    arrows: list[tuple[Arrow, list[Point]]] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    size: Point = (0.0, 0.0)

    def areas(self) -> Iterator[Area]:
        """Yield the area of every box with its stubs."""
        for sized, (x, y) in self.boxes.values():
            middle = x + BOX / 2
            yield (middle - sized.left, y, middle + sized.right, y + sized.bottom)


def lay_out(diagram: Diagram) -> Layout:
    """Lay out a diagram, its connected components side by side as long as there is room."""
    page = Layout(diagram)
    left, top, lowest, widest = MARGIN, MARGIN, MARGIN, 0.0
    for names in _components(diagram):
        component = _component(diagram, names)
        wide, high = component.size
        if left > MARGIN and left + wide > MAX_WIDTH:
            left, top = MARGIN, lowest + COMPONENT_GAP
        _place(page, component, left, top)
        lowest, widest = max(lowest, top + high), max(widest, left + wide)
        left += wide + COMPONENT_GAP
    page.size = (widest + MARGIN, lowest + MARGIN)
    return page


def _components(diagram: Diagram) -> list[list[str]]:
    """Return the connected components, as names in the order of the file."""
    group = {box.name: {box.name} for box in diagram.boxes}
    for arrow in diagram.arrows:
        one, other = group[arrow.start], group[arrow.end]
        if one is not other:
            one |= other
            group |= dict.fromkeys(other, one)
    order = [box.name for box in diagram.boxes]
    return [list(names) for names in dict.fromkeys(tuple(n for n in order if n in group[name]) for name in order)]


def _component(diagram: Diagram, names: Sequence[str]) -> Layout:
    """Lay out one connected component."""
    sized = {box.name: SizedBox(box) for box in diagram.boxes if box.name in names}
    arrows = [arrow for arrow in diagram.arrows if arrow.start in names and arrow.start != arrow.end]
    pairs = [(arrow.start, arrow.end) for arrow in arrows]
    rows = assign_layers(names, pairs, lambda name: (sized[name].left, sized[name].right), MAX_WIDTH)
    component = Layout(diagram)
    tops = _row_tops(rows, sized, arrows)
    lefts = [rows.x[name] - sized[name].left for name in names]
    lefts += [rows.x[dummy] - 4 for path in rows.paths.values() for dummy in path[1:-1]]
    shift = -min(lefts)
    for number, row in enumerate(rows.rows):
        for name in row:
            if name in sized:
                component.boxes[name] = (sized[name], (rows.x[name] + shift - BOX / 2, tops[number]))
    _route_arrows(component, rows, arrows, tops, shift)
    rights = [x + BOX / 2 + box.right for box, (x, _) in component.boxes.values()]
    rights += [x for _, points in component.arrows for x, _ in points] + [label.area[2] for label in component.labels]
    component.size = (max(rights), max(y + box.bottom for box, (_, y) in component.boxes.values()))
    return component


def _row_tops(rows: Layers, sized: Mapping[str, SizedBox], arrows: Sequence[Arrow]) -> list[float]:
    """Return the top of each row, below the previous one and the labels between; the last is the bottom."""
    row_of = {name: number for number, row in enumerate(rows.rows) for name in row}
    lines = [0] * (len(rows.rows) + 1)
    for arrow in arrows:
        start, end = row_of[arrow.start], row_of[arrow.end]
        gap = start if start < end else start - 1
        lines[gap] = max(lines[gap], len(_label_lines(arrow)))
    tops = [0.0]
    for number, row in enumerate(rows.rows):
        high = max((sized[name].bottom for name in row if name in sized), default=0.0)
        crowd = min(4, sum(len(path) > 1 and row_of[path[0]] == number for path in rows.paths.values()))
        tops.append(tops[-1] + high + ROW_GAP + LINE * lines[number] + 5 * crowd)
    return tops


def _route_arrows(
    component: Layout, rows: Layers, arrows: Sequence[Arrow], tops: Sequence[float], shift: float
) -> None:
    """Route each arrow through its dummy nodes, then place the labels."""
    row_of = {name: number for number, row in enumerate(rows.rows) for name in row}
    ports = _ports(rows, component)
    both = {(arrow.start, arrow.end) for arrow in arrows}
    boxes = component.boxes
    high = [max((boxes[name][0].bottom for name in row if name in boxes), default=0.0) for row in rows.rows]
    spans = {name: (tops[number], tops[number] + high[number]) for name, number in row_of.items()}
    for arrow in arrows:
        ahead = (arrow.start, arrow.end) in rows.paths and row_of[arrow.start] < row_of[arrow.end]
        pair = (arrow.start, arrow.end) if ahead else (arrow.end, arrow.start)
        upper, *dummies, lower = rows.paths[pair]
        (top, bottom), x = spans[upper], ports[upper, "below", pair]
        points = [(x, top + boxes[upper][0].height), (x, bottom)]
        points += [(rows.x[name] + shift, y) for name in dummies for y in spans[name]]
        points += [(ports[lower, "above", pair], spans[lower][0])] * 2
        if (arrow.end, arrow.start) in both:
            points = [(x - TWO_WAY_OFFSET if ahead else x + TWO_WAY_OFFSET, y) for x, y in points]
        component.arrows.append((arrow, points if ahead else points[::-1]))
    _place_labels(component)


def _ports(rows: Layers, component: Layout) -> dict[tuple[str, str, Pair], float]:
    """Return the x at which arrows leave and reach each box, spread in the order of their other ends."""
    ends: dict[tuple[str, str], list[tuple[float, Pair]]] = {}
    for pair, path in rows.paths.items():
        ends.setdefault((path[0], "below"), []).append((rows.x[path[1]], pair))
        ends.setdefault((path[-1], "above"), []).append((rows.x[path[-2]], pair))
    ports: dict[tuple[str, str, Pair], float] = {}
    for (name, side), many in ends.items():
        left = component.boxes[name][1][0]
        for number, (_, pair) in enumerate(sorted(many)):
            ports[name, side, pair] = left + BOX * (number + 1) / (len(many) + 1)
    return ports


def _label_lines(arrow: Arrow) -> tuple[str, ...]:
    """Return the labels of an arrow, several on a line while there is room."""
    lines: list[str] = []
    for label in arrow.labels:
        if lines and text_width(f"{lines[-1]}, {label}", SMALL) <= LABEL_WIDTH:
            lines[-1] += f", {label}"
        else:
            lines.append(label)
    return tuple(lines)


def _place_labels(component: Layout) -> None:
    """Place every label where it overlaps least with boxes and other labels."""
    taken = list(component.areas())
    for arrow, points in component.arrows:
        if not arrow.labels:
            continue
        curve = next((a, b) for a, b in zip(points[1::2], points[2::2], strict=False))
        tries = [Label(_label_lines(arrow), point_on_curve(*curve, t)) for t in LABEL_POSITIONS]
        label = min(tries, key=lambda one: fsum(overlap_area(one.area, area) for area in taken))
        component.labels.append(label)
        taken.append(label.area)


def _place(page: Layout, component: Layout, left: float, top: float) -> None:
    """Move a component to its position on the page."""

    def moved(point: Point) -> Point:
        return (point[0] + left, point[1] + top)

    page.boxes |= {name: (sized, moved(corner)) for name, (sized, corner) in component.boxes.items()}
    page.arrows += [(arrow, list(map(moved, points))) for arrow, points in component.arrows]
    page.labels += [Label(label.lines, moved(label.middle)) for label in component.labels]
