"""Our own hours were confirmed too long ago to be read out."""

from collections.abc import Iterator
from datetime import date

from ivr.engine.content import Content
from ivr.errors import Problem
from ivr.helpline.our_hours import FILE, read_hours


def warn(content: Content, today: date) -> Iterator[Problem]:
    """From the day after their `good_until`: calls still go by them, and nobody is told them any more."""
    source = content.sources.get(FILE)
    ours, _ = read_hours(source)
    if source and ours and today > ours.good_until:
        yield source.problem(f"these hours were good until {ours.good_until}; confirm them anew", "good_until")
