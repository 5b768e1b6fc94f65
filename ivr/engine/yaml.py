"""Reads the small part of YAML that flows and prompts are written in, and remembers the lines.

Everything is text: a key `0`, a language `no` and a time `22:30` stay what was written. The same key twice,
anchors, aliases, tags and merges are mistakes, and all mistakes of a file are found at once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import yaml
from yaml import MarkedYAMLError, YAMLError
from yaml.events import (
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from ivr.errors import Problem

Plain = str | list["Plain"] | dict[str, "Plain"]
Where = tuple[str, ...]
LARGEST = 200_000
"""Bytes; a file written by people is far smaller."""
ANY = "*"
SYNTAX, DUPLICATE, ANCHOR, INVISIBLE = "yaml_syntax", "duplicate_name", "anchor_or_tag", "invisible_character"
"""The rules that a file may break in itself (`ivr/lint/rules/files.py`)."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the document: its line, and whether &, * or ! stand before it."""

    line: int
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Scalar(Node):
    """A scalar, as written; `is_plain` if it stands in no quotes."""

    value: str
    is_plain: bool


@dataclass(frozen=True, slots=True)
class Sequence(Node):
    """A sequence, with the line of every item."""

    values: list[Node]


@dataclass(frozen=True, slots=True)
class Mapping(Node):
    """A mapping: keys with their values, each with its line, repeated keys too."""

    pairs: list[tuple[Node, Node]]


@dataclass
class Source:
    """One file: its content as plain text, lists and mappings; the line of everything; what is wrong with it."""

    file: str
    content: dict[str, Plain] = field(default_factory=dict)
    lines: dict[Where, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    """Every word of what could not be read; and with ANY, where a name stands twice that was meant to be another."""
    slipped: set[str] = field(default_factory=set)
    """Every word of the lines that were mended to read the file."""
    is_odd: bool = False
    """Whether it may not be what its editor meant (`yaml_slips.py` looks closer)."""

    def line(self, *path: str) -> int:
        """Return the line of an entry, or of the nearest one around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, says: str, *path: str, rule: str = "") -> Problem:
        """Return a problem at an entry, and about the first name on the way to it."""
        about = "/".join((PurePosixPath(self.file).stem, *path[:1]))
        return Problem(self.file, self.line(*path), says, rule, about)

    def refuse(self, rule: str, line: int, says: str) -> None:
        """Keep a problem of a line."""
        self.problems.append(Problem(self.file, line, says, rule))


def read(path: Path, name: str) -> Source:
    """Return the content of a file, under the name that problems carry. Never raises for what is in the file."""
    source = Source(name)
    data = path.read_bytes()[: LARGEST + 1]
    if len(data) > LARGEST:
        source.refuse(SYNTAX, 1, "this file is too long to be one that a person wrote")
        return source
    try:
        return parsed(data.decode(), name)
    except UnicodeDecodeError as error:
        source.refuse(SYNTAX, 1, f"this is not YAML we can read: {error}")
        return source


def parsed(text: str, name: str) -> Source:
    """Return the content of a text."""
    source = Source(name)
    try:
        node = compose(text)
    except (YAMLError, RecursionError) as error:
        source.refuse(SYNTAX, error_line(error), _reason(error))
        source.unread, source.is_odd = words_of(text), True
        return source
    if isinstance(node, Mapping):
        source.content = _mapping(source, node, ())
    elif node is not None:
        source.refuse(SYNTAX, 1, "this file should hold names, each with a colon and what belongs to it")
        source.unread = words_of(text)
    return source


def words_of(content: Plain) -> set[str]:
    """Return every word in what stands in a file.

    >>> sorted(words_of({"kind": "say", "go": "school/menu"}))
    ['go', 'kind', 'menu', 'say', 'school', 'school/menu']
    """
    if isinstance(content, list | dict):
        inside = [*content, *(content.values() if isinstance(content, dict) else ())]
        return set[str]().union(*map(words_of, inside))
    return {*re.findall(r"[\w-]+", content), *re.findall(r"[\w-]+/[\w-]+", content)}


def values_in(entry: Plain, *path: str) -> Iterator[tuple[Where, str]]:
    """Yield every text in an entry, with its path."""
    if isinstance(entry, str):
        yield path, entry
    else:
        for name, inner in entry.items() if isinstance(entry, dict) else enumerate(entry):
            yield from values_in(inner, *path, str(name))


def _reason(error: Exception) -> str:
    """Return why a file cannot be read, where no slip of one line would explain it."""
    reason = str(error.problem if isinstance(error, MarkedYAMLError) else error)
    if "\\t" in reason or "tab" in reason:
        return "this line begins with a tab, and YAML wants spaces: two for each level"
    if "mapping values" in reason or "expected key" in reason:
        return "this does not fit under the lines above: they stand too far left or right, or a name is missing there"
    return f"this is not YAML we can read: {reason}"


def _mapping(source: Source, node: Mapping, path: Where) -> dict[str, Plain]:
    content: dict[str, Plain] = {}
    source.is_odd = source.is_odd or _is_odd(node)
    for key, value in node.pairs:
        if not isinstance(key, Scalar) or _is_strange(source, key):
            source.refuse(SYNTAX, key.line, "a name here should be plain text")
        elif key.value in content:
            earlier = source.lines[(*path, key.value)]
            source.refuse(DUPLICATE, key.line, f"“{key.value}” stands here twice (first in line {earlier})")
            source.unread.add("/".join((*path, ANY)))
        else:
            source.lines[(*path, key.value)] = key.line
            content[key.value] = _plain(source, value, (*path, key.value))
    return content


def _is_odd(node: Mapping) -> bool:
    """Return whether a name is of several words, or has nothing or another name behind it, or is a key among fields."""
    names = [key.value for key, _ in node.pairs if isinstance(key, Scalar) and key.is_plain]
    is_sentence = any(re.search(r"\s|:$", name) for name in names)
    is_empty = any(isinstance(value, Scalar) and not value.value for _, value in node.pairs)
    is_joined = any(joined(key, value) or has_stray_quote(value) for key, value in node.pairs)
    return is_sentence or is_empty or is_joined or len(set(map(str.isdigit, names))) > 1


def joined(key: Node, value: Node) -> bool:
    """Return whether what stands under a name is a name itself, with no space after its colon."""
    if not isinstance(value, Scalar) or not value.is_plain or value.line == key.line:
        return False
    return re.match(r"[a-z_]+:\S", value.value) is not None


def has_stray_quote(node: Node) -> bool:
    """Return whether a single word ends with a quote that nothing opens."""
    return isinstance(node, Scalar) and node.is_plain and re.fullmatch(r"\S+[\"']", node.value) is not None


def is_odd_item(node: Node) -> bool:
    """Return whether an item of a list has a stray quote, or the next item, in it."""
    return has_stray_quote(node) or (isinstance(node, Scalar) and node.is_plain and " - " in node.value)


def _plain(source: Source, node: Node, path: Where) -> Plain:
    if _is_strange(source, node):
        return ""
    if isinstance(node, Mapping):
        return _mapping(source, node, path)
    if isinstance(node, Sequence):
        source.is_odd = source.is_odd or any(map(is_odd_item, node.values))
        source.lines.update({(*path, str(place)): item.line for place, item in enumerate(node.values)})
        return [_plain(source, item, (*path, str(place))) for place, item in enumerate(node.values)]
    return _text(source, node)


def _text(source: Source, node: Node) -> str:
    words = node.value if isinstance(node, Scalar) else ""
    if not words.isprintable() and any(not one.isprintable() and not one.isspace() for one in words):
        source.refuse(INVISIBLE, node.line, "there is a character here that cannot be seen or said")
    return words


def _is_strange(source: Source, node: Node) -> bool:
    """Anchors make one text mean something elsewhere, tags make it mean something else: neither is for people."""
    if node.is_marked:
        source.refuse(ANCHOR, node.line, "anchors, aliases and tags (&, *, !) are not used in these files")
    return node.is_marked


def compose(text: str) -> Node | None:
    """Return the root node of a text, None if it is empty; raises YAMLError for anything but one document."""
    # The parser in C is forty times as fast as the one in Python, which says the same where there is no other.
    events = list(yaml.parse(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)))
    documents = [event for event in events if isinstance(event, DocumentStartEvent)]
    if len(documents) > 1:
        mark = documents[1].start_mark
        raise MarkedYAMLError(problem="a second document begins here", problem_mark=mark)  # type: ignore[arg-type]
    inside = (event for event in events if isinstance(event, NodeEvent | CollectionEndEvent))
    return next(_nodes(inside), None)


def error_line(error: Exception) -> int:
    """Return the line in which the parser gave up."""
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    return mark.line + 1 if mark else 1


def _nodes(events: Iterator[Event]) -> Iterator[Node]:
    """Yield the nodes of a collection, until it ends."""
    for event in events:
        if isinstance(event, CollectionEndEvent):
            return
        yield _node(event, events)


def _node(event: Event, events: Iterator[Event]) -> Node:
    line, is_marked = _line(event), _is_marked(event)
    if isinstance(event, MappingStartEvent):
        inside = _nodes(events)
        return Mapping(line, is_marked, list(zip(inside, inside, strict=True)))
    if isinstance(event, SequenceStartEvent):
        return Sequence(line, is_marked, list(_nodes(events)))
    return Scalar(line, is_marked, *((event.value, not event.style) if isinstance(event, ScalarEvent) else ("", False)))


def _line(event: Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _is_marked(event: Event) -> bool:
    """Return whether a node has an anchor, a tag, or is an alias (which has the name of its anchor)."""
    return bool(getattr(event, "anchor", None) or getattr(event, "tag", None))
