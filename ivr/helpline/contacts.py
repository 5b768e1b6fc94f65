"""Whom callers can turn to: dated facts, of which only those we are sure of are spoken."""

from datetime import date
from re import fullmatch
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ivr.engine.mistakes import in_plain_words
from ivr.engine.yaml import Source
from ivr.errors import Problem

ADVISERS = "advisers"
"""Our own people; their numbers never stand in a file."""

OURS = "helpline"
"""The helpline's own number and hours: settings of the operator, not facts in a file."""


def _written_as(pattern: str, how: str) -> AfterValidator:
    """A text of a certain form; `how` tells an editor which."""

    def check(text: str) -> str:
        if not fullmatch(pattern, text):
            raise ValueError(how)
        return text

    return AfterValidator(check)


InGroups = Annotated[
    str, _written_as("[0-9]+( [0-9]+)*", "write it in the groups it is said in, such as 0800 064 4488")
]
E164 = Annotated[str, _written_as(r"\+[1-9][0-9]{6,14}", "write it with its country, such as +448000644488")]
Sureness = Annotated[str, _written_as("[VPSK]", "it is one of V, P, S and K")]
"""V verified in a stored copy, P partly, S in the first leaflet only, K from memory."""
VERIFIED = "V"


class Contact(BaseModel):
    """One entry of `flows/contacts.yaml`: what to say, what to dial (tried in turn), and how sure we are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    say: InGroups | None = None
    dial: tuple[E164, ...] = ()
    email: str | None = None
    website: str | None = None
    hours: str | None = None
    hours_sure: Sureness | None = None
    sure: Sureness
    source: Annotated[str, Field(min_length=1)]
    source_date: str | None = None
    checked_on: date
    good_until: date
    to_check: str | None = None

    def number_to_say(self, today: date) -> str | None:
        """The number in its groups, unless we are not sure of it or it was checked too long ago."""
        return self.say if self._is_good(today) else None

    def hours_to_say(self, today: date) -> str | None:
        """When they answer, on the same terms."""
        return self.hours if self.hours_sure == VERIFIED and today <= self.good_until else None

    def email_to_write(self, today: date) -> str | None:
        """Their e-mail address, for a text, on the same terms."""
        return self.email if self._is_good(today) else None

    def numbers_to_dial(self, today: date) -> tuple[str, ...]:
        """What to ring for the caller, on the same terms."""
        return self.dial if self.number_to_say(today) else ()

    def _is_good(self, today: date) -> bool:
        return self.sure == VERIFIED and today <= self.good_until


def read_contacts(source: Source) -> tuple[dict[str, Contact], list[Problem]]:
    """All contacts of a file, and whatever is wrong with it."""
    contacts: dict[str, Contact] = {}
    problems: list[Problem] = []
    for name, entry in source.content.items():
        try:
            contacts[name] = Contact.model_validate(entry)
        except ValidationError as error:
            problems += in_plain_words(error, source, name)
    return contacts, problems
