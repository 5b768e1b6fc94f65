"""The helpline's own hours, from `flows/hours.yaml`."""

from datetime import date
from typing import Literal

from pydantic import ValidationError

from ivr.engine.mistakes import in_plain_words
from ivr.engine.yaml import Source
from ivr.errors import Problem
from ivr.helpline.facts import Fact, Sureness
from ivr.helpline.hours import Hours
from ivr.helpline.working_days import england_and_wales
from ivr.helpline.written_hours import Weekly

FILE = "flows/hours.yaml"


class OurHours(Fact):
    """A week, and whether we are there on bank holidays too.

    We go by them however sure we are: they are ours to decide.
    """

    weekly: Weekly
    bank_holidays: Literal["open", "closed"]
    sure: Sureness | None = None

    def hours(self) -> Hours:
        """As the desk wants them."""
        return Hours(self.weekly.week(), england_and_wales() if self.bank_holidays == "closed" else None)

    def can_be_said(self, today: date) -> bool:
        """Whether there is anything to read out, and somebody has confirmed it lately enough."""
        return today <= self.good_until and any(self.weekly.week().values())


def read_hours(source: Source | None) -> tuple[OurHours | None, list[Problem]]:
    """The hours of a file, and whatever is wrong with it; none of either without a file."""
    if source is None:
        return None, []
    try:
        return OurHours.model_validate(source.content), []
    except ValidationError as error:
        return None, in_plain_words(error, source)
