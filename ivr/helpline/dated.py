"""Every dated fact of a helpline, wherever it stands: contacts, our hours, rules of law."""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.engine.content import Content
from ivr.engine.yaml import Source
from ivr.errors import Problem
from ivr.helpline import contacts, our_hours, rules
from ivr.helpline.facts import Fact


@dataclass(frozen=True)
class Dated:
    """A fact and where it stands; `name` is "" for a file that is one fact as a whole."""

    fact: Fact
    source: Source
    name: str
    what: str
    """What it is about, in words."""
    sure: str

    def problem(self, says: str, field: str) -> Problem:
        """Something about it, at one of its fields."""
        return self.source.problem(says, *filter(None, (self.name, field)))


def dated_facts(content: Content) -> Iterator[Dated]:
    """All that can be read; what cannot is told elsewhere."""
    sources = content.sources
    if source := sources.get(contacts.FILE):
        for name, contact in contacts.read_contacts(source)[0].items():
            yield Dated(contact, source, name, contact.name, contact.sure)
    if (source := sources.get(our_hours.FILE)) and (ours := our_hours.read_hours(source)[0]):
        yield Dated(ours, source, "", "our own hours", ours.sure or "")
    if source := sources.get(rules.FILE):
        for name, rule in rules.read_rules(source)[0].items():
            yield Dated(rule, source, name, rule.is_so, rule.sure)
