"""A fact has run out: callers hear how to find out instead, until somebody has checked it anew."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem
from ivr.helpline.dated import dated_facts


def warn(content: Content, means: Means) -> Iterator[Problem]:
    """From the day after its `good_until`. An error under `ivr check --strict`, and never for a start or a release."""
    for dated in dated_facts(content):
        if means.today > dated.fact.good_until:
            says = f"this was good until {dated.fact.good_until}, and is not said any more; check it anew"
            yield dated.problem(says, "good_until")
