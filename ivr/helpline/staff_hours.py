"""Weekly hours that staff set: they take the place of those of the file, each from its day on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from ivr.engine.environment import OneOffHoliday
from ivr.helpline.opening_hours import LaterWeek, OpeningHours
from ivr.helpline.opening_hours_file import OpeningHoursFile
from ivr.helpline.working_days import with_one_off


@dataclass(frozen=True, slots=True, eq=False)
class StaffHours:
    """Hours that staff set, in force from the day on which they start until the next do.

    Equal only to itself, so that its words are quickly found again at every key press.
    """

    starts: date
    ours: OpeningHoursFile
    hours: OpeningHours

    @classmethod
    def of(cls, starts: date, ours: OpeningHoursFile) -> "StaffHours":
        """Return hours from a day on."""
        return cls(starts, ours, ours.hours())

    def can_be_said(self, today: date) -> bool:
        """Return whether callers may be told them on a day: somebody has confirmed them lately enough."""
        return today <= self.ours.good_until and any(self.hours.week.values())


@lru_cache(maxsize=64)  # every key press asks for the same
def later_week(found: StaffHours, holidays: tuple[OneOffHoliday, ...]) -> LaterWeek:
    """Return the week of hours, without the bank holidays that staff added (`holidays`) if we close on those."""
    calendar = found.hours.calendar
    return LaterWeek(found.starts, found.hours.week, with_one_off(calendar, holidays) if calendar else None)


def in_force(found: Sequence[StaffHours], day: date) -> StaffHours | None:
    """Return those that count on a day; None while those of the file do. They stand in the order of their days."""
    return next((one for one in reversed(found) if one.starts <= day), None)


def not_over(found: Sequence[StaffHours], day: date) -> tuple[StaffHours, ...]:
    """Return those that count on a day or later."""
    now = in_force(found, day)
    return tuple(one for one in found if one is now or one.starts > day)
