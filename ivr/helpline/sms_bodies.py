"""What a text says: which of its sentences, and what fills their blanks."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache

from babel import Locale
from babel.dates import format_date

from ivr.engine.environment import Environment
from ivr.engine.prompts import Sentence, Words
from ivr.helpline.call_variables import announced_deadline, certificate_status
from ivr.helpline.contacts import OURS
from ivr.helpline.deadlines import Deadline
from ivr.helpline.gsm7 import smart
from ivr.helpline.next_step import NextStep, next_step
from ivr.helpline.working_days import Calendar

CONTACT_TO_TEXT = "to_be_texted"
"""The variable with the contact whose number the caller has just heard, and asked to have as a text."""
PUT_THROUGH = "put_through"
"""The variable, and the blank, with the day on which a contact answered a call that we put through: a caller may have
to show that they rang a mediation adviser in time."""
GENERAL = "general"
DEADLINE = "deadline"
BY_NEXT_STEP = {
    NextStep.get_certificate: "deadline_certificate",
    NextStep.get_certificate_today: "deadline_certificate_today",
    NextStep.ask_permission: "deadline_permission",
    NextStep.appeal: "deadline_open",
    NextStep.appeal_by_five: "deadline_today",
    NextStep.appeal_today: "deadline_today",
    NextStep.extension: "deadline_extension",
    NextStep.late: "deadline_passed",
    NextStep.unknown: DEADLINE,
}
"""The texts about a deadline, by what comes first."""
DEADLINES = {
    DEADLINE: frozenset[str](),
    "deadline_certificate": frozenset({"deadline", "contact_by"}),
    "deadline_certificate_today": frozenset({"deadline"}),
    "deadline_permission": frozenset({"deadline"}),
    "deadline_open": frozenset({"deadline", "send_by"}),
    "deadline_today": frozenset({"deadline"}),
    "deadline_extension": frozenset({"deadline", "last_day"}),
    "deadline_passed": frozenset({"deadline"}),
}
"""The same with the dates in them; the first is for a deadline that was not worked out."""
OUR_NUMBER = "text_number"
"""The shared sentence that stands where our own number would, if it is not set."""
SMS_PHRASES = {OUR_NUMBER: frozenset[str]()}


def sms_topic(topic: str, about: Iterable[str]) -> str:
    """Return the text for what the caller is concerned with: its own if it has one.

    >>> sms_topic("school", ["school", "health"]), sms_topic("", ["school", "health"])
    ('school', 'general')
    """
    return topic if topic == DEADLINE or topic in about else GENERAL


def deadline_sms(variables: Mapping[str, str], now: datetime, calendar: Calendar) -> str:
    """Return which of the texts about a deadline is true now (in London)."""
    found = announced_deadline(variables, calendar)
    return BY_NEXT_STEP[next_step(found, certificate_status(variables), now)] if found else DEADLINE


def blanks_for_contact(who: str) -> tuple[str, str, str, str]:
    """Return the blanks for one contact: their number, name, e-mail address and postal address.

    >>> blanks_for_contact("owl")
    ('owl', 'owl_name', 'owl_email', 'owl_post')
    """
    return who, f"{who}_name", f"{who}_email", f"{who}_post"


def contact_blanks(contacts: Iterable[str]) -> frozenset[str]:
    """Return the blanks for these contacts."""
    return frozenset(blank for who in contacts for blank in blanks_for_contact(who))


def contact_values(contacts: Iterable[str], environment: Environment, words: Words) -> dict[str, str | None]:
    """Return what fills those blanks today: only what we are sure of; None for what may not be written."""
    values: dict[str, str | None] = {}
    for who in contacts:
        ours = words.phrase(f"helpline.{OUR_NUMBER}") if who == OURS else None
        given = (
            environment.spoken_number(who) or ours,
            environment.name(who),
            environment.written_email(who),
            environment.written_post(who),
        )
        values |= dict(zip(blanks_for_contact(who), given, strict=True))
    return values


def date_values(found: Deadline | None, language: str) -> dict[str, str]:
    """Return what fills the blanks for dates; nothing, with no deadline."""
    if found is None:
        return {}
    days = {
        "deadline": found.deadline,
        "send_by": found.send_by or found.deadline,
        "last_day": found.tribunal_last_day or found.deadline,
        "contact_by": found.contact_by or found.deadline,
    }
    return {name: written_date(day, language) for name, day in days.items()}


@lru_cache(maxsize=256)  # few dates matter at a time, and to write one takes longer than all else of a text
def written_date(day: date, language: str) -> str:
    """Return a date short enough for a text, with its weekday.

    >>> written_date(date(2026, 12, 14), "en-GB")
    'Mon 14 Dec 2026'
    """
    return format_date(day, "EEE d MMM y", Locale.parse(language, sep="-")).replace(".", "")


def put_through_on(variables: Mapping[str, str], language: str) -> str | None:
    """Return the day on which a contact answered this caller through us; None if none did.

    >>> put_through_on({"put_through": "2026-12-14"}, "en-GB"), put_through_on({}, "en-GB")
    ('Mon 14 Dec 2026', None)
    """
    day = variables.get(PUT_THROUGH)
    return written_date(date.fromisoformat(day), language) if day else None


def render_sms(words: Words, name: str, values: Mapping[str, str | None]) -> str:
    """Return a whole text, in the small alphabet of telephones as far as it goes.

    A line of it that needs what may not be written today is left out as a whole.
    """
    lines = [Sentence(line) for line in words.text(name).splitlines()]
    known = {blank: value for blank, value in values.items() if value is not None}
    said = [line.fill(**known) for line in lines if not line.blanks & (values.keys() - known.keys())]
    text = smart("\n".join("".join(part for part in speech if isinstance(part, str)) for speech in said))
    return words.sentences[name].attribute(text, known)
