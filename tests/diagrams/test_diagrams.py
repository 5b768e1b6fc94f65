"""Diagrams of flows are whole, readable, and those of the flows as they are."""

from itertools import combinations
from pathlib import Path
from shutil import copytree
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.commands.draw import files
from ivr.config import CONTENT
from ivr.diagrams.builder import DiagramBuilder
from ivr.diagrams.diagram import Arrow, Box, Diagram, Stub
from ivr.diagrams.labels import Area
from ivr.diagrams.layout import lay_out
from ivr.diagrams.menu_tree import tree
from ivr.diagrams.svg import RED, svg
from ivr.engine.content import Content
from ivr.engine.content_reader import read_content
from ivr.engine.graph import exits_of
from ivr.lint.run import problems_in
from ivr.steps import KINDS
from tests.lint.helplines import MINIMAL

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs/flows"


def builder(folder: Path) -> DiagramBuilder:
    content = read_content(folder, KINDS)
    return DiagramBuilder(content, tuple(problems_in(content)))


OURS = builder(CONTENT)
DIAGRAMS = [OURS.whole(), *map(OURS.flow, OURS.flows)]
every_diagram = pytest.mark.parametrize("diagram", DIAGRAMS, ids=lambda diagram: diagram.name)


def test_the_diagrams_in_the_docs_are_those_of_the_flows_as_they_are() -> None:
    assert {path.name: path.read_text("utf-8") for path in DOCS.iterdir()} == dict(files(OURS)), "run: ivr draw"


def test_the_readme_shows_the_first_menus_as_they_are() -> None:
    assert tree(OURS.content) in (ROOT / "README.md").read_text("utf-8"), "run: ivr draw --format text"


@every_diagram
def test_nothing_covers_anything(diagram: Diagram) -> None:
    assert overlaps(diagram) == []


def overlaps(diagram: Diagram) -> list[tuple[Area, Area]]:
    page = lay_out(diagram)
    areas = [*page.areas(), *(label.area for label in page.labels)]
    return [(one, other) for one, other in combinations(areas, 2) if covers(one, other)]


def covers(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@every_diagram
def test_all_of_it_lies_on_the_page(diagram: Diagram) -> None:
    page = lay_out(diagram)
    for left, top, right, bottom in (*page.areas(), *(label.area for label in page.labels)):
        assert left >= 0
        assert top >= 0
        assert right <= page.size[0]
        assert bottom <= page.size[1]


def leads(content: Content) -> set[tuple[str, str]]:
    return {(at, to) for at in content.steps for to in exits_of(content, at)}


def test_every_step_has_a_box_and_every_exit_an_arrow_or_a_stub() -> None:
    shown = set[tuple[str, str]]()
    for diagram in DIAGRAMS[1:]:
        shown |= {(f"{diagram.name}/{one.start}", f"{diagram.name}/{one.end}") for one in diagram.arrows}
        shown |= {(f"{diagram.name}/{box.name}", stub.to) for box in diagram.boxes for stub in box.outgoing}
    assert shown == leads(OURS.content)
    assert {f"{diagram.name}/{box.name}" for diagram in DIAGRAMS[1:] for box in diagram.boxes} == set(
        OURS.content.steps
    )


def test_the_whole_shows_every_flow_and_every_way_between_them() -> None:
    whole = OURS.whole()
    between = {(at.partition("/")[0], to.partition("/")[0]) for at, to in leads(OURS.content)}
    shown = {(one.start, one.end) for one in whole.arrows} | {(b.name, s.to) for b in whole.boxes for s in b.outgoing}
    assert shown == {(one, other) for one, other in between if one != other}
    assert {box.name for box in whole.boxes} == set(OURS.flows)


def test_keys_stand_on_arrows_and_seconds_on_boxes() -> None:
    welcome = OURS.flow("welcome")
    main = next(box for box in welcome.boxes if box.name == "main")
    assert {"1": "decisions/menu", "otherwise": "person/ring"}.items() <= {
        label: stub.to for stub in main.outgoing for label in stub.labels
    }.items()
    assert main.seconds.endswith(" s")
    ring = next(box for box in OURS.flow("mediators").boxes if box.name == "ring")
    assert ring.seconds.startswith("up to")
    assert {"busy", "failed"} <= {label for one in OURS.flow("mediators").arrows for label in one.labels}
    assert "1 yes" in svg(OURS.flow("deadline"))


@every_diagram
def test_a_diagram_is_xml_with_a_title_and_real_words(diagram: Diagram) -> None:
    root = Xml.fromstring(svg(diagram))  # noqa: S314 - our own
    assert root.get("role") == "img"
    assert {"title", "desc"} <= {child.tag.rpartition("}")[2] for child in root}
    words = " ".join(element.text or "" for element in root.iter() if element.tag.endswith("}text"))
    assert all(box.name in words for box in diagram.boxes)
    assert RED not in svg(diagram)


def test_mistakes_are_red_on_the_box_of_their_step(tmp_path: Path) -> None:
    folder = Path(copytree(MINIMAL, tmp_path / "helpline"))
    flow = folder / "flows/town.yaml"
    flow.write_text(flow.read_text().replace("  go: menu\n", "  go: menuu\n"))
    prompts = folder / "prompts/en-GB/town.yaml"
    prompts.write_text(prompts.read_text().replace("on {number}.", "on the line."))
    broken = builder(folder)
    boxes = {box.name: box for box in broken.flow("town").boxes}
    assert "leads to town/menuu" in boxes["hello"].problems[0]
    assert Stub((), "town/menuu", missing=True) in boxes["hello"].outgoing
    assert any("{number} is left out" in says for says in boxes["owl"].problems)
    assert boxes["bye"].problems == ()
    assert RED in svg(broken.flow("town"))
    assert "errors" in broken.whole().boxes[0].problems[0]


def test_the_voice_that_measures_may_be_another() -> None:
    content = read_content(MINIMAL, KINDS)
    slow = DiagramBuilder(content, measure=lambda speech: 100.0)
    assert {box.name: box.seconds for box in slow.flow("town").boxes}["bye"] == "100 s"


names = st.sampled_from(["hello", "a_rather_long_name", "c", "d", "e", "f", "g", "h"])


@settings(max_examples=60)
@given(
    st.lists(names, min_size=1, unique=True),
    st.lists(st.tuples(names, names), max_size=14, unique=True),
    st.booleans(),
)
def test_whatever_leads_where_no_box_covers_another(
    boxes: list[str], pairs: list[tuple[str, str]], incoming: bool
) -> None:
    made = [Box(name, incoming=("elsewhere",) if incoming else (), outgoing=(Stub(("1",), "away"),)) for name in boxes]
    arrows = [Arrow(one, other, ("1",)) for one, other in pairs if {one, other} <= set(boxes)]
    page = lay_out(Diagram("any", "Any", tuple(made), tuple(arrows)))
    assert [pair for pair in combinations(page.areas(), 2) if covers(*pair)] == []
    assert len(page.arrows) == sum(arrow.start != arrow.end for arrow in arrows)
    svg(page.diagram)
