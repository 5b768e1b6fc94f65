"""Renders a diagram as SVG with real text, the reader's own typeface, and no external resources.

Boxes and arrows carry what they stand for (`data-box`, `data-from`, `data-to`), and shapes a class, for a page that
shows a call on its way through the diagram.
"""

from itertools import pairwise
from xml.etree import ElementTree as Xml

from ivr.diagrams.box_size import BOX, LINE, NAME, NAME_LINE, PAD, PILL, PILL_STEP, SMALL, SizedBox, label_text
from ivr.diagrams.diagram import Diagram, Stub
from ivr.diagrams.labels import Label, Point
from ivr.diagrams.layout import Layout, lay_out

PAPER, INK, SOFT, LINES, RED = "#ffffff", "#1b1f24", "#57606a", "#6b7785", "#b3261e"
BOX_FILL, BOX_EDGE, RED_FILL = "#f3f7fb", "#8ba6c1", "#fdeceb"
OUT_FILL, IN_FILL = "#fff6dd", "#e9f5e9"
FACE = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"
WORD_ROLES = {SOFT: "soft", RED: "bad"}
HEADING = 40.0


def svg(diagram: Diagram) -> str:
    """Return the SVG file of a diagram."""
    page = lay_out(diagram)
    wide, high = page.size[0], page.size[1] + HEADING + LINE * len(diagram.problems)
    root = _root(diagram, wide, high)
    _head(root)
    _rect(root, (0, 0), wide, high, PAPER, PAPER, 0, "paper")
    _text(root, (24, 26), diagram.title, size=16, bold=True)
    body = Xml.SubElement(root, "g", transform=f"translate(0 {HEADING:g})")
    for sized, corner in page.boxes.values():
        _box(body, sized, corner)
    for arrow, points in page.arrows:
        ends = {"data-from": arrow.start, "data-to": arrow.end}
        line = Xml.SubElement(body, "path", _line(_path(points), LINES) | ends)
        Xml.SubElement(line, "title").text = f"{arrow.start} → {arrow.end}: {label_text(arrow.labels) or 'always'}"
    for label in page.labels:
        _label(body, label)
    _unplaced_problems(body, page)
    Xml.indent(root, " ")
    return Xml.tostring(root, encoding="unicode") + "\n"


def _root(diagram: Diagram, wide: float, high: float) -> Xml.Element:
    """Return the root element, with a title and a text alternative."""
    root = Xml.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {wide:.0f} {high:.0f}",
            "width": f"{wide:.0f}",
            "role": "img",
            "aria-labelledby": "title told",
            "font-family": FACE,
            "font-size": f"{SMALL:g}",
        },
    )
    Xml.SubElement(root, "title", {"id": "title"}).text = diagram.title
    Xml.SubElement(root, "desc", {"id": "told"}).text = diagram.summary()
    return root


def _head(root: Xml.Element) -> None:
    """Define the arrowhead."""
    marker = {"id": "point", "viewBox": "0 0 8 8", "refX": "7.5", "refY": "4", "markerWidth": "7", "markerHeight": "7"}
    point = Xml.SubElement(Xml.SubElement(root, "defs"), "marker", marker | {"orient": "auto"})
    Xml.SubElement(point, "path", d="M0 0 L8 4 L0 8 z", fill=LINES)


def _path(points: list[Point]) -> str:
    """Return the path commands of an arrow: straight through rows, curved between them."""
    x, y = points[0]
    commands = [f"M{x:.1f} {y:.1f}"]
    for number, ((x0, y0), (x1, y1)) in enumerate(pairwise(points)):
        middle = (y0 + y1) / 2
        if (x0, y0) == (x1, y1):  # nothing to pass: it would leave the point of the arrow without a direction
            continue
        curved = f"C{x0:.1f} {middle:.1f} {x1:.1f} {middle:.1f} {x1:.1f} {y1:.1f}"
        commands.append(curved if number % 2 else f"L{x1:.1f} {y1:.1f}")
    return " ".join(commands)


def _line(commands: str, colour: str) -> dict[str, str]:
    shape = {"d": commands, "class": "arrow", "fill": "none", "stroke": colour}
    return shape | {"stroke-width": "1.4", "marker-end": "url(#point)"}


def _box(body: Xml.Element, sized: SizedBox, corner: Point) -> None:
    x, y = corner
    box, wrong = sized.box, bool(sized.box.problems)
    group = Xml.SubElement(body, "g", {"class": "step wrong" if wrong else "step", "data-box": box.name})
    Xml.SubElement(group, "title").text = " · ".join(filter(None, (box.name, box.kind, box.seconds, box.words)))
    _incoming(group, sized, corner)
    for number, stub in enumerate(box.outgoing):
        _stub(group, sized, stub, (x + BOX, y + PILL_STEP * number + PILL / 2))
    _rect(group, corner, BOX, sized.height, RED_FILL if wrong else BOX_FILL, RED if wrong else BOX_EDGE, 6, "box")
    _text(group, (x + PAD, y + NAME_LINE), box.name, size=NAME, bold=True)
    down = y + NAME_LINE + LINE
    _text(group, (x + PAD, down), box.kind, colour=SOFT)
    _text(group, (x + BOX - PAD, down), box.seconds, colour=SOFT, anchor="end")
    for line in sized.words:
        down += LINE
        _text(group, (x + PAD, down), line)
    for line in sized.problems:
        down += LINE
        _text(group, (x + PAD, down), line, colour=RED, bold=True)


def _incoming(group: Xml.Element, sized: SizedBox, corner: Point) -> None:
    """Draw what leads here from other flows, to the left."""
    if not sized.incoming:
        return
    x, y = corner[0] + BOX / 2 - sized.left, corner[1]
    middle = y + PILL / 2
    _rect(group, (x, y), sized.incoming_width, sized.incoming_height, IN_FILL, "#8fb98f", PILL / 2, "in")
    for number, line in enumerate(sized.incoming):
        _text(group, (x + 8, y + LINE + LINE * number), line)
    Xml.SubElement(group, "path", _line(f"M{x + sized.incoming_width:.1f} {middle:.1f} H{corner[0]:.1f}", LINES))


def _stub(group: Xml.Element, sized: SizedBox, stub: Stub, at: Point) -> None:
    """Draw an exit to another flow, to the right, with its keys on the arrow."""
    x, y = at
    colour, words = (RED, RED) if stub.missing else (LINES, INK)
    end = x + sized.arrow
    Xml.SubElement(group, "path", _line(f"M{x:.1f} {y:.1f} H{end:.1f}", colour) | {"data-to": stub.to})
    _text(group, ((x + end - 6) / 2, y - 3), label_text(stub.labels), anchor="middle", colour=words)
    edge = RED if stub.missing else "#c9a94a"
    fill, role = (RED_FILL, "missing") if stub.missing else (OUT_FILL, "out")
    _rect(group, (end, y - PILL / 2), sized.pill_of(stub), PILL, fill, edge, PILL / 2, role)
    _text(group, (end + 8, y + 4), stub.to, colour=words)


def _label(body: Xml.Element, label: Label) -> None:
    """Words on an arrow, on a piece of paper of their own so that nothing runs through them."""
    left, top, right, bottom = label.area
    _rect(body, (left, top), right - left, bottom - top, PAPER, "none", 3, "paper")
    for number, line in enumerate(label.lines):
        _text(body, (label.middle[0], top + LINE * number + 10.5), line, anchor="middle")


def _unplaced_problems(body: Xml.Element, page: Layout) -> None:
    """Draw the problems that belong to no box."""
    for number, says in enumerate(page.diagram.problems):
        _text(body, (24, page.size[1] + LINE * number), says, colour=RED, bold=True)


def _rect(
    parent: Xml.Element, corner: Point, wide: float, high: float, fill: str, edge: str, round_: float, role: str
) -> None:
    place = {"x": f"{corner[0]:.1f}", "y": f"{corner[1]:.1f}", "width": f"{wide:.1f}", "height": f"{high:.1f}"}
    Xml.SubElement(parent, "rect", place | {"rx": f"{round_:g}", "class": role, "fill": fill, "stroke": edge})


def _text(
    parent: Xml.Element,
    at: Point,
    words: str,
    *,
    colour: str = INK,
    size: float = SMALL,
    bold: bool = False,
    anchor: str = "start",
) -> None:
    if not words:
        return
    how = {"x": f"{at[0]:.1f}", "y": f"{at[1]:.1f}", "fill": colour}
    how |= {"class": WORD_ROLES[colour]} if colour in WORD_ROLES else {}
    how |= {"font-size": f"{size:g}"} if size != SMALL else {}
    how |= {"font-weight": "bold"} if bold else {}
    how |= {"text-anchor": anchor} if anchor != "start" else {}
    Xml.SubElement(parent, "text", how).text = words
