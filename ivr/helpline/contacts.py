"""Whom callers can turn to: dated facts, of which only those we are sure of are spoken."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from pydantic import ValidationError

from ivr.engine.content import Content
from ivr.engine.environment import OneOffHoliday, Opening
from ivr.engine.validation import readable_errors
from ivr.engine.yaml import Source
from ivr.errors import Problem
from ivr.helpline.dated_facts import VERIFIED, Confidence, DatedFact, Pattern
from ivr.helpline.hours_format import WeeklyHours
from ivr.helpline.opening_hours import OpeningHours, is_within
from ivr.helpline.phone_numbers import E164
from ivr.helpline.timezone import today_in_london
from ivr.helpline.working_days import england_and_wales

ADVISERS = "advisers"
"""Our own people; their numbers never stand in a file."""

FILE = "flows/contacts.yaml"
OURS = "helpline"
"""The helpline itself: its number is a setting of the operator, its hours stand in a file of their own."""


InGroups = Annotated[str, Pattern("[0-9]+( [0-9]+)*", "write it in the groups it is said in, such as 0800 064 4488")]
Number = Annotated[str, Pattern(E164.pattern, "write it with its country, such as +448000644488")]


class Contact(DatedFact):
    """One entry of `flows/contacts.yaml`: what to say, what to dial (tried in turn), and how sure we are.

    `hours` is when they answer, in words; `opens` the same by weekday, for us to know when to ring. `post` is where
    to write to, its lines set apart by commas. One that is `after_letter` is rung only after the number in the caller's
    letter. The number of one that is `when_down` is given to callers while all of our machines are down; one that is
    `ours` has our own addresses. `helps_with` lists the topics, by their flows, in which they can help.
    """

    name: str
    say: InGroups | None = None
    dial: tuple[Number, ...] = ()
    email: str | None = None
    post: str | None = None
    website: str | None = None
    hours: str | None = None
    opens: WeeklyHours | None = None
    hours_sure: Confidence | None = None
    after_letter: bool = False
    when_down: bool = False
    ours: bool = False
    helps_with: tuple[str, ...] = ()
    sure: Confidence

    def number_to_say(self, today: date) -> str | None:
        """Return the number in its groups, unless we are not sure of it or it was checked too long ago."""
        return self.say if self._is_good(today) else None

    def hours_to_say(self, today: date) -> str | None:
        """Return when they answer, on the same terms."""
        return self.hours if self._knows_hours(today) else None

    def opening(self, now: datetime, one_off: tuple[OneOffHoliday, ...] = ()) -> Opening:
        """Return whether they answer now (aware), on the same terms; those of whom we are not sure are worth a try.

        Nobody has told us what they do on bank holidays, those that staff added (`one_off`) among them: we ring them
        then, and promise no caller that they open.
        """
        if self.opens is None or not self._knows_hours(today_in_london(now)):
            return Opening(is_open=True)
        week = self.opens.week()
        if is_within(lambda day: week[day.weekday()], now):
            return Opening(is_open=True)
        return OpeningHours(week, england_and_wales(one_off)).opening(now)

    def name_to_say(self, today: date) -> str | None:
        """Return what they are called, on the same terms."""
        return self.name if self._is_good(today) else None

    def email_to_write(self, today: date) -> str | None:
        """Return their e-mail address, on the same terms."""
        return self.email if self._is_good(today) else None

    def post_to_write(self, today: date) -> str | None:
        """Return their postal address, on the same terms."""
        return self.post if self._is_good(today) else None

    def numbers_to_dial(self, today: date) -> tuple[str, ...]:
        """Return what to ring for the caller, on the same terms."""
        return self.dial if self.number_to_say(today) else ()

    def _knows_hours(self, today: date) -> bool:
        return self.hours_sure == VERIFIED and today <= self.good_until

    def _is_good(self, today: date) -> bool:
        return self.sure == VERIFIED and today <= self.good_until


def ourselves(contacts: Mapping[str, Contact]) -> Contact | None:
    """Return the contact with our own addresses, if there is one."""
    return next((contact for contact in contacts.values() if contact.ours), None)


def contacts_of(content: Content) -> Mapping[str, Contact]:
    """Return the contacts that could be read; the reader reports the others."""
    source = content.sources.get(FILE)
    return read_contacts(source)[0] if source else {}


def read_contacts(source: Source) -> tuple[dict[str, Contact], list[Problem]]:
    """Return all contacts of a file, and whatever is wrong with it."""
    contacts: dict[str, Contact] = {}
    problems: list[Problem] = []
    for name, entry in source.content.items():
        try:
            contacts[name] = Contact.model_validate(entry)
        except ValidationError as error:
            problems += readable_errors(error, source, name)
    return contacts, problems
