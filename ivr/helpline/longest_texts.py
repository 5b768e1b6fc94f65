"""Every text as long as it can become, to be measured before any is sent."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache

from ivr.engine.content import Content
from ivr.engine.prompts import Words
from ivr.engine.step import own
from ivr.helpline.contacts import Contact, read_contacts
from ivr.helpline.shared import ALERTS
from ivr.helpline.spoken import can_say_dates
from ivr.helpline.text_bodies import OUR_NUMBER, blanks_of, body, written_date

LONGEST_NUMBER = "00000 000 000"
"""Our own is a setting, and not known when the texts are checked."""


def longest_texts(content: Content) -> Iterator[tuple[str, str]]:
    """Every text that we send of our own accord, by its sentence, as long as it can become.

    Those with strange blanks are left out: that is told elsewhere.
    """
    if not can_say_dates(content.language.tag):
        return  # told elsewhere
    source = content.sources.get("flows/contacts.yaml")
    contacts = read_contacts(source)[0] if source else {}
    words = Words(content.language, content.sentences)
    for name in ALERTS:
        if f"helpline.{name}" in words:
            yield f"helpline.{name}", body(words, f"helpline.{name}", {})
    for at, step in content.steps.items():
        values = {**_longest_dates(content.language.tag), **_longest(step.writes_of(), contacts, words)}
        for name in step.texted() | step.alerts():
            sentence = own(at, name)
            if sentence in words and words.sentences[sentence].blanks <= values.keys():
                yield sentence, body(words, sentence, values)


def _longest(names: Iterable[str], contacts: Mapping[str, Contact], words: Words) -> dict[str, str]:
    """For each blank of these contacts, the longest that can fill it on any day."""
    our_number = f"helpline.{OUR_NUMBER}"
    ours = max(LONGEST_NUMBER, words.text(our_number) if our_number in words else "", key=len)
    values: dict[str, str] = {}
    for who in names:
        contact = contacts.get(who)
        given = (contact.say, contact.name, contact.email, contact.post) if contact else (ours, "", "", "")
        values |= {blank: value or "" for blank, value in zip(blanks_of(who), given, strict=True)}
    return values


@cache
def _longest_dates(language: str) -> Mapping[str, str]:
    """The longest date of a year: each of its months has every weekday with a day of two figures."""
    days = (date(2026, 1, 1) + timedelta(days=number) for number in range(365))
    longest = max((written_date(day, language) for day in days), key=len)
    return dict.fromkeys(("deadline", "send_by", "last_day", "contact_by"), longest)
