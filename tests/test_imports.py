"""Imports point one way, between parts and between modules, so that each can be read and tested without those above."""

import ast
from collections.abc import Iterator, Mapping, Set
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import ivr

HERE = Path(ivr.__file__).parent

MAY_KNOW = {
    "errors": set[str](),
    "printable": set(),
    "log": {"printable"},
    "stop": set(),
    "engine": {"errors"},
    "helpline": {"engine", "errors"},
    "steps": {"engine", "helpline", "errors"},
    "lint": {"engine", "helpline", "errors"},
    "json_schemas": {"engine", "helpline", "errors"},
    "prompt_script": {"diagrams", "engine", "helpline", "errors"},
    "diagrams": {"engine", "helpline", "errors"},
    "tokens": {"engine", "errors"},
    "telephony": {"engine", "errors"},
    "store": {"helpline", "engine", "errors", "stop"},
    "backup": {"store", "errors"},
    "alerts": {"store", "telephony", "mail", "helpline", "engine", "errors", "stop"},
    "setup": {"setting_files", "errors"},
    "canary": {"store", "telephony", "helpline", "engine", "errors"},
    "provisioning": {"telephony", "store", "helpline", "errors"},
    "staff": {"telephony", "store", "tokens", "identity_provider", "helpline", "engine", "errors"},
    "worker": {"store", "telephony", "tokens", "helpline", "engine", "errors", "log", "stop"},
    "config": {
        *("database_file", "errors", "identity_provider", "setting_files", "setting_names", "setting_values"),
        "smtp_url",
    },
    "setting_values": {"helpline", "identity_provider", "smtp_url"},
    "smtp_url": set(),
    "identity_provider": {"errors"},
    "openid": {"identity_provider", "errors"},
    "mail": {"smtp_url", "errors"},
    "database_file": set(),
    "setting_files": {"errors"},
    "setting_names": set(),
    "speech": {"errors"},
    "web": {"telephony", "store", "tokens", "helpline", "engine", "errors", "log", "stop"},
    "console": {
        "staff",
        "identity_provider",
        "telephony",
        "store",
        "tokens",
        "helpline",
        "engine",
        "errors",
        "log",
        "stop",
    },
    "demo": {"store", "helpline", "engine", "errors"},
    # The simulator shares no code with the app, so that the two cannot share a mistake.
    "simulator": {"speech", "errors"},
}
"""What each part may import of ivr, besides itself; those that are not here tie the others together."""
MAY_KNOW_ALL = {
    "alert_wiring",
    "app",
    "call_environment",
    "canary_wiring",
    "cli",
    "commands",
    "content_source",
    "doctor",
    "fallback_document",
    "loader",
    "readiness",
    "wiring",
    "__main__",
    "__init__",
}

WEB = {"asyncio", "httpx2", "socket", "starlette", "urllib", "uvicorn"}
MACHINE = {"os", "random", "secrets", "sqlalchemy", "sys", "time"}
OUTSIDE = WEB | MACHINE | {"twilio"}
"""What the pure parts do without: the web, the provider, a database, a clock, chance, the environment."""
PURE = ("engine", "helpline", "steps", "lint", "diagrams", "json_schemas", "prompt_script")
CLOCKS = {"now", "today", "utcnow"}
NOT_FOR_STAFF = (WEB | MACHINE | {"rich", "twilio", "typer"}) - {"sqlalchemy", "urllib"}
"""What staff may do is the same at the command line, on a page and by telephone: the time comes in as an argument."""


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


@pytest.mark.parametrize("part", PURE)
def test_the_pure_parts_know_nothing_of_the_outside(part: str) -> None:
    for path in modules(part):
        assert {name.partition(".")[0] for name in imported(path)} & OUTSIDE == set(), path


@pytest.mark.parametrize("part", PURE)
def test_the_pure_parts_never_look_at_the_clock(part: str) -> None:
    for path in modules(part):
        calls = [node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
        assert not [func for func in calls if isinstance(func, ast.Attribute) and func.attr in CLOCKS], path


def test_what_staff_may_do_knows_no_command_line_and_no_machine() -> None:
    for path in modules("staff"):
        assert {name.partition(".")[0] for name in imported(path)} & NOT_FOR_STAFF == set(), path


def test_only_the_telephony_and_the_simulator_know_the_provider() -> None:
    knowing = {part_of(path) for path in modules() if any(name.startswith("twilio") for name in imported(path))}
    assert knowing == {"telephony", "simulator"}


# Import cycles between modules, imports for types alone and inside functions counted.


def module_graph(root: Path, package: str) -> Mapping[str, Set[str]]:
    """Return which modules of a package each of its modules imports; `root` is the folder of the package."""
    paths = {module_name(path, root, package): path for path in root.rglob("*.py")}
    graph: dict[str, set[str]] = {}
    for name, path in paths.items():
        # `from a.b import c` imports a.b.c if that is a module, and a.b if not.
        wanted = {one if one in paths else one.rpartition(".")[0] for one in imported(path)}
        graph[name] = {one for one in wanted if one in paths and one != name}
    return graph


@cache
def our_modules() -> Mapping[str, Set[str]]:
    return module_graph(HERE, "ivr")


def module_name(path: Path, root: Path, package: str) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join([package, *parts]).removesuffix(".__init__")


def import_cycle(graph: Mapping[str, Set[str]]) -> list[str]:
    """Return the modules of one cycle, or none if there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("part", sorted(MAY_KNOW | dict.fromkeys(MAY_KNOW_ALL)))
def test_no_module_imports_itself_through_others(part: str) -> None:
    graph = our_modules()
    within = {name for name in graph if name == f"ivr.{part}" or name.startswith(f"ivr.{part}.")}
    assert import_cycle({name: graph[name] & within for name in within}) == []


def test_no_cycle_goes_through_several_parts() -> None:
    """What is within one part is found by the test above."""
    graph: dict[str, set[str]] = {}
    for name, others in our_modules().items():
        part = graph.setdefault(part_of_module(name), set())
        part |= {part_of_module(one) for one in others} - {part_of_module(name)}
    assert import_cycle(graph) == []


def part_of_module(name: str) -> str:
    return ".".join(name.split(".")[:2])


@pytest.mark.parametrize(
    "back",
    [
        "from made.one import first",
        "import made.one",
        "from made import one",
        "def late() -> None:\n    from made.one import first",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from made.one import first",
    ],
)
def test_an_import_cycle_is_found_however_it_is_hidden(tmp_path: Path, back: str) -> None:
    for name, text in {"__init__": "", "one": "import made.two", "two": "import made.sub.three"}.items():
        (tmp_path / f"{name}.py").write_text(text)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "__init__.py").write_text("")
    last = tmp_path / "sub" / "three.py"
    last.write_text("import ast")
    assert import_cycle(module_graph(tmp_path, "made")) == []
    last.write_text(back)
    assert set(import_cycle(module_graph(tmp_path, "made"))) == {"made.one", "made.two", "made.sub.three"}
