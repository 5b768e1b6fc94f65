"""A YAML file as its parser found it, before anything is made of it.

No text has turned into a number or a truth yet, and what was marked by an anchor or a tag is still known to be.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from yaml import MarkedYAMLError
from yaml.events import (
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)


@dataclass(frozen=True, slots=True)
class Node:
    """What stands in a line; whether &, * or ! stand before it."""

    line: int
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Text(Node):
    """Words, as they stand there."""

    value: str


@dataclass(frozen=True, slots=True)
class Items(Node):
    """A list."""

    values: list[Node]


@dataclass(frozen=True, slots=True)
class Names(Node):
    """Names, each with what belongs to it."""

    pairs: list[tuple[Node, Node]]


def compose(text: str) -> Node | None:
    """What a text holds, None for nothing; raises YAMLError for what is not YAML, or more than one document of it."""
    # The parser in C is forty times as fast as the one in Python, which says the same where there is no other.
    events = list(yaml.parse(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)))
    documents = [event for event in events if isinstance(event, DocumentStartEvent)]
    if len(documents) > 1:
        blind_index = documents[1].start_mark
        raise MarkedYAMLError(problem="a second document begins here", problem_mark=blind_index)  # type: ignore[arg-type]
    inside = (event for event in events if isinstance(event, NodeEvent | CollectionEndEvent))
    return next(_nodes(inside), None)


def _nodes(events: Iterator[Event]) -> Iterator[Node]:
    """One after the other, until what they stand in ends."""
    for event in events:
        if isinstance(event, CollectionEndEvent):
            return
        yield _node(event, events)


def _node(event: Event, events: Iterator[Event]) -> Node:
    line, is_marked = _line(event), _is_marked(event)
    if isinstance(event, MappingStartEvent):
        inside = _nodes(events)
        return Names(line, is_marked, list(zip(inside, inside, strict=True)))
    if isinstance(event, SequenceStartEvent):
        return Items(line, is_marked, list(_nodes(events)))
    return Text(line, is_marked, event.value if isinstance(event, ScalarEvent) else "")


def _line(event: Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _is_marked(event: Event) -> bool:
    """An alias has the name of its anchor."""
    return bool(getattr(event, "anchor", None) or getattr(event, "tag", None))
