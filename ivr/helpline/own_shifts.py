"""The shifts that somebody is reminded of, and that stand in their calendar."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from ivr.helpline.intervals import Interval, intersection
from ivr.helpline.opening_hours import OpeningHours
from ivr.helpline.rota import Adviser, RotaSnapshot
from ivr.helpline.timezone import ONE_DAY, today_in_london

BREAK = timedelta(hours=1)
"""After a lunch of an hour at most nobody is reminded again: it is one shift."""


def own_spans(adviser: Adviser, day: date) -> list[Interval]:
    """Return each span (UTC) that starts on a day, of somebody who has shifts.

    Whoever has none is there at any hour: only a day that was changed for them is a shift.
    """
    if adviser.week is None and day not in adviser.changes:
        return []
    return [(begins, ends) for begins, ends in (span.on(day) for span in adviser.shifts(day)) if begins < ends]


def own_shifts(adviser: Adviser, day: date) -> list[Interval]:
    """Return the same with spans that adjoin, or leave no more than a break between them, as one shift.

    >>> from ivr.helpline.hours_format import parse_spans
    >>> jo = Adviser("1", "Jo", "+447700900001", {0: parse_spans(["09:00-12:30", "13:00-17:00", "19:00-21:00"])})
    >>> [f"{begins:%H:%M}-{ends:%H:%M}" for begins, ends in own_shifts(jo, date(2026, 11, 30))]
    ['09:00-17:00', '19:00-21:00']
    """
    return _joined(sorted(own_spans(adviser, day)))


def shifts_ahead(adviser: Adviser, first: datetime, last: datetime) -> Iterator[Interval]:
    """Yield the shifts of somebody that begin from one moment to another (aware), in their order."""
    for day in days(today_in_london(first), today_in_london(last)):
        yield from (shift for shift in own_shifts(adviser, day) if first <= shift[0] <= last)


def shifts_to_keep(
    snapshot: RotaSnapshot, hours: OpeningHours | None, first: datetime, last: datetime
) -> list[tuple[Adviser, Interval]]:
    """Return whose shifts begin from one moment to another (aware), the earliest first.

    `hours` are those of the content. A shift in which we are closed from beginning to end, such as on a bank holiday,
    is none.
    """
    ours = snapshot.hours(hours)
    opened = ours.open_intervals(first) if ours else None
    ahead = ((adviser, shift) for adviser in snapshot.advisers for shift in shifts_ahead(adviser, first, last))
    kept = [one for one in ahead if opened is None or intersection([one[1]], opened)]
    return sorted(kept, key=lambda one: one[1])


def days(first: date, last: date) -> Iterator[date]:
    """Yield each day from one to another, both included.

    >>> [day.day for day in days(date(2026, 11, 30), date(2026, 12, 2))]
    [30, 1, 2]
    """
    yield from (first + n * ONE_DAY for n in range((last - first).days + 1))


def _joined(spans: Iterable[Interval]) -> list[Interval]:
    found: list[Interval] = []
    for begins, ends in spans:
        if found and begins - found[-1][1] <= BREAK:
            found[-1] = found[-1][0], max(found[-1][1], ends)
        else:
            found.append((begins, ends))
    return found
