"""A letter for post: what a caller was told, in the words of the texts that they could have had, to be printed.

Nothing of it is kept, neither the name nor the address.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from ivr.engine.call_state import CallState
from ivr.errors import InvalidInput
from ivr.helpline.contacts import Contact
from ivr.helpline.date_format import parse_date
from ivr.helpline.gsm7 import smart
from ivr.helpline.sms_bodies import DEADLINE, OUR_NUMBER
from ivr.staff.call_preview import Content
from ivr.staff.written_texts import WrittenText
from ivr.store import audit
from ivr.store.audit import By

NO_REPLY = "No reply needed."
FIRST = "What to do first, and by when"
"""The heading of what is told about the last day to appeal."""
SHORT_DATE = re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\d{1,2} [A-Z][a-z]{2} \d{4})\b")
"""As `written_date` of sms_bodies.py writes one."""
LONGEST_ADDRESS = 8
"""Lines that fit into the window of an envelope."""


@dataclass(frozen=True, slots=True)
class LetterContact:
    """Somebody to turn to, with all that may be written of them today."""

    name: str
    number: str
    hours: str | None
    email: str | None
    post: str | None
    website: str | None
    after_letter: bool
    """Whether the number in their letter comes first."""


@dataclass(frozen=True, slots=True)
class LetterPart:
    """What is told on one topic, one paragraph after the other."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PostedLetter:
    """A letter of a day. `to` are the lines of the address, if one was typed; `sender` is who we are."""

    day: date
    deadline: date | None
    parts: tuple[LetterPart, ...]
    contacts: tuple[LetterContact, ...]
    sender: str
    to: tuple[str, ...] = field(default=(), repr=False)
    name: str = field(default="", repr=False)


def write(
    content: Content,
    texts: list[WrittenText],
    chosen: Iterable[str],
    number: str | None,
    day: date,
    *,
    deadline: date | None = None,
    audience: str = "",
    name: str = "",
    address: str = "",
) -> PostedLetter:
    """Return the letter with some of the `texts` that are true today, chosen by name; raise InvalidInput.

    `number` is our own, if it may be written. `audience` is who rang, as in the call state.
    """
    names = set(chosen)
    wanted = [text for text in texts if text.name in names]
    if not wanted:
        raise InvalidInput("Choose what the letter is to tell.")
    words = content.flows.shared_for(CallState(audience=audience)).words
    ours = smart(number or words.text(f"helpline.{OUR_NUMBER}"))
    parts = tuple(_parts(wanted, _beginning(texts), ours))
    contacts = tuple(_helpful(wanted, content.contacts, day))
    to = _lines(name, address)
    return PostedLetter(day, deadline, parts, contacts, _sender(texts, ours), to, " ".join(name.split()))


async def tell(db: AsyncConnection, names: Iterable[str], by: By, of: str = "a letter") -> None:
    """Write to the audit log that a letter was printed, with which texts; `of` is about what, such as a talk."""
    await audit.write(db, by, f"{of}: letter printed ({', '.join(names)})")


def _lines(name: str, address: str) -> tuple[str, ...]:
    lines = tuple(line for line in (" ".join(one.split()) for one in (name, *address.splitlines())) if line)
    if len(lines) > LONGEST_ADDRESS:
        raise InvalidInput(
            f"Name and address have {len(lines)} lines, and {LONGEST_ADDRESS} fit into the window: shorten them."
        )
    return lines


def _beginning(texts: Iterable[WrittenText]) -> str:
    """Return the first line that most texts have in common: a letter has a beginning of its own."""
    [(line, times), *others] = Counter(text.body.partition("\n")[0] for text in texts).most_common()
    return line if times > len(others) else ""


def _title(text: WrittenText) -> str:
    """Return the heading of a text for whoever gets the letter."""
    return FIRST if text.name.startswith(DEADLINE) else f"{text.title[:1].upper()}{text.title[1:]}"


def _parts(texts: Iterable[WrittenText], beginning: str, ours: str) -> Iterable[LetterPart]:
    """Yield each text without what a letter says elsewhere: its beginning, and who we are; no paragraph comes twice."""
    told = {beginning}
    for text in texts:
        paragraphs = [line for line in text.body.split("\n") if line and line not in told and ours not in line]
        told |= {*paragraphs}
        if paragraphs:
            yield LetterPart(_title(text), tuple(map(in_full, paragraphs)))


def in_full(text: str) -> str:
    """Return words of a text with its dates written out.

    >>> in_full("Ring them by Thu 24 Dec 2026, then us.")
    'Ring them by Thursday 24 December 2026, then us.'
    """

    def written(found: re.Match[str]) -> str:
        day = parse_date(found[1])
        return f"{day:%A} {day.day} {day:%B %Y}" if day else found[0]

    return SHORT_DATE.sub(written, text)


def _sender(texts: Iterable[WrittenText], ours: str) -> str:
    """Return the sentence of the texts that says who we are."""
    for text in texts:
        for line in text.body.split("\n"):
            if ours in line:
                sentences = line.removesuffix(NO_REPLY).strip().split(". ")
                return next((one for one in sentences if ours in one), line).rstrip(".")
    return ""


def _helpful(texts: Iterable[WrittenText], contacts: Mapping[str, Contact], day: date) -> Iterable[LetterContact]:
    """Yield who can help with what is told, as far as they may be named today."""
    topics = {DEADLINE if text.name.startswith(DEADLINE) else text.name for text in texts}
    for contact in contacts.values():
        if topics & set(contact.helps_with) and (number := contact.number_to_say(day)):
            yield LetterContact(
                contact.name,
                number,
                contact.hours_to_say(day),
                contact.email_to_write(day),
                contact.post_to_write(day),
                contact.website,
                contact.after_letter,
            )
