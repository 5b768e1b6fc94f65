"""Reads the content of a service."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path

from ivr.config import CONTENT
from ivr.engine.call_flows import CallFlows
from ivr.engine.compile import compiled
from ivr.engine.content_reader import read_content
from ivr.errors import ContentError
from ivr.helpline import legal_rules, opening_hours_file
from ivr.helpline.contacts import Contact, read_contacts
from ivr.helpline.dated_facts import DatedFact
from ivr.helpline.hours_speech import speak_week
from ivr.helpline.legal_rules import LegalRule, read_legal_rules
from ivr.helpline.opening_hours import OpeningHours
from ivr.helpline.opening_hours_file import OpeningHoursFile
from ivr.lint.run import problems_in
from ivr.steps import KINDS


@dataclass(frozen=True)
class Helpline:
    """The content of a service: its flows, contacts, opening hours and legal rules."""

    flows: CallFlows
    contacts: Mapping[str, Contact]
    ours: OpeningHoursFile | None = None
    rules: Mapping[str, LegalRule] = field(default_factory=dict)
    version: str = ""
    """A fingerprint of the files: equal files, equal version."""

    @cached_property
    def facts(self) -> tuple[DatedFact, ...]:
        """Every dated fact: contacts, our hours, rules of law."""
        return (*self.contacts.values(), *((self.ours,) if self.ours else ()), *self.rules.values())

    @cached_property
    def hours(self) -> OpeningHours | None:
        """Our opening hours; without any we are always open."""
        return self.ours.hours() if self.ours else None

    def hours_to_say(self, today: date) -> str | None:
        """Return our opening hours in words, unless nobody has confirmed them for too long."""
        return self._spoken_hours if self.ours and today <= self.ours.good_until else None

    @cached_property
    def _spoken_hours(self) -> str | None:
        if not self.ours or not self.ours.can_be_said(self.ours.good_until):
            return None
        return speak_week(self.ours.weekly.week(), self.flows.words)


@cache
def load(folder: Path = CONTENT) -> Helpline:
    """Return the helpline of a folder, read once; raise ContentError with every mistake in it."""
    return read(folder)


def read(folder: Path) -> Helpline:
    """Return the helpline of a folder as it is now; raise ContentError with every mistake in it."""
    version = _fingerprint(folder)  # of what was there before: files that change meanwhile are read again, not missed
    content = read_content(folder, KINDS)
    if problems := problems_in(content):
        raise ContentError(problems)
    ours, _ = opening_hours_file.read_hours(content.sources.get(opening_hours_file.FILE))
    contacts = content.sources.get("flows/contacts.yaml")
    rules, _ = read_legal_rules(content.sources.get(legal_rules.FILE))
    return Helpline(compiled(content), read_contacts(contacts)[0] if contacts else {}, ours, rules, version)


def _fingerprint(folder: Path) -> str:
    """Return twelve characters that differ for files that differ."""
    found = sha256()
    for path in sorted(path for part in ("flows", "prompts") for path in (folder / part).rglob("*.yaml")):
        text = path.read_bytes()
        found.update(f"{path.relative_to(folder).as_posix()} {len(text)}\n".encode() + text)
    return found.hexdigest()[:12]
