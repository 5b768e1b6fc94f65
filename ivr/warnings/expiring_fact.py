"""A fact runs out soon: there is time to check it before callers miss it."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem
from ivr.helpline.dated import dated_facts
from ivr.helpline.limits import WARNED_AHEAD


def warn(content: Content, means: Means) -> Iterator[Problem]:
    """From sixty days before its `good_until`, to the last day that it is good."""
    for dated in dated_facts(content):
        good_until = dated.fact.good_until
        if good_until - WARNED_AHEAD <= means.today <= good_until:
            yield dated.problem(f"this is good until {good_until}; check it before then", "good_until")
