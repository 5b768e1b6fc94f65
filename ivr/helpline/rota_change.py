"""What a change of the rota does to callers: the gaps that it opens and closes, and from when on others are rung."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from ivr.helpline.intervals import Interval, difference, union
from ivr.helpline.odd_hours import odd_shifts
from ivr.helpline.opening_hours import ALWAYS, OpeningHours, open_intervals
from ivr.helpline.rota import RotaSnapshot, on_shift
from ivr.helpline.staffing import gaps
from ivr.helpline.timezone import today_in_london, whole_day

LOOK_AHEAD = timedelta(weeks=8)
STRETCH = timedelta(weeks=4)
"""Gaps are looked for in two stretches: hours and shifts are known for DAYS_AHEAD from the beginning of each."""


@dataclass(frozen=True, slots=True)
class RotaChange:
    """What a change does in the next eight weeks.

    `counts_from` is the first moment at which other telephones ring than without it, None if none do. `odd` are lines
    on shifts that were probably meant otherwise.
    """

    opened: tuple[Interval, ...]
    closed: tuple[Interval, ...]
    counts_from: datetime | None
    odd: tuple[str, ...] = ()


def change_of(before: RotaSnapshot, after: RotaSnapshot, hours: OpeningHours | None, now: datetime) -> RotaChange:
    """Return what it does that one snapshot becomes another; `hours` are those of the content."""
    gaps_before, gaps_after = all_gaps(before, hours, now), all_gaps(after, hours, now)
    odd_before = set(odd_shifts(before.advisers))
    return RotaChange(
        tuple(difference(gaps_after, gaps_before)),
        tuple(difference(gaps_before, gaps_after)),
        _counts_from(before, after, hours, now),
        tuple(line for line in odd_shifts(after.advisers) if line not in odd_before),
    )


def mark_of(rota: RotaSnapshot) -> str:
    """Return what differs for rotas, closures and hours that differ, in any process."""
    advisers = [
        (one.id, one.name, one.away, one.week and sorted(one.week.items()), sorted(one.changes.items()), one.absences)
        for one in rota.advisers
    ]
    hours = [(one.starts, one.ours) for one in rota.staff_hours]
    return sha256(repr((advisers, rota.closures, rota.holidays, hours)).encode()).hexdigest()[:16]


def all_gaps(rota: RotaSnapshot, hours: OpeningHours | None, now: datetime) -> list[Interval]:
    """Return the times, until the same weekday in eight weeks, at which we are open and nobody is on shift."""
    ours, today = rota.hours(hours), today_in_london(now)
    later, last = whole_day(today + STRETCH)[0], whole_day(today + LOOK_AHEAD)[0]
    return union([*gaps(ours, rota.advisers, now, later), *gaps(ours, rota.advisers, later, last)])


def _counts_from(
    before: RotaSnapshot, after: RotaSnapshot, hours: OpeningHours | None, now: datetime
) -> datetime | None:
    for moment in _moments(before, after, hours, now):
        if _rung(before, moment) != _rung(after, moment):
            return moment
    return None


def _rung(rota: RotaSnapshot, at: datetime) -> tuple[str, ...]:
    return tuple(adviser.number for adviser in on_shift(rota.advisers, at))


def _moments(
    before: RotaSnapshot, after: RotaSnapshot, hours: OpeningHours | None, now: datetime
) -> Iterator[datetime]:
    """Yield the moments at which we are open and something may begin or end, the first first."""
    ours = (after.hours(hours) or OpeningHours(ALWAYS)).open_intervals(now)
    shifts = [
        moment
        for rota in (before, after)
        for adviser in rota.advisers
        for interval in open_intervals(adviser.shifts, now)
        for moment in interval
    ]
    bounds = sorted({now, *shifts, *(begins for begins, _ in ours)})
    for moment in bounds:
        if now <= moment < now + LOOK_AHEAD and any(begins <= moment < ends for begins, ends in ours):
            yield moment
