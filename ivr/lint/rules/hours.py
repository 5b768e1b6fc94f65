"""Rules about hours, ours and those of contacts."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.errors import Problem
from ivr.helpline.contacts import Contact
from ivr.helpline.dated_facts import DatedFact
from ivr.helpline.fact_list import listed_facts
from ivr.helpline.hours_format import WEEKDAYS, WeeklyHours
from ivr.helpline.odd_hours import odd_hours as odd_spans
from ivr.helpline.opening_hours_file import OpeningHoursFile
from ivr.lint.registry import LintContext, rule


@rule(
    "odd_hours",
    "notice",
    "Hours over midnight last half a day at most, and none begin in the small hours: 09:00-05:00 is not nine to five.",
    severity="warning",
)
def odd_hours(content: Content, context: LintContext) -> Iterator[Problem]:
    """Warn of hours of ours, or of a contact, that were probably meant by a clock of twelve hours."""
    for listed in listed_facts(content):
        for field, weekly in _hours_in(listed.fact):
            for weekday, spans in sorted(weekly.week().items()):
                for line in odd_spans(spans):
                    yield listed.source.problem(line, *filter(None, (listed.name, field, WEEKDAYS[weekday])))


def _hours_in(fact: DatedFact) -> Iterator[tuple[str, WeeklyHours]]:
    if isinstance(fact, OpeningHoursFile):
        yield "weekly", fact.weekly
    elif isinstance(fact, Contact) and fact.opens:
        yield "opens", fact.opens
