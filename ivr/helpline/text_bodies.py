"""What a text says: which of its sentences, and what fills their blanks."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from babel import Locale
from babel.dates import format_date

from ivr.engine.desk import Desk
from ivr.engine.prompts import Words
from ivr.helpline.contacts import OURS
from ivr.helpline.deadlines import Deadline, Status
from ivr.helpline.gsm7 import smart
from ivr.helpline.notes import needs_certificate, told_deadline

TO_BE_TEXTED = "to_be_texted"
"""The note with the contact whose number the caller has just heard, and asked to have as a text."""
GENERAL = "general"
DEADLINE = "deadline"
STANDINGS = {
    "deadline": frozenset[str](),
    "deadline_adviser_first": frozenset({"deadline", "contact_by"}),
    "deadline_open": frozenset({"deadline", "send_by"}),
    "deadline_today": frozenset({"deadline"}),
    "deadline_extension": frozenset({"deadline", "last_day"}),
    "deadline_passed": frozenset({"deadline"}),
}
"""The texts about a deadline, by how things stand, with the dates in them; the first is for one not worked out."""
PHRASES = {"text_unchecked": frozenset[str](), "text_number": frozenset[str]()}
"""Shared sentences that stand in a text where a number or an address may not: theirs, and our own."""


def topic_of(topic: str, about: Iterable[str]) -> str:
    """The text for what the caller is concerned with: its own if it has one.

    >>> topic_of("school", ["school", "health"]), topic_of("", ["school", "health"])
    ('school', 'general')
    """
    return topic if topic == DEADLINE or topic in about else GENERAL


def standing_of(notes: Mapping[str, str], today: date) -> str:
    """Which of the texts about a deadline is true today."""
    found = told_deadline(notes)
    status = found.status(today) if found else None
    if found is None or status is None:
        return DEADLINE
    if status is Status.passed:
        return "deadline_passed"
    if status is Status.extension_only:
        return "deadline_extension"
    if status is Status.due_today or found.send_by is None or found.send_by < today:
        return "deadline_today"
    return "deadline_adviser_first" if needs_certificate(notes) else "deadline_open"


def contact_blanks(contacts: Iterable[str]) -> frozenset[str]:
    """The blanks for these contacts: the number under their name, and the e-mail address."""
    return frozenset(blank for who in contacts for blank in (who, f"{who}_email"))


def contact_values(contacts: Iterable[str], desk: Desk, words: Words) -> dict[str, str]:
    """What fills those blanks today: only what we are sure of, or else how to find out."""
    values: dict[str, str] = {}
    for who in contacts:
        instead = words.text(f"helpline.{phrase_for(who)}")
        values[who] = desk.spoken_number(who) or instead
        values[f"{who}_email"] = desk.written_email(who) or instead
    return values


def phrase_for(who: str) -> str:
    """The shared sentence that stands where somebody's number or address may not."""
    return "text_number" if who == OURS else "text_unchecked"


def date_values(found: Deadline | None, language: str) -> dict[str, str]:
    """What fills the blanks for dates; nothing, with no deadline."""
    if found is None:
        return {}
    days = {
        "deadline": found.deadline,
        "send_by": found.send_by or found.deadline,
        "last_day": found.tribunal_last_day or found.deadline,
        "contact_by": found.mediation_contact_by,
    }
    return {name: written_date(day, language) for name, day in days.items()}


@lru_cache(maxsize=256)  # few dates matter at a time, and to write one takes longer than all else of a text
def written_date(day: date, language: str) -> str:
    """A date short enough for a text, with its weekday.

    >>> written_date(date(2026, 12, 14), "en-GB")
    'Mon 14 Dec 2026'
    """
    return format_date(day, "EEE d MMM y", Locale.parse(language, sep="-")).replace(".", "")


def body(words: Words, name: str, values: Mapping[str, str]) -> str:
    """A whole text, in the small alphabet of telephones as far as it goes."""
    return smart("".join(part for part in words.speech(name, **values) if isinstance(part, str)))
