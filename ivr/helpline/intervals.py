"""Spans of time as sets: what two of them have in common, and what of one the other leaves."""

from collections.abc import Iterable, Iterator
from datetime import datetime

Interval = tuple[datetime, datetime]
"""From one moment to another (UTC), the second left out."""


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the intervals in their order, those that touch or overlap as one.

    >>> at = datetime.fromisoformat
    >>> nine, ten, eleven = at("2026-11-23T09:00Z"), at("2026-11-23T10:00Z"), at("2026-11-23T11:00Z")
    >>> union([(ten, eleven), (nine, ten)]) == [(nine, eleven)]
    True
    """
    found: list[Interval] = []
    for begins, ends in sorted(intervals):
        if found and begins <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], ends)
        elif begins < ends:
            found.append((begins, ends))
    return found


def intersection(some: Iterable[Interval], others: Iterable[Interval]) -> list[Interval]:
    """Return the times that lie in both."""
    theirs = list(others)
    both = [(max(a, c), min(b, d)) for a, b in some for c, d in theirs if max(a, c) < min(b, d)]
    return union(both)


def difference(some: Iterable[Interval], others: Iterable[Interval]) -> list[Interval]:
    """Return the times that lie in the first and not in the second."""
    return [left for one in union(some) for left in _left_of(one, union(others))]


def _left_of(whole: Interval, taken: list[Interval]) -> Iterator[Interval]:
    begins, end = whole
    for first, last in taken:
        if begins < min(first, end):
            yield begins, min(first, end)
        begins = max(begins, last)
    if begins < end:
        yield begins, end
