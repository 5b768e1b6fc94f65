"""Answers what steps ask of the outside world, from the contacts and the operator's settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ivr.helpline.contacts import ADVISERS, OURS, Contact


@dataclass(frozen=True)
class HelplineDesk:
    """The desk of one webhook: who is on it today, and what may be said.

    `own_number` and `own_hours` are the operator's; unset, we say neither. `caller` is the number that rings us.
    """

    today: date
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    advisers: tuple[str, ...] = ()
    own_number: str | None = None
    own_hours: str | None = None
    caller: str = ""

    def numbers(self, who: str) -> tuple[str, ...]:
        return self.advisers if who == ADVISERS else self.contacts[who].numbers_to_dial(self.today)

    def spoken_number(self, who: str) -> str | None:
        return self.own_number if who == OURS else self.contacts[who].number_to_say(self.today)

    def spoken_hours(self, who: str) -> str | None:
        return self.own_hours if who == OURS else self.contacts[who].hours_to_say(self.today)

    def written_email(self, who: str) -> str | None:
        return None if who == OURS else self.contacts[who].email_to_write(self.today)
