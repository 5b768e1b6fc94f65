"""Working days in England and Wales, for as many years as the bank holidays are known."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Self

import govuk_bank_holidays

from ivr.errors import BeyondCalendar
from ivr.helpline.timezone import ONE_DAY

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days from `first` to `last`, inclusive, and the bank holidays among them.

    A working day is any day except a Saturday, a Sunday, Christmas Day, Good Friday or a bank holiday
    (Banking and Financial Dealings Act 1971, s.1); the list GOV.UK publishes has all of these.
    Every method raises `BeyondCalendar` rather than guess about a day before `first` or after `last`.
    """

    bank_holidays: frozenset[date]
    first: date
    last: date

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

    def is_working_day(self, day: date) -> bool:
        """Return whether courts, councils and tribunals are at work that day."""
        if not self.first <= day <= self.last:
            raise BeyondCalendar(f"bank holidays are known from {self.first} to {self.last}, not for {day}")
        return day.weekday() < SATURDAY and day not in self.bank_holidays

    def on_or_before(self, day: date) -> date:
        """Return the day itself if it is a working day, or else the last one before it."""
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def on_or_after(self, day: date) -> date:
        """Return the day itself if it is a working day, or else the first one after it."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day


@cache
def england_and_wales() -> Calendar:
    """Return the calendar of England and Wales, from the list of https://www.gov.uk/bank-holidays installed with us.

    >>> england_and_wales().on_or_before(date(2026, 12, 27))  # a Sunday after Christmas Day, a Friday
    datetime.date(2026, 12, 24)
    """
    # Its code would bring an HTTP client, which is never used here: 6 MB, and a tenth of a second.
    listed = json.loads((files(govuk_bank_holidays) / "bank-holidays.json").read_text("utf-8"))
    return Calendar.of_whole_years(date.fromisoformat(day["date"]) for day in listed["england-and-wales"]["events"])
