"""Where everything of a picture goes: boxes, arrows and the labels on them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ivr.diagrams.labels import TRIES, Area, Label, Point, on_curve, shared
from ivr.diagrams.layers import Pair, Rows, laid
from ivr.diagrams.letters import width
from ivr.diagrams.picture import Arrow, Picture
from ivr.diagrams.sized import BOX, LINE, SMALL, Sized

ROOM = 1180.0
"""Pixels that a picture is wide, unless it cannot be."""
EDGE, BETWEEN = 24.0, 34.0
"""Around all; between what is not connected."""
LOW = 46.0
"""How far rows are apart, with nothing written between them."""
LABEL_ROOM = 128.0
BESIDE = 18.0
"""How far two arrows between the same boxes, there and back, are to either side of the middle."""


@dataclass
class Placed:
    """A picture on its page: the top left corner of each box, the points of each arrow (in the direction of travel:
    from one to the next it alternates between a straight line and a curve), and the labels.
    """

    picture: Picture
    boxes: dict[str, tuple[Sized, Point]] = field(default_factory=dict)
    arrows: list[tuple[Arrow, list[Point]]] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    size: Point = (0.0, 0.0)

    def areas(self) -> Iterator[Area]:
        """What every box covers, with all that hangs on to it."""
        for sized, (x, y) in self.boxes.values():
            middle = x + BOX / 2
            yield (middle - sized.left, y, middle + sized.right, y + sized.bottom)


def placed(picture: Picture) -> Placed:
    """Lay out a picture: what is connected together, side by side as long as there is room."""
    page = Placed(picture)
    left, top, lowest, widest = EDGE, EDGE, EDGE, 0.0
    for names in _connected(picture):
        part = _part(picture, names)
        wide, high = part.size
        if left > EDGE and left + wide > ROOM:
            left, top = EDGE, lowest + BETWEEN
        _put(page, part, left, top)
        lowest, widest = max(lowest, top + high), max(widest, left + wide)
        left += wide + BETWEEN
    page.size = (widest + EDGE, lowest + EDGE)
    return page


def _connected(picture: Picture) -> list[list[str]]:
    """The names that arrows tie together, in the order of the file."""
    group = {box.name: {box.name} for box in picture.boxes}
    for arrow in picture.arrows:
        one, other = group[arrow.start], group[arrow.end]
        if one is not other:
            one |= other
            group |= dict.fromkeys(other, one)
    order = [box.name for box in picture.boxes]
    return [list(names) for names in dict.fromkeys(tuple(n for n in order if n in group[name]) for name in order)]


def _part(picture: Picture, names: Sequence[str]) -> Placed:
    """What is connected, by itself."""
    sized = {box.name: Sized(box) for box in picture.boxes if box.name in names}
    arrows = [arrow for arrow in picture.arrows if arrow.start in names and arrow.start != arrow.end]
    pairs = [(arrow.start, arrow.end) for arrow in arrows]
    rows = laid(names, pairs, lambda name: (sized[name].left, sized[name].right), ROOM)
    part = Placed(picture)
    tops = _tops(rows, sized, arrows)
    lefts = [rows.middles[name] - sized[name].left for name in names]
    lefts += [rows.middles[passer] - 4 for way in rows.ways.values() for passer in way[1:-1]]
    shift = -min(lefts)
    for number, row in enumerate(rows.rows):
        for name in row:
            if name in sized:
                part.boxes[name] = (sized[name], (rows.middles[name] + shift - BOX / 2, tops[number]))
    _draw(part, rows, arrows, tops, shift)
    rights = [x + BOX / 2 + box.right for box, (x, _) in part.boxes.values()]
    rights += [x for _, points in part.arrows for x, _ in points] + [label.area[2] for label in part.labels]
    part.size = (max(rights), max(y + box.bottom for box, (_, y) in part.boxes.values()))
    return part


def _tops(rows: Rows, sized: Mapping[str, Sized], arrows: Sequence[Arrow]) -> list[float]:
    """Where each row begins: below the one before it, and what is written between the two; the last is the end."""
    row_of = {name: number for number, row in enumerate(rows.rows) for name in row}
    lines = [0] * (len(rows.rows) + 1)
    for arrow in arrows:
        start, end = row_of[arrow.start], row_of[arrow.end]
        gap = start if start < end else start - 1
        lines[gap] = max(lines[gap], len(_in_lines(arrow)))
    tops = [0.0]
    for number, row in enumerate(rows.rows):
        high = max((sized[name].bottom for name in row if name in sized), default=0.0)
        crowd = min(4, sum(len(way) > 1 and row_of[way[0]] == number for way in rows.ways.values()))
        tops.append(tops[-1] + high + LOW + LINE * lines[number] + 5 * crowd)
    return tops


def _draw(part: Placed, rows: Rows, arrows: Sequence[Arrow], tops: Sequence[float], shift: float) -> None:
    """The arrows, each through the places it has in the rows that it passes, and then their labels."""
    row_of = {name: number for number, row in enumerate(rows.rows) for name in row}
    ports = _ports(rows, part)
    both = {(arrow.start, arrow.end) for arrow in arrows}
    high = [max((part.boxes[name][0].bottom for name in row if name in part.boxes), default=0.0) for row in rows.rows]
    for arrow in arrows:
        ahead = (arrow.start, arrow.end) in rows.ways and row_of[arrow.start] < row_of[arrow.end]
        pair = (arrow.start, arrow.end) if ahead else (arrow.end, arrow.start)
        way = rows.ways[pair]
        points: list[Point] = []
        for place, name in enumerate(way):
            top = tops[row_of[name]]
            end = top + high[row_of[name]]
            if place == 0:
                x = ports[name, "below", pair]
                points += [(x, top + part.boxes[name][0].height), (x, end)]
            elif place == len(way) - 1:
                x = ports[name, "above", pair]
                points += [(x, top), (x, top)]
            else:
                x = rows.middles[name] + shift
                points += [(x, top), (x, end)]
        if (arrow.end, arrow.start) in both:
            points = [(x - BESIDE if ahead else x + BESIDE, y) for x, y in points]
        part.arrows.append((arrow, points if ahead else points[::-1]))
    _label(part)


def _ports(rows: Rows, part: Placed) -> dict[tuple[str, str, Pair], float]:
    """Where arrows leave and reach a box, spread along its edges in the order of where they come from and go to."""
    ends: dict[tuple[str, str], list[tuple[float, Pair]]] = {}
    for pair, way in rows.ways.items():
        ends.setdefault((way[0], "below"), []).append((rows.middles[way[1]], pair))
        ends.setdefault((way[-1], "above"), []).append((rows.middles[way[-2]], pair))
    ports: dict[tuple[str, str, Pair], float] = {}
    for (name, side), many in ends.items():
        left = part.boxes[name][1][0]
        for number, (_, pair) in enumerate(sorted(many)):
            ports[name, side, pair] = left + BOX * (number + 1) / (len(many) + 1)
    return ports


def _in_lines(arrow: Arrow) -> tuple[str, ...]:
    """The labels of an arrow, several on a line while there is room."""
    lines: list[str] = []
    for label in arrow.labels:
        if lines and width(f"{lines[-1]}, {label}", SMALL) <= LABEL_ROOM:
            lines[-1] += f", {label}"
        else:
            lines.append(label)
    return tuple(lines)


def _label(part: Placed) -> None:
    """Every label where it covers no other and no box, near where its arrow starts."""
    taken = list(part.areas())
    for arrow, points in part.arrows:
        if not arrow.labels:
            continue
        curve = next((a, b) for a, b in zip(points[1::2], points[2::2], strict=False))
        tries = [Label(_in_lines(arrow), on_curve(*curve, t)) for t in TRIES]
        label = min(tries, key=lambda one: sum(shared(one.area, area) for area in taken))
        part.labels.append(label)
        taken.append(label.area)


def _put(page: Placed, part: Placed, left: float, top: float) -> None:
    """A part, at its place on the page."""

    def moved(point: Point) -> Point:
        return (point[0] + left, point[1] + top)

    page.boxes |= {name: (sized, moved(corner)) for name, (sized, corner) in part.boxes.items()}
    page.arrows += [(arrow, list(map(moved, points))) for arrow, points in part.arrows]
    page.labels += [Label(label.lines, moved(label.middle)) for label in part.labels]
