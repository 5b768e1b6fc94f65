"""What a person must still settle about the facts: whom to ask, and what to ask first."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ivr.engine.content import Content
from ivr.helpline import contacts, legal_rules, opening_hours_file
from ivr.helpline.fact_list import ListedFact, listed_facts

NOBODY = "nobody is named yet"


@dataclass(frozen=True)
class OpenQuestion:
    """A fact that is not settled, and how many steps say it to callers."""

    listed: ListedFact
    steps: int

    @property
    def whom(self) -> str:
        """Who can settle it."""
        ask = self.listed.fact.ask
        return ask.whom if ask else NOBODY

    @property
    def question(self) -> str:
        """The one question to put to them; where nobody has written it, what must be checked."""
        fact = self.listed.fact
        return fact.ask.question if fact.ask else fact.to_check or ""

    @property
    def urgency(self) -> tuple[bool, date, int, str, int]:
        """The order in which to ask: what callers hear before what they do not, what runs out or is said most first."""
        source = self.listed.source
        line = source.line(self.listed.name)
        return not self.steps, self.listed.fact.good_until, -self.steps, source.file, line


def open_questions(content: Content) -> dict[str, list[OpenQuestion]]:
    """Return what is not settled, most urgent first, by whom to ask, in the order of what is most urgent to each."""
    said = Counter(_said(content))
    listed = (one for one in listed_facts(content) if one.fact.to_check)
    questions = [OpenQuestion(one, said[one.source.file, one.name]) for one in listed]
    groups: dict[str, list[OpenQuestion]] = {}
    for question in sorted(questions, key=lambda one: one.urgency):
        groups.setdefault(question.whom, []).append(question)
    return groups


def _said(content: Content) -> Iterator[tuple[str, str]]:
    """Yield the file and the name of a fact for each step that says it, rings by it, or writes it."""
    for step in content.steps.values():
        yield from ((legal_rules.FILE, name) for name in step.stated())
        named = {step.speaks_of(), step.rings(), *step.writes_of()}
        yield from ((contacts.FILE, who) for who in named if who)
        if step.way_to_a_person():
            yield opening_hours_file.FILE, ""
