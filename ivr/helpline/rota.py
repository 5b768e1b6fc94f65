"""The rota: which advisers are on shift, and when we are closed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from ivr.engine.environment import OneOffHoliday
from ivr.helpline.opening_hours import ALWAYS, Closure, OpeningHours, Span, Week, is_within, open_intervals
from ivr.helpline.staff_hours import StaffHours, later_week
from ivr.helpline.working_days import with_one_off


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which an adviser is away, the first and the last included, and who said so.

    A shift that starts on the evening before lasts to its end.
    """

    first: date
    last: date
    id: str = ""
    set_by: str = ""

    def __str__(self) -> str:
        if self.first == self.last:
            return f"on {self.first:%d %b %Y}"
        return f"from {self.first:%d %b %Y} to {self.last:%d %b %Y}"

    def covers(self, day: date) -> bool:
        """Return whether a day is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Adviser:
    """One of us. `number` is E.164, empty if it cannot be read: then nobody can ring them.

    `week` has the shifts that start on each weekday; None: always there. `changes` are the days on which the
    shifts are others than in every week; none at all on a day off. Somebody is `away` until they are back.
    """

    id: str
    name: str
    number: str = field(repr=False)
    week: Week | None = None
    changes: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    away: bool = False
    absences: tuple[Absence, ...] = ()

    def shifts(self, day: date) -> tuple[Span, ...]:
        """Return the shifts that start on a day; none while they are away, or cannot be rung."""
        return () if not self.number or self.is_away(day) else self.planned(day)

    def is_away(self, day: date) -> bool:
        """Return whether they are away on a day, whatever their shifts."""
        return self.away or any(absence.covers(day) for absence in self.absences)

    def planned(self, day: date) -> tuple[Span, ...]:
        """Return the shifts that start on a day unless they are away."""
        return self.changes.get(day, self.usual(day))

    def usual(self, day: date) -> tuple[Span, ...]:
        """Return the shifts that start on such a day in every week."""
        week = ALWAYS if self.week is None else self.week
        return week.get(day.weekday(), ())


@dataclass(frozen=True, slots=True)
class RotaSnapshot:
    """The rota, and the closures, bank holidays and weekly hours that staff set, as of a moment."""

    advisers: tuple[Adviser, ...] = ()
    closures: tuple[Closure, ...] = ()
    holidays: tuple[OneOffHoliday, ...] = ()
    staff_hours: tuple[StaffHours, ...] = ()

    def or_else(self, advisers: Iterable[Adviser]) -> "RotaSnapshot":
        """Return the snapshot, with other advisers if nobody is on the rota, or nobody whose number can be read."""
        return self if any(adviser.number for adviser in self.advisers) else replace(self, advisers=tuple(advisers))

    def hours(self, ours: OpeningHours | None) -> OpeningHours | None:
        """Return our hours, less the closures and those bank holidays; without any we are always open otherwise.

        `ours` are those of the content, which count until the first day of those that staff set.
        """
        if not (self.closures or self.holidays or self.staff_hours):
            return ours
        hours = ours or OpeningHours(ALWAYS)
        calendar = with_one_off(hours.calendar, self.holidays) if hours.calendar else None
        later = tuple([later_week(one, self.holidays) for one in self.staff_hours])
        return OpeningHours(hours.week, calendar, self.closures, later)


def of_setting(numbers: Iterable[str]) -> tuple[Adviser, ...]:
    """Advisers of whom only the numbers are known: they are always there."""
    return tuple(Adviser(f"setting-{place}", "", number) for place, number in enumerate(numbers))


def on_shift(advisers: Iterable[Adviser], now: datetime) -> tuple[Adviser, ...]:
    """Return the advisers on shift now (aware), in their order, each number once."""
    there = [adviser for adviser in advisers if is_within(adviser.shifts, now)]
    first = {adviser.number: adviser for adviser in reversed(there)}
    return tuple(adviser for adviser in there if adviser is first[adviser.number])


def next_on_shift(advisers: Iterable[Adviser], now: datetime) -> tuple[Adviser, datetime] | None:
    """Return the adviser on shift now (aware) or else next, and since or from when (UTC); the first in their order.

    None if no shift is in sight.
    """
    coming = [(adviser, next(open_intervals(adviser.shifts, now), None)) for adviser in advisers]
    starts = [(adviser, max(first[0], now.astimezone(UTC))) for adviser, first in coming if first]
    return min(starts, key=lambda start: start[1], default=None)
