"""Labels of exits: the key that takes an exit, or its name."""

from collections.abc import Iterator

from ivr.engine.choice_question import ChoiceQuestion
from ivr.engine.content import Content
from ivr.engine.step import Step, Target
from ivr.engine.yes_no import NO, YES, YesNoQuestion

KEYED_EXITS = ("then", "through", "text")
"""The exits of the kinds `reading` and `contact`, in the order of their keys; exits that a step lacks are skipped."""


def exits(step: Step) -> Iterator[tuple[str, Target]]:
    """Yield the exits of a step with their labels: keys first, `otherwise` last."""
    labelled = [(_label(step, path), target) for path, target in step.exits()]
    yield from sorted(labelled, key=lambda one: (one[0] == "otherwise", not one[0][:1].isdigit()))


def labels_by_target(step: Step) -> dict[str, tuple[str, ...]]:
    """Return the targets of a step, each with the labels of all exits that lead there."""
    found: dict[str, tuple[str, ...]] = {}
    for label, target in exits(step):
        found[target] = (*found.get(target, ()), *([label] if label else []))
    return found


def entries(content: Content) -> Iterator[tuple[str, str]]:
    """Yield the steps that calls enter from outside all flows, and how."""
    labels = {
        "answer": "a new call",
        "person": "0, anywhere",
        "lost": "a call that lost its place",
        "broken": "a step that broke",
    }
    yield from ((str(target), labels.get(name, name)) for name, target in content.entries.items())
    yield from ((at, "an adviser's line") for at, step in content.steps.items() if step.for_adviser)


def _label(step: Step, path: tuple[str, ...]) -> str:
    if path[0] == "choices":
        return path[1]
    if isinstance(step, ChoiceQuestion) and (key := _key_of(step, path[0])):
        return f"{key} {_words(path[0])}"
    if isinstance(step, YesNoQuestion) and path[0] in ("yes", "no"):
        return f"{YES if path[0] == 'yes' else NO} {path[0]}"
    if path[0] in KEYED_EXITS and "then" in type(step).model_fields:
        offered = [name for name in KEYED_EXITS if getattr(step, name, None)]
        return f"{offered.index(path[0]) + 1} {path[0]}"
    return "" if path == ("go",) else _words(path[0])


def _key_of(step: ChoiceQuestion, exit: str) -> str:
    """Return the key of an exit that is named as the sentence that offers it; "" for other exits."""
    offered = (key for key, choice in step.offers().items() if choice.say == exit)
    return "" if exit == "otherwise" else next(offered, "")


def _words(exit: str) -> str:
    return exit.replace("_", " ")
