"""The helpline's own hours, from `flows/hours.yaml`."""

from datetime import date
from typing import Literal

from pydantic import ValidationError

from ivr.engine.validation import readable_errors
from ivr.engine.yaml import Source
from ivr.errors import Problem
from ivr.helpline.dated_facts import Confidence, DatedFact
from ivr.helpline.hours_format import WeeklyHours
from ivr.helpline.opening_hours import OpeningHours
from ivr.helpline.working_days import england_and_wales

FILE = "flows/hours.yaml"


class OpeningHoursFile(DatedFact):
    """A week, and whether we are there on bank holidays too.

    We go by them however sure we are: they are ours to decide.
    """

    weekly: WeeklyHours
    bank_holidays: Literal["open", "closed"]
    sure: Confidence | None = None

    def hours(self) -> OpeningHours:
        """Return the opening hours, with bank holidays if we close on them."""
        return OpeningHours(self.weekly.week(), england_and_wales() if self.bank_holidays == "closed" else None)

    def can_be_said(self, today: date) -> bool:
        """Return whether there is anything to read out, and somebody has confirmed it lately enough."""
        return today <= self.good_until and any(self.weekly.week().values())


def read_hours(source: Source | None) -> tuple[OpeningHoursFile | None, list[Problem]]:
    """Return the hours of a file, and whatever is wrong with it; none of either without a file."""
    if source is None:
        return None, []
    try:
        return OpeningHoursFile.model_validate(source.content), []
    except ValidationError as error:
        return None, readable_errors(error, source)
