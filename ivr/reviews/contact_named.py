"""Nobody's name, number or e-mail address is written out in a prompt: they stand in `flows/contacts.yaml` alone.

In a prompt they are blanks, so that another service, or another number, is one edit, and a fact that has run out is
said nowhere.
"""

import re
from collections.abc import Iterator, Mapping

from ivr.engine.content import Content
from ivr.engine.means import Means
from ivr.engine.prompts import Sentence
from ivr.errors import Problem
from ivr.helpline.contacts import FILE, Contact, read_contacts

PROPER_NAME = re.compile(r"[A-Z][\w'-]*(?: (?:and|for|of|the|[A-Z][\w'-]*))* [A-Z][\w'-]*")
"""Of two words or more. One that begins with “the” says what somebody is: “the Ombudsman” may be said anywhere."""


def review(content: Content, means: Means) -> Iterator[Problem]:
    """The proper name, number or e-mail address, in a sentence, of anybody whom some step names, rings or texts of."""
    source = content.sources.get(FILE)
    contacts = read_contacts(source)[0] if source else {}
    named = {who for step in content.steps.values() for who in (step.speaks_of(), step.rings(), *step.writes_of())}
    for who, contact in contacts.items():
        if who not in named:
            continue
        for part, written in _parts(contact).items():
            for name in _with(written, content.sentences):
                yield content.at_sentence(name, _says(who, part))
            for translation in content.translations:
                for name in _with(written, translation.sentences):
                    yield content.at_translation(translation, name, _says(who, part))


def _parts(contact: Contact) -> Mapping[str, re.Pattern[str]]:
    """What is not to be written out, as it may be written."""
    name = contact.name if PROPER_NAME.fullmatch(contact.name) else None
    words = {"name": name, "e-mail address": contact.email}
    parts = {part: re.escape(text) for part, text in words.items() if text}
    if contact.say:
        parts["number"] = "[ -]?".join(re.sub("[^0-9]", "", contact.say))
    return {part: re.compile(rf"(?<!\w){written}(?!\w)", re.IGNORECASE) for part, written in parts.items()}


def _with(written: re.Pattern[str], sentences: Mapping[str, Sentence]) -> Iterator[str]:
    return (name for name, sentence in sentences.items() if written.search(sentence.text))


def _says(who: str, part: str) -> str:
    return f"the {part} of “{who}” is written out here: leave a blank for it, as it stands in {FILE}"
