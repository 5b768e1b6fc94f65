"""The dates of a fact can be: found before it was checked, checked before today, good for some time after that."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.errors import Problem
from ivr.helpline.dated import dated_facts


def review(content: Content, means: Means) -> Iterator[Problem]:
    """A fact checked in time to come, one that ran out before it was checked, or one whose source is younger."""
    for dated in dated_facts(content):
        fact = dated.fact
        if fact.checked_on > means.today:
            yield dated.problem(f"checked on {fact.checked_on}, which is still to come", "checked_on")
        if fact.good_until < fact.checked_on:
            yield dated.problem(
                f"good until {fact.good_until}, before it was checked ({fact.checked_on})", "good_until"
            )
        if fact.source_date and fact.source_date > fact.checked_on.isoformat()[: len(fact.source_date)]:
            yield dated.problem(
                f"a source of {fact.source_date} cannot have been read on {fact.checked_on}", "source_date"
            )
