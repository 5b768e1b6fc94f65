"""One value of a YAML file is written: its own bytes change, and nothing else."""

import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from yaml.nodes import MappingNode, Node, SequenceNode

from ivr.engine.yaml import Where, parsed, values_in
from ivr.engine.yaml_writer import CannotWrite, replace_value, value_at

ROOT = Path(__file__).parents[2]
EVERY_STYLE = """\
# Every way to write a value.
plain: One line.  # why it is short
below:
  It begins under its name,
  and goes on.  # to here
  # a comment between

folded: >-   # a comment of the header
  Folded into
  one line.

  And another.

clipped: >
  Folded, with a line break
  at its end.


kept: |+
  Literal.

indented: |2
   A space first.
literal: |
  Line for line,

  with a blank one.
double: "She said: \\"no\\"."
single: 'It''s so: yes.'
long: "One sentence of some words in quotes that goes on
  in a second line."
list:
  - an item
  -   another: inside
      deeper: a value
flow: {a: one, b: [two, three]}
empty:
last: the end"""


@cache
def texts() -> dict[str, str]:
    """Return our files of prompts, those of the example, and one with every style, with each kind of line break."""
    folders = ROOT / "prompts", ROOT / "examples/westshire/prompts"
    files = {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for folder in folders
        for path in sorted(folder.rglob("*.yaml"))
    }
    return files | {"styles": EVERY_STYLE, "dos": EVERY_STYLE.replace("\n", "\r\n")}


@cache
def values() -> list[tuple[str, Where]]:
    return [(file, path) for file, text in texts().items() for path, _ in values_in(parsed(text, file).content)]


def node_at(text: str, path: Where) -> Node:
    node = yaml.compose(text, Loader=yaml.BaseLoader)
    for name in path:
        if isinstance(node, MappingNode):
            node = next(value for key, value in node.value if key.value == name)
        elif isinstance(node, SequenceNode):
            node = node.value[int(name)]
    assert node is not None
    return node


words = st.text(alphabet=st.sampled_from("abc {}:#-'\"|>\\ \n,.&*!%@`[]?é£…\t"), max_size=60)
sentences = st.lists(st.from_regex(r"[A-Za-z,.:']{1,12}", fullmatch=True), min_size=1, max_size=60).map(" ".join)
anything = st.one_of(sentences, words, st.text(alphabet=st.characters(exclude_categories=["Cs"])))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(values()), anything)
@example(("styles", ("plain",)), 'word"')
@example(("styles", ("folded",)), " a space first\tand a tab")
@example(("styles", ("kept",)), "a\n\n\n")
@example(("dos", ("literal",)), "a\r\nb")
@example(("styles", ("empty",)), "something")
@example(("styles", ("last",)), "")
@example(("styles", ("below",)), "https://example.org: yes")
def test_any_text_in_any_value_of_our_files_comes_back_and_nothing_else_changes(
    where: tuple[str, Where], value: str
) -> None:
    file, path = where
    text = texts()[file]
    written = replace_value(text, path, value)
    before, after = parsed(text, file), parsed(written, file)
    assert value_at(after.content, path) == value
    assert dict(values_in(after.content)) == dict(values_in(before.content)) | {path: value}
    assert list(dict(values_in(after.content))) == list(dict(values_in(before.content)))
    node = node_at(text, path)
    assert written.startswith(text[: node.start_mark.index].rstrip())
    assert written.endswith(text[node.end_mark.index :])
    assert [comment for comment in re.findall(r"#.*", text) if comment not in written] == []
    assert replace_value(written, path, value) == written


@pytest.mark.parametrize("file", texts())
def test_a_value_written_as_it_is_changes_no_byte(file: str) -> None:
    for path, value in values_in(parsed(texts()[file], file).content):
        assert replace_value(texts()[file], path, value) == texts()[file]


LONG = "When a sentence has more words than a line of the file can hold, it is written in several."


@pytest.mark.parametrize(
    ("path", "value", "before", "after"),
    [
        ("plain", "Two lines.", "plain: One line.  # why", "plain: Two lines.  # why"),
        ("plain", "Yes: no", "plain: One line.  # why", 'plain: "Yes: no"  # why'),
        ("single", "It's no.", "single: 'It''s so: yes.'", "single: 'It''s no.'"),
        ("double", 'Say "yes".', 'double: "She said: \\"no\\"."', 'double: "Say \\"yes\\"."'),
        (
            "below",
            "It begins under its name, and goes on and on.",
            "below:\n  It begins under its name,\n  and goes on.  # to here",
            "below:\n  It begins under its name,\n  and goes on and on.  # to here",
        ),
        (
            "below",
            "It starts under its name, and goes on.",
            "below:\n  It begins under its name,\n  and goes on.  # to here",
            "below:\n  It starts under its name,\n  and goes on.  # to here",
        ),
        (
            "plain",
            LONG,
            "plain: One line.  # why",
            "plain:\n  When a sentence has more words than a line of the file can hold, it is written\n"
            "  in several.  # why",
        ),
        (
            "double",
            f"{LONG}: yes",
            'double: "She said: \\"no\\"."',
            'double:\n  "When a sentence has more words than a line of the file can hold, it is\n'
            '  written in several.: yes"',
        ),
        (
            "folded",
            "Folded into one more line.\nAnd another.",
            "folded: >-   # a comment\n  Folded into\n  one line.\n\n  And another.",
            "folded: >-   # a comment\n  Folded into\n  one more line.\n\n  And another.",
        ),
        ("literal", "One.\nTwo.\n", "literal: |\n  One.\n\n\nnext: x", "literal: |\n  One.\n  Two.\n\n\nnext: x"),
        ("literal", "One.", "literal: |  # so\n  One.\nnext: x", "literal: |-  # so\n  One.\nnext: x"),
        ("flow.b.1", "last, not least", "flow: {a: x, b: [y, z]}", 'flow: {a: x, b: [y, "last, not least"]}'),
        ("list.0", "a - b", "list:\n  - one  # 1\n  - two", 'list:\n  - "a - b"  # 1\n  - two'),
        ("empty", "words", "empty:\nnext: x", "empty: words\nnext: x"),
        ("words", "", "words: some\nnext: x", 'words: ""\nnext: x'),
    ],
)
def test_a_value_keeps_its_style_its_lines_and_its_comment(path: str, value: str, before: str, after: str) -> None:
    assert replace_value(before, tuple(path.split(".")), value) == after
    dos = f"{before}\n".replace("\n", "\r\n")
    assert replace_value(dos, tuple(path.split(".")), value) == f"{after}\n".replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a: x", "b"),
        ("a: x", "a.b"),
        ("a: {b: c}", "a"),
        ("a: x\na: y", "a"),
        ("a: &here x", "a"),
        ("a: 'x", "a"),
        ("", "a"),
    ],
)
def test_what_is_no_text_or_cannot_be_read_is_not_written(text: str, path: str) -> None:
    with pytest.raises(CannotWrite, match="there is no text to change under"):
        replace_value(text, tuple(path.split(".")), "words")
