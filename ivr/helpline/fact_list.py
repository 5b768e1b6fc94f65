"""Every dated fact of a helpline, wherever it stands: contacts, our hours, rules of law."""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.engine.content import Content
from ivr.engine.yaml import Source
from ivr.errors import Problem
from ivr.helpline import contacts, legal_rules, opening_hours_file
from ivr.helpline.dated_facts import DatedFact


@dataclass(frozen=True)
class ListedFact:
    """A fact and where it stands; `name` is "" for a file that is one fact as a whole."""

    fact: DatedFact
    source: Source
    name: str
    what: str
    """What it is about, in words."""
    sure: str

    def problem(self, says: str, field: str) -> Problem:
        """Something about it, at one of its fields."""
        return self.source.problem(says, *filter(None, (self.name, field)))


def listed_facts(content: Content) -> Iterator[ListedFact]:
    """Yield every fact that can be read; errors are reported by the readers."""
    sources = content.sources
    if source := sources.get(contacts.FILE):
        for name, contact in contacts.read_contacts(source)[0].items():
            yield ListedFact(contact, source, name, contact.name, contact.sure)
    if (source := sources.get(opening_hours_file.FILE)) and (ours := opening_hours_file.read_hours(source)[0]):
        yield ListedFact(ours, source, "", "our own hours", ours.sure or "")
    if source := sources.get(legal_rules.FILE):
        for name, rule in legal_rules.read_legal_rules(source)[0].items():
            yield ListedFact(rule, source, name, rule.is_so, rule.sure)
