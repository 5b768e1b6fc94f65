"""Imports point one way, so that each part can be read, and tried, without those above it."""

import ast
from collections.abc import Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import ivr

HERE = Path(ivr.__file__).parent

MAY_KNOW = {
    "errors": set[str](),
    "log": set(),
    "engine": {"errors"},
    "helpline": {"engine", "errors"},
    "steps": {"engine", "helpline", "errors"},
    "lint": {"engine", "helpline", "errors"},
    "json_schemas": {"engine", "helpline", "errors"},
    "prompt_script": {"diagrams", "engine", "helpline", "errors"},
    "diagrams": {"engine", "helpline", "errors"},
    "tokens": {"engine", "errors"},
    "telephony": {"engine", "errors"},
    "store": {"helpline", "engine", "errors"},
    "worker": {"store", "telephony", "tokens", "helpline", "engine", "errors"},
    "config": {"errors"},
    "speech": {"errors"},
    "web": {"telephony", "store", "tokens", "helpline", "engine", "errors", "log"},
    # The simulator shares no code with the app, so that the two cannot share a mistake.
    "simulator": {"speech", "errors"},
}
"""What each part may import of ivr, besides itself; those that are not here tie the others together."""
MAY_KNOW_ALL = {"app", "cli", "commands", "__main__", "__init__"}

WEB = {"asyncio", "httpx2", "socket", "starlette", "urllib", "uvicorn"}
MACHINE = {"os", "random", "secrets", "sqlalchemy", "sys", "time"}
OUTSIDE = WEB | MACHINE | {"twilio"}
"""What the pure parts do without: the web, the provider, a database, a clock, chance, the environment."""
PURE = ("engine", "helpline", "steps", "lint", "diagrams", "json_schemas", "prompt_script")
CLOCKS = {"now", "today", "utcnow"}
CIRCULAR = {"engine"}
"""Parts that still have an import circle."""


def modules(part: str = "") -> list[Path]:
    return sorted(path for path in HERE.rglob("*.py") if not part or part_of(path) == part)


def part_of(path: Path) -> str:
    """The folder, or the module itself where it has none."""
    return path.relative_to(HERE).parts[0].removesuffix(".py")


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def imported(path: Path) -> Iterator[str]:
    """Every module that is imported anywhere in a file, late and for types alone too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: an import that does not say from where"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def parts_known(path: Path) -> set[str]:
    """The other parts of ivr that a file imports."""
    names = [name.split(".") for name in imported(path)]
    return {name[1] for name in names if name[0] == "ivr" and len(name) > 1} - {part_of(path)}


def import_circle(paths: Sequence[Path], root: Path) -> list[str]:
    """Return the modules of an import circle, the first repeated at the end; nothing if there is none.

    Imports inside functions and under TYPE_CHECKING count: a circle of types is a circle for whoever reads.
    """
    names = {".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}
    graph = {
        # What is imported is a module, or something in one.
        name: {one if one in names else one.rpartition(".")[0] for one in imported(path)} & names.keys() - {name}
        for name, path in names.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle
    return []


def test_every_part_has_its_place_in_the_order() -> None:
    assert {part_of(path) for path in modules()} == MAY_KNOW.keys() | MAY_KNOW_ALL


@pytest.mark.parametrize("part", MAY_KNOW)
def test_a_part_knows_only_those_below_it(part: str) -> None:
    for path in modules(part):
        assert parts_known(path) <= MAY_KNOW[part], path


@pytest.mark.parametrize("part", MAY_KNOW)
def test_the_order_has_no_circle(part: str) -> None:
    below, ahead = set[str](), set(MAY_KNOW[part])
    while ahead:
        below.add(one := ahead.pop())
        ahead |= MAY_KNOW[one] - below
    assert part not in below


@pytest.mark.parametrize("part", sorted((MAY_KNOW.keys() | MAY_KNOW_ALL) - CIRCULAR))
def test_no_modules_import_each_other_in_a_circle(part: str) -> None:
    assert import_circle(modules(part), HERE.parent) == []


@pytest.mark.parametrize(
    "back",
    [
        "import part.one\n",
        "def late() -> None:\n    from part import one\n",
        "if TYPE_CHECKING:\n    from part.one import One\n",
    ],
)
def test_an_import_circle_is_found(tmp_path: Path, back: str) -> None:
    one, two = tmp_path / "part/one.py", tmp_path / "part/two.py"
    one.parent.mkdir()
    one.write_text("from part.two import Two\n")
    two.write_text("import os\n")
    assert import_circle([one, two], tmp_path) == []
    two.write_text(back)
    assert set(import_circle([one, two], tmp_path)) == {"part.one", "part.two"}


@pytest.mark.parametrize("part", PURE)
def test_the_pure_parts_know_nothing_of_the_outside(part: str) -> None:
    for path in modules(part):
        assert {name.partition(".")[0] for name in imported(path)} & OUTSIDE == set(), path


@pytest.mark.parametrize("part", PURE)
def test_the_pure_parts_never_look_at_the_clock(part: str) -> None:
    for path in modules(part):
        calls = [node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
        assert not [func for func in calls if isinstance(func, ast.Attribute) and func.attr in CLOCKS], path


def test_only_the_telephony_and_the_simulator_know_the_provider() -> None:
    knowing = {part_of(path) for path in modules() if any(name.startswith("twilio") for name in imported(path))}
    assert knowing == {"telephony", "simulator"}
