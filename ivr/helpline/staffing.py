"""When somebody is there to answer: the opening hours, less the closures, and the shifts of the rota together."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from ivr.engine.environment import Opening
from ivr.helpline.intervals import Interval, difference, intersection, union
from ivr.helpline.opening_hours import ALWAYS, OpeningHours, open_intervals
from ivr.helpline.rota import Adviser, on_shift


def staffed_opening(hours: OpeningHours | None, advisers: Sequence[Adviser], now: datetime) -> Opening:
    """Return whether somebody is there now (aware), and if not, why and when somebody next is.

    While no shift is in sight, it is as if somebody were there in all opening hours: advisers are rung all the same.
    """
    opening = hours.opening(now) if hours else Opening(is_open=True)
    if opening.is_open and on_shift(advisers, now):
        return opening
    opens = next_staffed(hours, advisers, now)
    return Opening(is_open=False, reason=opening.reason, opens=opens) if opens else opening


def next_staffed(hours: OpeningHours | None, advisers: Iterable[Adviser], now: datetime) -> datetime | None:
    """Return the first moment (UTC), not before now (aware), at which we are open and somebody is on shift.

    None if none is in sight. Without hours we are always open.
    """
    both = intersection(_open(hours, now), _shifts(advisers, now))
    return max(both[0][0], now) if both else None


def gaps(hours: OpeningHours | None, advisers: Iterable[Adviser], now: datetime, until: datetime) -> list[Interval]:
    """Return the times from now until then (both aware) at which we are open and nobody is on shift."""
    return intersection([(now, until)], difference(_open(hours, now), _shifts(advisers, now)))


def _open(hours: OpeningHours | None, now: datetime) -> list[Interval]:
    return (hours or OpeningHours(ALWAYS)).open_intervals(now)


def _shifts(advisers: Iterable[Adviser], now: datetime) -> list[Interval]:
    return union(_each(advisers, now))


def _each(advisers: Iterable[Adviser], now: datetime) -> Iterator[Interval]:
    for adviser in advisers:
        yield from open_intervals(adviser.shifts, now)
