"""A child of ten could follow what a step says."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem
from ivr.helpline.limits import ENOUGH_WORDS, HARDEST_GRADE
from ivr.helpline.plain_english import grade
from ivr.helpline.said import by_step, spoken


def review(content: Content, means: Means) -> Iterator[Problem]:
    """A step whose words, where there are sixty at least, are above grade 7 (Flesch-Kincaid)."""
    for group in by_step(spoken(content)):
        found, words = grade(group.values())
        if words >= ENOUGH_WORDS and round(found, 1) > HARDEST_GRADE:
            says = f"the words here are of grade {found:.1f}, and {HARDEST_GRADE:.0f} is the most: write shorter ones"
            yield content.at_sentence(next(iter(group)), says)
