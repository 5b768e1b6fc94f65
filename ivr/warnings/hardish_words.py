"""The words of a step are harder than we aim at, though they are allowed."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem
from ivr.helpline.limits import ENOUGH_WORDS, HARDEST_GRADE, TARGET_GRADE
from ivr.helpline.plain_english import grade
from ivr.helpline.said import by_step, spoken


def warn(content: Content, means: Means) -> Iterator[Problem]:
    """A step whose words, where there are sixty at least, are above grade 5 and not above 7 (Flesch-Kincaid)."""
    for group in by_step(spoken(content)):
        found, words = grade(group.values())
        if words >= ENOUGH_WORDS and TARGET_GRADE < round(found, 1) <= HARDEST_GRADE:
            says = f"the words here are of grade {found:.1f}, and we aim at {TARGET_GRADE:.0f}"
            yield content.at_sentence(next(iter(group)), says)
