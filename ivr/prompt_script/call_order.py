"""The order in which callers reach flows and steps: from the greeting, by key, then from the entry `person`."""

from collections.abc import Iterator, Set

from ivr.diagrams.exits import exits
from ivr.engine.content import Content


def call_order(content: Content) -> list[tuple[str, list[str]]]:
    """Return every flow with its steps: topics first, then what is reached from everywhere."""
    flows: dict[str, list[str]] = {}
    for at in _steps(content):
        flows.setdefault(_flow(at), []).append(at)
    return list(flows.items())


def _steps(content: Content) -> Iterator[str]:
    answer = content.entries.get("answer")
    first = set(content.topics) | ({_flow(answer)} if answer else set())
    seen: dict[str, None] = {}
    if answer:
        _visit(content, answer, first, seen)
    everything = {_flow(at) for at in content.steps}
    for entry in (*(content.entries[name] for name in ("person", *content.entries) if name in content.entries),):
        _visit(content, entry, everything, seen)
    for at in content.steps:
        _visit(content, at, everything, seen)
    return iter(seen)


def _visit(content: Content, at: str, flows: Set[str], seen: dict[str, None]) -> None:
    """Visit a step and, depth first, all that it leads to within these flows."""
    if at in seen or at not in content.steps or _flow(at) not in flows:
        return
    seen[at] = None
    for _, target in exits(content.steps[at]):
        _visit(content, target, flows, seen)


def _flow(at: str) -> str:
    return at.partition("/")[0]
