"""Working days in England and Wales, for as many years as the bank holidays are known."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Self

import govuk_bank_holidays

from ivr.engine.environment import OneOffHoliday
from ivr.errors import BeyondCalendar
from ivr.helpline.timezone import ONE_DAY

SATURDAY = 5


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The days from `first` to `last`, inclusive, and the bank holidays among them.

    A working day is any day except a Saturday, a Sunday, Christmas Day, Good Friday or a bank holiday
    (Banking and Financial Dealings Act 1971, s.1); the list GOV.UK publishes has all of these.
    A bank holiday that is `unconfirmed` brings a day forward and puts none off: either way the earlier day is safe.
    Whatever is asked about working days raises `BeyondCalendar` rather than guess about one before `first` or after
    `last`. Equal only to itself, so that what was worked out by it is quickly found again.
    """

    bank_holidays: frozenset[date]
    first: date
    last: date
    unconfirmed: frozenset[date] = frozenset()

    @classmethod
    def of_whole_years(cls, bank_holidays: Iterable[date]) -> Self:
        """Return the calendar that a list of bank holidays is enough for: whole years only.

        A year at either end counts when the list reaches its January, or its December: England and Wales
        always have a bank holiday for New Year's Day and one for Boxing Day.
        """
        days = frozenset(bank_holidays)
        earliest, latest = min(days), max(days)
        first_year = earliest.year if earliest.month == 1 else earliest.year + 1
        last_year = latest.year if latest.month == 12 else latest.year - 1
        return cls(days, date(first_year, 1, 1), date(last_year, 12, 31))

    def is_bank_holiday(self, day: date) -> bool:
        """Return whether a day is a bank holiday, confirmed or not."""
        return day in self.bank_holidays or day in self.unconfirmed

    def is_working_day(self, day: date) -> bool:
        """Return whether courts, councils and tribunals are certainly at work that day."""
        return self._may_be_working_day(day) and day not in self.unconfirmed

    def on_or_before(self, day: date) -> date:
        """Return the day itself if it is certainly a working day, or else the last one before it that is."""
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def on_or_after(self, day: date) -> date:
        """Return the day itself if it may be a working day, or else the first one after it that may."""
        while not self._may_be_working_day(day):
            day += ONE_DAY
        return day

    def _may_be_working_day(self, day: date) -> bool:
        if not self.first <= day <= self.last:
            raise BeyondCalendar(f"bank holidays are known from {self.first} to {self.last}, not for {day}")
        return day.weekday() < SATURDAY and day not in self.bank_holidays


@lru_cache(maxsize=8)  # every key press asks for the same
def with_one_off(calendar: Calendar, holidays: tuple[OneOffHoliday, ...]) -> Calendar:
    """Return a calendar with the bank holidays that staff added."""
    confirmed = {one.day for one in holidays if one.is_confirmed}
    announced = frozenset(one.day for one in holidays) - confirmed
    return replace(calendar, bank_holidays=calendar.bank_holidays | confirmed, unconfirmed=announced)


def england_and_wales(one_off: tuple[OneOffHoliday, ...] = ()) -> Calendar:
    """Return the calendar of England and Wales, with the bank holidays that staff added (`one_off`).

    >>> england_and_wales().on_or_before(date(2026, 12, 27))  # a Sunday after Christmas Day, a Friday
    datetime.date(2026, 12, 24)
    """
    return with_one_off(_published(), one_off) if one_off else _published()


@cache
def _published() -> Calendar:
    """Return the calendar of the list of https://www.gov.uk/bank-holidays that is installed with us."""
    # Its code would bring an HTTP client, which is never used here: 6 MB, and a tenth of a second.
    listed = json.loads((files(govuk_bank_holidays) / "bank-holidays.json").read_text("utf-8"))
    return Calendar.of_whole_years(date.fromisoformat(day["date"]) for day in listed["england-and-wales"]["events"])
