"""What a call that is tried from the middle must know already, and which values to offer for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce

from ivr.engine.call_state import CallState
from ivr.engine.step import Step
from ivr.errors import CertificateBeforeLetter, InvalidInput
from ivr.helpline.call_variables import MESSAGE, SAMPLE_DATES, audience_of, deadline_from_answers
from ivr.helpline.phone_numbers import SAID_NUMBERS
from ivr.helpline.working_days import england_and_wales

Steps = Mapping[str, Step]
USUAL_AGE = timedelta(days=30)
"""How long ago a letter came, unless somebody says otherwise: its deadline is then still to come."""
MADE_BY_US = frozenset({MESSAGE})
"""Variables whose value only a step can make: the id of something that is stored."""
UNSAID = ""
"""The value of what nobody has said, a choice where a step does without it."""


@dataclass(frozen=True)
class EntryField:
    """One variable: a date, or one of some `choices`, and the steps that ask for it."""

    name: str
    value: str
    choices: tuple[str, ...]
    asked_at: tuple[str, ...]
    is_date: bool = False
    not_before: str = ""
    """The variable with the date before which this one cannot be."""


@dataclass(frozen=True)
class Entry:
    """What a call needs to begin at a step; with `refused` no call can, and `instead` are steps that lead there."""

    fields: tuple[EntryField, ...] = ()
    refused: str = ""
    instead: tuple[str, ...] = ()

    @property
    def variables(self) -> dict[str, str]:
        """The variables that such a call begins with."""
        return {field.name: field.value for field in self.fields if field.value}


def entry_at(steps: Steps, at: str, given: Mapping[str, str], today: date, caller: str) -> Entry:
    """Return what a call needs to begin at a step, with the values that are `given` and fitting ones for the rest."""
    if steps[at].comes_by is not None:
        return _never_first(steps, at)
    offers, fields = _Offers(steps, at, given, today, caller), list[EntryField]()
    while True:
        known = _known(fields)
        needed, optional = needed_at(steps, known | _told(known))[at], steps[at].goes_by(known)
        if made := needed & MADE_BY_US:
            return Entry(
                refused=f"It needs a {min(made)}, which only a call can make.", instead=offers.keepers(min(made))
            )
        lacking = (needed | optional) - {field.name for field in fields}
        if not lacking:
            return Entry(tuple(fields))
        name = min(lacking, key=lambda one: (offers.not_before(one) in lacking, one))
        fields.append(offers.field(name, known, is_optional=name not in needed))


def state_of(entry: Entry, today: date, language: str) -> CallState:
    """Return the state of a call that begins there, as if its caller had been told the deadline that follows from it.

    Raises InvalidInput for values that no call can have.
    """
    variables = entry.variables
    for field in entry.fields:
        _check(field, variables, today)
    return CallState(language=language, audience=audience_of(variables), variables=variables | _told(variables))


def needed_at(steps: Steps, known: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    """Return, by step, the variables that it or a step behind it needs, and that nobody between them asks for."""
    needs = {at: step.lacks(known) for at, step in steps.items()}
    grows = True
    while grows:
        grows = False
        for at, step in steps.items():
            behind = reduce(frozenset.union, (needs[to] for to in step.ahead(known) if to in needs), frozenset[str]())
            if not (found := behind - step.keeps().keys()) <= needs[at]:
                needs[at] |= found
                grows = True
    return needs


def _never_first(steps: Steps, at: str) -> Entry:
    instead = tuple(one for one, other in steps.items() if any(target == at for _, target in other.exits()))
    if steps[at].for_adviser:
        return Entry(refused="An adviser hears it on a line of their own, and no caller ever does.", instead=instead)
    return Entry(refused="A caller hears it only while they wait in the queue.", instead=instead)


def _known(fields: Sequence[EntryField]) -> dict[str, str]:
    """Return the values that fields have and that can be worked with."""
    return {field.name: field.value for field in fields if field.value and (not field.is_date or _day(field.value))}


def _told(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the last day that a caller with these variables has heard; none if no deadline follows from them."""
    try:
        return {"told": deadline_from_answers(variables, england_and_wales()).deadline.isoformat()}
    except (KeyError, CertificateBeforeLetter):
        return {}


@dataclass(frozen=True)
class _Offers:
    """The values that are offered for a call that begins at a step, unless others are given."""

    steps: Steps
    at: str
    given: Mapping[str, str]
    today: date
    caller: str

    def field(self, name: str, known: Mapping[str, str], *, is_optional: bool) -> EntryField:
        """Return the field of a variable."""
        values, unsaid = self._values(name), (UNSAID,) if is_optional else ()
        if values == SAMPLE_DATES:
            before = self.not_before(name)
            value = self.given.get(name, self._usual_date(known.get(before, "")).isoformat())
            return EntryField(name, value, unsaid, self.keepers(name), is_date=True, not_before=before)
        return EntryField(name, self.given.get(name, values[0]), (*values, *unsaid), self.keepers(name))

    def not_before(self, name: str) -> str:
        """Return the variable with the date that a date cannot be before, if a question for it says so."""
        asking = (step for step in self.steps.values() if name in step.keeps())
        return next((before for step in asking if (before := getattr(step, "not_before", None))), "")

    def keepers(self, name: str) -> tuple[str, ...]:
        """Return the steps that ask for a variable, those of the same flow alone if it has any."""
        keepers = [at for at, step in self.steps.items() if name in step.keeps() and at != self.at]
        flow = self.at.partition("/")[0]
        return tuple(at for at in keepers if at.startswith(f"{flow}/")) or tuple(keepers)

    def _values(self, name: str) -> tuple[str, ...]:
        values = next(step.keeps()[name] for step in self.steps.values() if name in step.keeps())
        if values != SAID_NUMBERS:
            return values
        own = (self.caller,) if self.caller.startswith("+44") else ()
        return tuple(dict.fromkeys((*own, *reversed(SAID_NUMBERS))))

    def _usual_date(self, not_before: str) -> date:
        earliest = _day(not_before)
        return earliest + (self.today - earliest) // 2 if earliest else self.today - USUAL_AGE


def _check(field: EntryField, variables: Mapping[str, str], today: date) -> None:
    name = field.name.replace("_", " ")
    if field.value in field.choices:
        return
    if not field.is_date:
        raise InvalidInput(f"“{name}” must be one of {_listed(field.choices)}.")
    day = _day(field.value)
    if day is None:
        raise InvalidInput(f"“{name}” must be a date, such as {today - USUAL_AGE}.")
    if day > today:
        raise InvalidInput(f"“{name}” cannot be after today, {today}.")
    if field.not_before and field.value < variables.get(field.not_before, ""):
        raise InvalidInput(f"“{name}” cannot be before “{field.not_before.replace('_', ' ')}”.")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _listed(choices: Iterable[str]) -> str:
    return ", ".join(choice.replace("_", " ") or "not said" for choice in choices)
