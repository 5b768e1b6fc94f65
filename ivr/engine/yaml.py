"""Reads the small part of YAML that flows and prompts are written in, and remembers the lines.

Everything is text: a key `0`, a language `no` and a time `22:30` stay what was written. The same key twice,
anchors, aliases, tags and merges are mistakes, and all mistakes of a file are found at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

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


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the document: its line, and whether &, * or ! stand before it."""

    line: int
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Scalar(Node):
    """A scalar, as written."""

    value: str


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

    def line(self, *path: str) -> int:
        """Return the line of an entry, or of the nearest one around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, says: str, *path: str) -> Problem:
        """Return a problem at an entry."""
        return Problem(self.file, self.line(*path), says)


def read(path: Path, name: str) -> Source:
    """Return the content of a file, under the name that problems carry. Never raises for what is in the file."""
    source = Source(name)
    try:
        text = path.read_bytes()[: LARGEST + 1]
        if len(text) > LARGEST:
            source.problems.append(source.problem("this file is too long to be one that a person wrote"))
            return source
        node = compose(text.decode())
    except (YAMLError, UnicodeDecodeError, RecursionError) as error:
        source.problems.append(Problem(name, _line_of(error), f"this is not YAML we can read: {_reason(error)}"))
        return source
    if isinstance(node, Mapping):
        source.content = _mapping(source, node, ())
    elif node is not None:
        source.problems.append(source.problem("this file should hold names, each with a colon and what belongs to it"))
    return source


def _line_of(error: Exception) -> int:
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    return mark.line + 1 if mark else 1


def _reason(error: Exception) -> str:
    return str(error.problem if isinstance(error, MarkedYAMLError) else error)


def _mapping(source: Source, node: Mapping, path: Where) -> dict[str, Plain]:
    content: dict[str, Plain] = {}
    for key, value in node.pairs:
        if not isinstance(key, Scalar) or _is_strange(source, key):
            source.problems.append(Problem(source.file, key.line, "a name here should be plain text"))
        elif key.value in content:
            earlier = source.lines[(*path, key.value)]
            source.problems.append(
                Problem(source.file, key.line, f"“{key.value}” stands here twice (first in line {earlier})")
            )
        else:
            source.lines[(*path, key.value)] = key.line
            content[key.value] = _plain(source, value, (*path, key.value))
    return content


def _plain(source: Source, node: Node, path: Where) -> Plain:
    if _is_strange(source, node):
        return ""
    if isinstance(node, Mapping):
        return _mapping(source, node, path)
    if isinstance(node, Sequence):
        source.lines.update({(*path, str(place)): item.line for place, item in enumerate(node.values)})
        return [_plain(source, item, (*path, str(place))) for place, item in enumerate(node.values)]
    return _text(source, node)


def _text(source: Source, node: Node) -> str:
    words = node.value if isinstance(node, Scalar) else ""
    if any(not character.isprintable() and not character.isspace() for character in words):
        source.problems.append(Problem(source.file, node.line, "there is a character here that cannot be seen or said"))
    return words


def _is_strange(source: Source, node: Node) -> bool:
    """Anchors make one text mean something elsewhere, tags make it mean something else: neither is for people."""
    if node.is_marked:
        says = "anchors, aliases and tags (&, *, !) are not used in these files"
        source.problems.append(Problem(source.file, node.line, says))
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
    return Scalar(line, is_marked, event.value if isinstance(event, ScalarEvent) else "")


def _line(event: Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _is_marked(event: Event) -> bool:
    """Return whether a node has an anchor, a tag, or is an alias (which has the name of its anchor)."""
    return bool(getattr(event, "anchor", None) or getattr(event, "tag", None))
