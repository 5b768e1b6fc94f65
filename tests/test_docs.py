"""What is written about the program is true of it."""

import re
import subprocess
from fnmatch import fnmatch
from pathlib import Path
from shutil import which

import pytest
from packaging.version import Version

from ivr import __version__
from ivr.commands.kinds import page
from ivr.commands.lint_context import voice_measure_or
from ivr.config import CONTENT, Settings
from ivr.engine.content_reader import read_content
from ivr.lint.explore import explore
from ivr.lint.pages import rules_page, seconds_page
from ivr.loader import load
from ivr.steps import KINDS

ROOT = Path(__file__).parents[1]
VOICE = 4
"""Cells of a row, at least, of which the last but one is by a voice."""
LINK = re.compile(r"\[[^\]]*\]\(([^)\s#]+)[^)]*\)")
IVR_PATH = re.compile(r"\bivr/[a-z_]+(?:/[a-z_]+)*(?:\.py|/)")
ARCHITECTURE_ROW = re.compile(r"^\| `(ivr/\w+/)` \| (.+) \|$", re.MULTILINE)
TICKED_PATH = re.compile(r"`([a-z_]+(?:\.py|/))`")
TEST_FILE = re.compile(r"\btests/[\w/]+\.py(?:::\w+)?")
TEST_NAME = re.compile(r"`(?:tests/[\w/]+\.py::)?(test_\w+)`")
RELEASE = re.compile(r"^## \[([\d.]+)\] - (\d{4}-\d\d-\d\d)$", re.MULTILINE)
A_PATH_OF_ONE_MACHINE = re.compile(r"(?<![\w.~])/(?:work|root|farm)/")


def committed() -> list[Path]:
    """Every file that is, or is about to be, part of the project; without git, all that .gitignore lets through."""
    if git := which("git"):
        command = [git, "ls-files", "-co", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if listed.returncode == 0:
            return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]
    ignored = [".git", *(line.rstrip("/") for line in (ROOT / ".gitignore").read_text("utf-8").splitlines())]
    return [path for path in ROOT.rglob("*") if path.is_file() and not is_ignored(path, ignored)]


def is_ignored(path: Path, ignored: list[str]) -> bool:
    """Whether any part of a path is not of the project."""
    return any(fnmatch(part, pattern) for part in path.relative_to(ROOT).parts for pattern in ignored)


PAGES = sorted(path for path in committed() if path.suffix == ".md")
pages = pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))


def test_there_are_pages_to_read() -> None:
    assert {ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "docs/content.md"} <= set(PAGES)


def test_whatever_is_said_to_say_a_point_is_a_prompt_or_a_contact() -> None:
    helpline = load()
    sentences = helpline.flows.words.sentences
    alone = {name.rpartition(".")[0] for name in sentences if name.endswith(".prompt")}
    alone -= {name.rpartition(".")[0] for name in sentences if not name.endswith(".prompt")}
    known = {*sentences, *alone, *(f"contacts.{name}" for name in helpline.contacts)}
    named = set(re.findall(r"`([^`]+)`", (ROOT / "docs/content.md").read_text("utf-8")))
    assert len(named) > 50
    assert named - known == set()


def test_each_line_of_the_first_page_is_accounted_for() -> None:
    text = (ROOT / "docs/content.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+)(?: to (\d+))? \| [^|]+ \| [^|]{10,} \|$", text, re.MULTILINE)
    lines = [line for first, last in rows for line in range(int(first), int(last or first) + 1)]
    assert lines == list(range(1, 95))


def test_the_page_of_step_kinds_is_what_the_program_prints() -> None:
    assert (ROOT / "docs/steps.md").read_text("utf-8") == "\n".join(page()) + "\n", "run: ivr kinds > docs/steps.md"


def test_the_page_of_rules_is_what_the_program_prints() -> None:
    assert (ROOT / "docs/rules.md").read_text("utf-8") == "\n".join(rules_page()) + "\n", "run: ivr check --rules"


def test_the_page_of_seconds_is_what_the_program_prints_to_a_second_of_the_voice() -> None:
    content = read_content(CONTENT, KINDS)
    written = (ROOT / "docs/seconds.md").read_text("utf-8").splitlines()
    by_voice = voice_measure_or(content.language.tag, lambda speech: 0.0)
    for line, printed in zip(written, seconds_page(content, explore(content), by_voice), strict=True):
        ours, theirs = line.split(" | "), printed.split(" | ")
        if len(ours) >= VOICE and ours[-2].isdigit():
            assert abs(int(ours.pop(-2)) - int(theirs.pop(-2))) <= 1, line
        assert ours == theirs, "run: ivr check --seconds > docs/seconds.md"


@pages
def test_every_link_leads_somewhere(path: Path) -> None:
    links = [link for link in LINK.findall(path.read_text("utf-8")) if "://" not in link]
    assert [link for link in links if not (path.parent / link).exists()] == []


@pages
def test_every_test_that_is_named_exists(path: Path) -> None:
    for named in TEST_FILE.findall(path.read_text("utf-8")):
        file, _, name = named.partition("::")
        assert (ROOT / file).is_file(), named
        assert f"def {name}" in (ROOT / file).read_text("utf-8"), named


@pages
def test_every_test_that_is_named_without_its_file_exists(path: Path) -> None:
    written = "".join(file.read_text("utf-8") for file in (ROOT / "tests").rglob("test_*.py"))
    named = TEST_NAME.findall(path.read_text("utf-8"))
    assert [name for name in named if f"def {name}(" not in written] == []


def paths_in_architecture() -> list[str]:
    """Every path under ivr/ that the pages on the code name: whole, or by the last part in the row of its package."""
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    rows = [(package, name) for package, row in ARCHITECTURE_ROW.findall(text) for name in TICKED_PATH.findall(row)]
    whole = IVR_PATH.findall(text + (ROOT / "README.md").read_text("utf-8"))
    return sorted({*whole, *(package + name for package, name in rows)})


@pytest.mark.parametrize("path", paths_in_architecture())
def test_every_module_that_is_named_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("setting", [str(field.alias) for field in Settings.model_fields.values()])
def test_every_setting_is_explained(setting: str) -> None:
    assert re.search(rf"^(# )?{setting}=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)


def test_the_newest_release_in_the_changelog_is_this_version() -> None:
    releases = RELEASE.findall((ROOT / "CHANGELOG.md").read_text("utf-8"))
    assert releases[0][0] == __version__
    assert releases == sorted(releases, key=lambda one: (Version(one[0]), one[1]), reverse=True)


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    texts = {path: path.read_bytes().decode("utf-8", "replace") for path in committed()}
    assert [str(path) for path, text in texts.items() if A_PATH_OF_ONE_MACHINE.search(text)] == []
