"""The small part of YAML that staff write: everything is text, and every mistake is told with its line."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from ivr.engine.yaml import LARGEST, Plain, Source, read

NOT_USED = "anchors, aliases and tags (&, *, !) are not used in these files"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "town.yaml"


def source_of(file: Path, text: str) -> Source:
    file.write_text(text)
    return read(file, "flows/town.yaml")


def told(file: Path, text: str) -> list[str]:
    return [str(problem) for problem in source_of(file, text).problems]


def test_everything_is_text(file: Path) -> None:
    content = source_of(
        file, "a: 0\nb: no\nc: 22:30\nd: 0800\ne: 2026-12-01\nf: true\ng:\nno: [1, 2.50, null]\n"
    ).content
    assert content == {
        "a": "0",
        "b": "no",
        "c": "22:30",
        "d": "0800",
        "e": "2026-12-01",
        "f": "true",
        "g": "",
        "no": ["1", "2.50", "null"],
    }


def test_long_sentences_may_be_folded_over_several_lines(file: Path) -> None:
    assert source_of(file, "a:\n  One line\n  and another.\nb: >\n  Folded\n  too.\n").content == {
        "a": "One line and another.",
        "b": "Folded too.\n",
    }


def test_every_entry_knows_its_line(file: Path) -> None:
    source = source_of(file, "# a comment\na:\n  b: 1\n  c:\n    - x\n    - {d: 2}\n")
    assert [source.line(*path) for path in [("a",), ("a", "b"), ("a", "c", "1"), ("a", "c", "1", "d")]] == [2, 3, 6, 6]


def test_what_is_missing_is_told_at_the_line_around_it(file: Path) -> None:
    source = source_of(file, "\na:\n  b: 1\n")
    assert source.line("a", "missing", "deeper") == 2
    assert source.line("nowhere") == 1


def test_an_empty_file_holds_nothing_and_has_no_mistake(file: Path) -> None:
    assert source_of(file, "") == Source("flows/town.yaml")
    assert source_of(file, "# only a comment\n") == Source("flows/town.yaml")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: 2\na: 3\n", "3: “a” stands here twice (first in line 1)"),
        ("a:\n  b: 1\n  b: 2\n", "3: “b” stands here twice (first in line 2)"),
        ('1: {say: soup}\n"1": {say: bread}\n', "2: “1” stands here twice (first in line 1)"),
        ("a: &x 1\n", f"1: {NOT_USED}"),
        ("a: !!int 1\n", f"1: {NOT_USED}"),
        ("a: !secret 1\n", f"1: {NOT_USED}"),
        ("a: !!python/object/apply:os.system [ls]\n", f"1: {NOT_USED}"),
        ("a: &x [*x]\n", f"1: {NOT_USED}"),
        ("[a, b]: 1\n", "1: a name here should be plain text"),
        ("- a\n- b\n", "1: this file should hold names, each with a colon and what belongs to it"),
        ("only words\n", "1: this file should hold names, each with a colon and what belongs to it"),
    ],
)
def test_what_is_not_used_here_is_refused_at_its_line(file: Path, text: str, problem: str) -> None:
    assert told(file, text) == [f"flows/town.yaml:{problem}"]


def test_an_alias_is_refused_where_it_is_defined_and_where_it_stands_and_a_merge_with_it(file: Path) -> None:
    assert told(file, "a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n") == [
        f"flows/town.yaml:{line}: {NOT_USED}" for line in (1, 2, 4)
    ]


def test_all_mistakes_of_a_file_are_told_at_once(file: Path) -> None:
    assert told(file, "a: 1\na: 2\nb: &x 1\nc:\n  d: 1\n  d: 2\n") == [
        "flows/town.yaml:2: “a” stands here twice (first in line 1)",
        f"flows/town.yaml:3: {NOT_USED}",
        "flows/town.yaml:6: “d” stands here twice (first in line 5)",
    ]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: 1\nb: [1, 2\n", 3, "this is not YAML we can read: did not find expected ',' or ']'"),
        ("a: 1\n\tb: 2\n", 2, "this line begins with a tab, and YAML wants spaces: two for each level"),
        ("a: 'x\n", 2, "this is not YAML we can read: found unexpected end of stream"),
        ("a: b: c\n", 1, "this does not fit under the lines above: they stand too far left or right, or a name is"),
        ("a: 1\n---\nb: 2\n", 2, "this is not YAML we can read: a second document begins here"),
    ],
)
def test_what_is_not_yaml_is_told_with_a_line(file: Path, text: str, line: int, says: str) -> None:
    (problem,) = told(file, text)
    assert problem.startswith(f"flows/town.yaml:{line}: {says}")


def test_every_word_of_what_cannot_be_read_may_be_what_somebody_looks_for(file: Path) -> None:
    source = source_of(file, "hello: {kind: say\nbye: {kind: hangup}\n")
    assert source.content == {}
    assert source.unread >= {"hello", "kind", "say", "bye", "hangup"}


def test_bytes_that_are_no_text_are_told(file: Path) -> None:
    file.write_bytes(b"a: caf\xe9\n")
    (problem,) = read(file, "town.yaml").problems
    assert problem.says.startswith("this is not YAML we can read")


def test_a_file_too_deep_to_be_written_by_a_person_is_refused_and_nothing_breaks(file: Path) -> None:
    (problem,) = told(file, "a: " + "[" * 5_000)
    assert "this is not YAML we can read" in problem


def test_a_file_too_long_to_be_written_by_a_person_is_refused_unread(file: Path) -> None:
    source = source_of(file, "a: " + "x" * LARGEST)
    assert [str(problem) for problem in source.problems] == [
        "flows/town.yaml:1: this file is too long to be one that a person wrote"
    ]
    assert source.content == {}


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200) | st.text("ab:-[]{}&*!?|>'\"#, \n\t%@`<~", max_size=60).map(str.encode))
def test_no_file_breaks_the_reading(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "any.yaml"
    file.write_bytes(data)
    source = read(file, "any.yaml")
    assert all(problem.file == "any.yaml" and problem.line >= 1 for problem in source.problems)


PIECES = (
    *("no", "on", "~", "010", "0x1F", "1_000", "22:30", "2026-12-01", ".5", "+44", "<<", "=", "é", "“q”", "a b."),
    *(" ", "  ", "\n", "\n  ", "\n\n", ":", ": ", "a: ", "b: ", "  c: ", "- ", "? ", ",", "[", "]", "{", "}", "{key}"),
    *("'", '"', "\\", "|\n", ">-\n", "#", " # c", "http://x.y/z", "x#y", "::", "---", "...", "@", "`", "%"),
)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_what_is_read_is_what_another_reader_of_yaml_1_2_finds_there(tmp_path: Path, text: str) -> None:
    source = source_of(tmp_path / "any.yaml", text)
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except (YAMLError, AssertionError):  # the second is what it makes of some directives
        return
    if not source.problems and node is not None:
        assert source.content == plain(node)


def plain(node: object) -> Plain:
    match node:
        case MappingNode():
            return {str(plain(key)): plain(value) for key, value in node.value}
        case SequenceNode():
            return [plain(item) for item in node.value]
        case ScalarNode():
            return str(node.value)
    raise TypeError(node)


WORDS = st.sampled_from(
    ["no", "on", "~", "010", "22:30", "<<", "a: b", "- c", "# d", "{e}", "“f”", "g\n\nh\n", "", " i "]
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(WORDS, st.recursive(WORDS, lambda inner: st.lists(inner) | st.dictionaries(WORDS, inner))))
def test_what_another_program_has_written_is_read_as_it_was_meant(tmp_path: Path, content: dict[str, Plain]) -> None:
    file = tmp_path / "any.yaml"
    YAML(typ="safe", pure=True).dump(content, file)
    source = read(file, "any.yaml")
    assert (source.content, source.problems) == (content, [])
