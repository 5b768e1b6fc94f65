"""What a caller is offered at a step, and what follows with or without another choice."""

from collections.abc import Callable, Iterable, Iterator

from ivr.engine.choice_question import ChoiceQuestion
from ivr.engine.content import Content
from ivr.engine.graph import reached
from ivr.engine.question import Question
from ivr.engine.step import Step, own

KEY_ALONE = frozenset({"key"})
"""The only blank of a sentence that offers one key."""


def choices_of(content: Content, at: str) -> Iterator[tuple[str, str, str]]:
    """Yield each key's sentence at a step: its full name, its words, and the step that the key leads to."""
    step = content.steps[at]
    names = [own(at, name) for name, blanks in step.sentences().items() if blanks == KEY_ALONE]
    for name, target in zip(names, step.ways().values(), strict=False):
        if name in content.sentences:
            yield name, content.sentences[name].text, str(target)


def before_a_menu(content: Content, at: str, ends: Callable[[str], bool] = lambda at: False) -> set[str]:
    """Return the steps that a caller comes to from here before anything else is chosen, and the menu that they stop at.

    Those at which the way `ends` are the last. What is taken by whoever does not answer, or while a fact may not be
    stated, is left out.
    """
    return reached([at], lambda other: () if ends(other) else _onward(content.steps.get(other))) & content.steps.keys()


def _onward(step: Step | None) -> Iterable[str]:
    if step is None or isinstance(step, ChoiceQuestion):
        return ()
    if isinstance(step, Question):
        return map(str, step.ways().values())
    return (str(target) for path, target in step.exits() if path[0] != "stale")
