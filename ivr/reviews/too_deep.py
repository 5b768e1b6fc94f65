"""Nothing that is told lies deeper than three levels of menus: a caller keeps no map of the service in their head."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.graph import levels_to
from ivr.engine.means import Means
from ivr.engine.question import Question
from ivr.errors import Problem
from ivr.helpline.limits import MOST_LEVELS

ENTRY = "answer"


def review(content: Content, means: Means) -> Iterator[Problem]:
    """A question that lies behind more menus than that, by the shortest way from the answer of a call."""
    start = content.entries.get(ENTRY)
    if start not in content.steps:
        return  # told elsewhere
    for at, levels in levels_to(content, str(start)).items():
        step = content.steps.get(at)
        if isinstance(step, Question) and not step.levels and levels > MOST_LEVELS:
            yield content.at_step(at, f"{at} lies behind {levels} menus, and {MOST_LEVELS} are the most")
