"""What is written on an arrow: the key that takes it, or the name of the exit."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.step import Step, Target
from ivr.engine.yes_no import NO, YES, YesNoQuestion

ON = ("then", "through", "text")
"""The exits of a reading and of a contact, in the order of their keys; those that a step has not are passed over."""


def exits(step: Step) -> Iterator[tuple[str, Target]]:
    """Every way out of a step, by its label: keys first, and what follows when none is pressed last."""
    labelled = [(_label(step, path), target) for path, target in step.exits()]
    yield from sorted(labelled, key=lambda one: (one[0] == "otherwise", not one[0][:1].isdigit()))


def merged(step: Step) -> dict[str, tuple[str, ...]]:
    """The steps that a step leads to, each with all the labels that lead there."""
    found: dict[str, tuple[str, ...]] = {}
    for label, target in exits(step):
        found[target] = (*found.get(target, ()), *([label] if label else []))
    return found


def entries(content: Content) -> Iterator[tuple[str, str]]:
    """Every step that calls come to from outside all flows, and how."""
    told = {
        "answer": "a new call",
        "person": "0, anywhere",
        "lost": "a call that lost its place",
        "broken": "a step that broke",
    }
    yield from ((str(target), told.get(name, name)) for name, target in content.entries.items())
    yield from ((at, "an adviser's line") for at, step in content.steps.items() if step.for_adviser)


def _label(step: Step, path: tuple[str, ...]) -> str:
    if path[0] == "choices":
        return path[1]
    if isinstance(step, YesNoQuestion) and path[0] in ("yes", "no"):
        return f"{YES if path[0] == 'yes' else NO} {path[0]}"
    if path[0] in ON and "then" in type(step).model_fields:
        offered = [name for name in ON if getattr(step, name, None)]
        return f"{offered.index(path[0]) + 1} {path[0]}"
    return "" if path == ("go",) else path[0].replace("_", " ")
