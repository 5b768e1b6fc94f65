"""The first menus of the helpline, as plain text."""

from collections.abc import Iterator

from ivr.diagrams.exits import exits
from ivr.engine.choice_question import ChoiceQuestion
from ivr.engine.content import Content
from ivr.engine.step import own

LEVELS = 2
GLOBAL_KEYS = "everywhere  0 a person, * hear it again, # back"


def tree(content: Content) -> str:
    """Return the first menu and the menus behind its keys, in the words that callers hear."""
    return "\n".join(("a new call", *_under(content, content.entries["answer"], 1), GLOBAL_KEYS)) + "\n"


def _under(content: Content, at: str, level: int) -> Iterator[str]:
    step = content.steps[at]
    if not isinstance(step, ChoiceQuestion):
        onward = [target for label, target in exits(step) if not label]
        yield from (line for target in onward for line in _under(content, target, level))
        return
    for key, choice in step.offers().items():
        words = content.sentences[own(at, choice.say)].text.rpartition(",")[0]
        yield f"{'    ' * level}{key}  {words}"
        if level < LEVELS:
            yield from _under(content, choice.go, level + 1)
