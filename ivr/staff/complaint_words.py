"""What staff write down of a complaint about data, and whether it can be taken."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from ivr.errors import InvalidInput
from ivr.helpline.phone_numbers import parse_number
from ivr.helpline.timezone import today_in_london
from ivr.store.audit import By
from ivr.store.data_complaints import DataComplaint

LONGEST = {"body": 4000, "name": 120, "number": 40, "contact": 400, "answer": 4000, "why": 400}
"""Characters of each field."""
OLDEST = timedelta(days=366)
"""A complaint that is said to have come earlier has probably the wrong year."""


class WrongField(InvalidInput):
    """What was written in a field cannot be taken; `field` is its name."""

    def __init__(self, field: str, says: str) -> None:
        super().__init__(says)
        self.field = field


@dataclass(frozen=True, slots=True)
class Written:
    """What is written down of a complaint: what it is about, who complains, and where they can be answered."""

    body: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    contact: str = field(default="", repr=False)

    def checked(self, *, is_spoken: bool) -> dict[str, str]:
        """Return it by column, the number as E.164; raise WrongField. One that is spoken needs no words."""
        words = {name: checked(name, getattr(self, name)) for name in ("body", "name", "number", "contact")}
        if not (words["body"] or is_spoken):
            raise WrongField("body", "Write what they complain of: their own words are best.")
        if words["number"]:
            number = parse_number(words["number"])
            if number is None:
                raise WrongField("number", "Write a telephone number such as 07700 900001, or leave it out.")
            words["number"] = number
        return words


def checked(name: str, text: str) -> str:
    """Return what was written in a field; raise WrongField if it is too long."""
    text = text.strip().replace("\r\n", "\n")
    if len(text) > LONGEST[name]:
        raise WrongField(name, f"This has {len(text)} characters, and may have {LONGEST[name]}: shorten it.")
    return text


def check_received(received: date, today: date) -> None:
    """Raise WrongField if a complaint cannot have come on a day."""
    if received > today:
        raise WrongField("received", "That day is still to come: write the day on which it reached us.")
    if received < today - OLDEST:
        raise WrongField("received", "That is more than a year ago: look at the year.")


def check_day(complaint: DataComplaint, day: date, by: By) -> None:
    """Raise WrongField if nothing can have been done about a complaint on a day."""
    if day < complaint.received:
        raise WrongField("day", f"It came on {in_words(complaint.received)}: that day is before.")
    if day > today_in_london(by.at):
        raise WrongField("day", "That day is still to come.")


def in_words(day: date) -> str:
    """Return a day as people write it.

    >>> in_words(date(2026, 12, 1))
    '1 December 2026'
    """
    return f"{day.day} {day:%B %Y}"
