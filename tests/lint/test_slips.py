"""One slip in any line of our own flows and prompts is one finding in that line, or does no harm; two are two."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ivr.config import CONTENT
from ivr.engine.content_reader import read_content
from ivr.engine.yaml import parsed
from ivr.engine.yaml_slips import mended
from ivr.errors import Problem
from ivr.lint.run import problems_in
from ivr.steps import KINDS

FILES = sorted(
    path.relative_to(CONTENT).as_posix() for name in ("flows", "prompts") for path in (CONTENT / name).rglob("*.yaml")
)
SLIPS: Mapping[str, Callable[[str], str]] = {
    "a tab": lambda line: f"\t{line.lstrip()}",
    "a colon": lambda line: re.sub(r"(?<=[a-z]) (?=[a-z{])", ": ", line, count=1),
    "a quote": lambda line: re.sub(r"^(\s*\w+: )?(\s*)", r'\1\2"', line, count=1),
    "a quote at the end": lambda line: f'{line}"',
    "one space too many": lambda line: f" {line}",
    "too far right": lambda line: f"  {line}",
    "one space too few": lambda line: line.removeprefix(" "),
    "too far left": lambda line: line.removeprefix("  "),
    "no space after a colon": lambda line: line.replace(": ", ":", 1),
}


@pytest.fixture(scope="module")
def helpline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of our own flows and prompts."""
    folder = tmp_path_factory.mktemp("helpline")
    for name in ("flows", "prompts"):
        copytree(CONTENT / name, folder / name)
    return folder


class Planted:
    """A slip in a line of a file; the text is put back at the end."""

    def __init__(self, folder: Path, file: str, place: int, slip: str) -> None:
        self.file, self.path = file, folder / file
        self.text = self.path.read_text("utf-8")
        lines = self.text.split("\n")
        lines_with_words = [at for at, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")]
        self.place = lines_with_words[place % len(lines_with_words)]
        lines[self.place] = SLIPS[slip](lines[self.place])
        self.slipped = "\n".join(lines)

    def __enter__(self) -> "Planted":
        self.path.write_text(self.slipped, "utf-8")
        return self

    def __exit__(self, *_: object) -> None:
        self.path.write_text(self.text, "utf-8")

    def is_at(self, problem: Problem) -> bool:
        """Return whether a problem is in the line of the slip."""
        return (problem.file, problem.line) == (self.file, self.place + 1)


ANY_SLIP = st.tuples(st.sampled_from(FILES), st.integers(0, 10_000), st.sampled_from(sorted(SLIPS)))


@pytest.mark.parametrize("file", [file for file in FILES if file.startswith("prompts/")])
def test_a_group_whose_name_is_moved_right_is_told_and_read_as_before(file: str) -> None:
    text = (CONTENT / file).read_text("utf-8")
    lines = text.split("\n")
    for place, line in enumerate(lines):
        if re.fullmatch(r"[\w-]+:", line):
            slipped = "\n".join([*lines[:place], f"  {line}", *lines[place + 1 :]])
            assert parsed(slipped, file).is_odd, line
            read_as, slips = mended(slipped)
            assert [slip.line for slip in slips] == [place + 1], line
            assert read_as == text, line


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANY_SLIP)
def test_a_slip_is_told_once_in_its_line_or_does_no_harm(helpline: Path, slip: tuple[str, int, str]) -> None:
    with Planted(helpline, *slip) as planted:
        problems = problems_in(read_content(helpline, KINDS))
    assert len(problems) <= 1
    assert all(map(planted.is_at, problems))


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANY_SLIP, ANY_SLIP)
def test_two_slips_in_two_files_are_both_told(
    helpline: Path, one: tuple[str, int, str], other: tuple[str, int, str]
) -> None:
    assume(one[0] != other[0])
    alone = []
    for slip in (one, other):
        with Planted(helpline, *slip):
            alone += problems_in(read_content(helpline, KINDS))
    with Planted(helpline, *one), Planted(helpline, *other):
        assert problems_in(read_content(helpline, KINDS)) == sorted(alone)
