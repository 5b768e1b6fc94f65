"""Reads the content of a service."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property, lru_cache
from hashlib import sha256
from pathlib import Path

from ivr.config import CONTENT
from ivr.engine.call_flows import CallFlows
from ivr.engine.compile import compiled
from ivr.engine.content import Content
from ivr.engine.content_reader import read_content
from ivr.errors import ContentError
from ivr.helpline import legal_rules, opening_hours_file
from ivr.helpline.contacts import Contact, read_contacts
from ivr.helpline.dated_facts import DatedFact
from ivr.helpline.hours_speech import speak_week
from ivr.helpline.legal_rules import LegalRule, read_legal_rules
from ivr.helpline.opening_hours import OpeningHours, Week
from ivr.helpline.opening_hours_file import OpeningHoursFile
from ivr.helpline.staff_hours import StaffHours, in_force
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
        """Every dated fact of the files: contacts, our hours, rules of law."""
        return (*((self.ours,) if self.ours else ()), *self.other_facts)

    @cached_property
    def other_facts(self) -> tuple[DatedFact, ...]:
        """Every dated fact but our hours, which staff may have set otherwise."""
        return (*self.contacts.values(), *self.rules.values())

    def ours_on(self, today: date, staff_hours: Sequence[StaffHours]) -> OpeningHoursFile | None:
        """Return the hours in force on a day, those that staff set before the file's; None: always open."""
        set_by_staff = in_force(staff_hours, today)
        return set_by_staff.ours if set_by_staff else self.ours

    @cached_property
    def hours(self) -> OpeningHours | None:
        """Our opening hours by the file; without any we are always open."""
        return self.ours.hours() if self.ours else None

    def hours_to_say(self, today: date, staff_hours: Sequence[StaffHours] = ()) -> str | None:
        """Return our opening hours in words, unless nobody has confirmed them for too long.

        Those that staff set take the place of the file's.
        """
        if set_by_staff := in_force(staff_hours, today):
            return self._words_of(set_by_staff) if set_by_staff.can_be_said(today) else None
        return self._spoken_hours if self.ours and today <= self.ours.good_until else None

    @cached_property
    def _spoken_hours(self) -> str | None:
        if not self.ours or not self.ours.can_be_said(self.ours.good_until):
            return None
        return self.words_of_week(self.ours.weekly.week())

    @cached_property
    def _words_of(self) -> Callable[[StaffHours], str]:
        return lru_cache(maxsize=8)(lambda found: self.words_of_week(found.hours.week))

    def words_of_week(self, week: Week) -> str:
        """Return a week of hours in words, as callers hear them."""
        return speak_week(week, self.flows.words)


@cache
def load(folder: Path = CONTENT) -> Helpline:
    """Return the helpline of a folder, read once; raise ContentError with every mistake in it."""
    return read(folder)


def read(folder: Path, prepare: Callable[[Content], Content] = lambda content: content) -> Helpline:
    """Return the helpline of a folder as it is now; raise ContentError with every mistake in it.

    `prepare` may put other sentences into the content.
    """
    version = _fingerprint(folder)  # of what was there before: files that change meanwhile are read again, not missed
    content = read_content(folder, KINDS)
    if problems := problems_in(content):
        raise ContentError(problems)
    ours, _ = opening_hours_file.read_hours(content.sources.get(opening_hours_file.FILE))
    contacts = content.sources.get("flows/contacts.yaml")
    rules, _ = read_legal_rules(content.sources.get(legal_rules.FILE))
    return Helpline(compiled(prepare(content)), read_contacts(contacts)[0] if contacts else {}, ours, rules, version)


def _fingerprint(folder: Path) -> str:
    """Return twelve characters that differ for files that differ."""
    found = sha256()
    for path in sorted(path for part in ("flows", "prompts") for path in (folder / part).rglob("*.yaml")):
        text = path.read_bytes()
        found.update(f"{path.relative_to(folder).as_posix()} {len(text)}\n".encode() + text)
    return found.hexdigest()[:12]
