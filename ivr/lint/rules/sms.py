"""Rules about text messages: their length, their alphabet, and what must stand in them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache

from ivr.engine.content import SERVICE, Content
from ivr.engine.prompts import BLANK, Sentence, Words
from ivr.engine.step import Step, own
from ivr.errors import Problem
from ivr.helpline.contacts import OURS, Contact, contacts_of
from ivr.helpline.dated_facts import VERIFIED
from ivr.helpline.gsm7 import segments, strangers
from ivr.helpline.shift_words import short_day
from ivr.helpline.sms_bodies import (
    OUR_NUMBER,
    PUT_THROUGH,
    blanks_for_contact,
    contact_blanks,
    render_sms,
    written_date,
)
from ivr.helpline.spoken import can_say_dates
from ivr.lint.limits import MOST_SEGMENTS, REVEALING
from ivr.lint.readability import sentences_in
from ivr.lint.registry import LintContext, rule
from ivr.lint.sentences import ALERTS, texted_to_callers

REVEALS = re.compile("|".join(REVEALING), re.IGNORECASE)
LONGEST_DAY, LONGEST_NAME = datetime(2026, 9, 23, tzinfo=UTC), "N" * 40
"""Of a shift in a text to staff."""
LONGEST_NUMBER = "00000 000 000"
"""Our own is a setting, and not known when the texts are checked."""


@rule(
    "text_not_gsm7",
    "start",
    "Texts keep to the small alphabet that every telephone has: one letter outside it halves the room.",
)
def text_not_gsm7(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a character with no likeness in GSM-7; curly quotes, dashes and the like are put right when a text is
    sent.
    """
    for name, text in longest_texts(content):
        if strange := strangers(text):
            signs = ", ".join(f"“{sign}”" for sign in sorted(strange))
            yield content.at_sentence(name, f"not every telephone has {signs}; write it in plain letters")


@rule("text_too_long", "start", "No text is longer than its reader, or its payer, should bear.")
def text_too_long(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a text of more than three segments, with the longest dates, numbers and addresses in its blanks."""
    for name, text in longest_texts(content):
        if (count := segments(text)) > MOST_SEGMENTS:
            says = f"this text can take {count} segments ({len(text)} characters), and {MOST_SEGMENTS} are the most"
            yield content.at_sentence(name, says)


@rule(
    "text_without_telephone",
    "start",
    "Many have no internet: every text has a telephone number in it, of somebody whom we are sure of.",
)
def text_without_telephone(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a text without a blank for a verified contact's number; our own number, which is a setting, is not
    enough.
    """
    contacts = contacts_of(content)
    sure = {who for who, contact in contacts.items() if contact.say and contact.sure == VERIFIED}
    for name, sentence, step in _texts(content):
        unread = set(step.writes_of()) - contacts.keys() - {OURS}  # what is wrong with those is told elsewhere
        unfilled = sentence.blanks - step.sentences()[name.rpartition(".")[2]]  # wrong_blank reports those
        if not unfilled and not sentence.blanks & (sure | unread):
            says = "this text has no telephone number of a contact that is sure (V), for those without internet"
            yield content.at_sentence(name, says)


@rule("vanishing_text", "start", "Every text says something, whichever contacts may not be written today.")
def vanishing_text(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a text of which every line needs somebody else's number or address: it would be sent empty on that day."""
    for name, sentence, step in _texts(content):
        others = contact_blanks(who for who in step.writes_of() if who != OURS)
        if all(Sentence(line).blanks & others for line in sentence.text.splitlines()):
            says = "every line of this text needs a contact: set one apart by a blank line that needs none"
            yield content.at_sentence(name, says)


@rule("revealing_text", "release", "A text opens with words that tell nothing to somebody else who sees the phone.")
def revealing_text(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a first sentence with a word in it that tells what the call was about, or with a name that does."""
    for name, text in texted_to_callers(content).items():
        opening = BLANK.sub("", sentences_in(text)[0]) if text.strip() else ""
        if found := REVEALS.search(opening):
            says = f"this text opens with “{found[0]}”, for anybody to see: let its first sentence tell nothing"
            yield content.at_sentence(name, says)


def _texts(content: Content) -> Iterator[tuple[str, Sentence, Step]]:
    """Yield each text that a step sends to a caller: its full name, the sentence, and the step."""
    for at, step in content.steps.items():
        for name in sorted(step.texted()):
            if sentence := content.sentences.get(own(at, name)):
                yield own(at, name), sentence, step


def longest_texts(content: Content) -> Iterator[tuple[str, str]]:
    """Yield each text that we send of our own accord, by its full name, as long as it can become.

    What cannot be written is reported by other rules.
    """
    tag = content.language.tag
    if not can_say_dates(tag):
        return
    contacts, words = contacts_of(content), Words(content.language, content.sentences)
    shift = {"day": short_day(LONGEST_DAY, tag), "start": "10:00", "end": "17:00", "name": LONGEST_NAME}
    for name, blanks in ((f"{SERVICE}.{name}", blanks) for name, blanks in ALERTS.items()):
        if name in words and words.sentences[name].blanks <= blanks:
            yield name, render_sms(words, name, {blank: shift[blank] for blank in blanks})
    for at, step in content.steps.items():
        if set(step.writes_of()) - contacts.keys() - {OURS}:
            continue  # nobody knows how long they are
        values = {**_longest_dates(tag), **_longest_contacts(step.writes_of(), contacts, words)}
        for name in (own(at, name) for name in step.texted() | step.alerts() | step.answers()):
            if name in words and words.sentences[name].blanks <= values.keys():
                yield name, render_sms(words, name, values)


def _longest_contacts(names: Iterable[str], contacts: Mapping[str, Contact], words: Words) -> dict[str, str]:
    """Return for each blank of these contacts the longest that can fill it on any day."""
    our_number = f"{SERVICE}.{OUR_NUMBER}"
    ours = max(LONGEST_NUMBER, words.text(our_number) if our_number in words else "", key=len)
    values: dict[str, str] = {}
    for who in names:
        contact = contacts.get(who)
        given = (contact.say, contact.name, contact.email, contact.post) if contact else (ours, "", "", "")
        values |= {blank: value or "" for blank, value in zip(blanks_for_contact(who), given, strict=True)}
    return values


@cache
def _longest_dates(language: str) -> Mapping[str, str]:
    """Return the longest date of a year: of every month each weekday, with a day of two figures."""
    days = (date(2026, month, day) for month in range(1, 13) for day in range(10, 17))
    longest = max((written_date(day, language) for day in days), key=len)
    return dict.fromkeys(("deadline", "send_by", "last_day", "contact_by", PUT_THROUGH, "received"), longest)
