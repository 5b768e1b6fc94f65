"""The dates and answers that a caller has given, read back from memory."""

from collections.abc import Mapping
from datetime import date

from ivr.engine.prompts import Words
from ivr.errors import CertificateBeforeLetter
from ivr.helpline.council_decisions import CouncilDecision
from ivr.helpline.deadlines import Deadline, work_out
from ivr.helpline.next_step import Certificate
from ivr.helpline.reminder_dates import Ahead, ahead
from ivr.helpline.spoken import spoken_date
from ivr.helpline.working_days import england_and_wales

DATE = {"date": frozenset({"weekday", "day", "month", "year"})}
"""The sentence that says how a date is put into words."""

DECISION = "decision"
"""The note with the council's decision, by its name in `CouncilDecision`."""
FOR_A_DEADLINE = frozenset({"letter", DECISION})
"""The notes without which there is no deadline to work out."""
SAID_DATES = ("2028-11-10", "2026-10-20", "2026-07-23")
"""Some dates whose deadlines stand in every way on one day or another, the last of them among the longest to say."""


def noted_date(notes: Mapping[str, str], name: str) -> date:
    """A date the caller keyed, or that was worked out from one; a KeyError if there is none.

    >>> noted_date({"letter": "2026-10-14"}, "letter")
    datetime.date(2026, 10, 14)
    """
    return date.fromisoformat(notes[name])


def said_date(day: date, words: Words) -> str:
    """A date as the caller hears it, in their language and its order of words."""
    return spoken_date(day, words.language.tag, words.text("helpline.date"))


def noted_certificate(notes: Mapping[str, str]) -> Certificate:
    """Whether the caller has the mediation certificate, or needs none; a KeyError if they have not told us.

    Only what a final plan says can be appealed without one, and only if it is about nothing but the school.
    """
    if notes[DECISION] == CouncilDecision.plan and notes["school_only"] == "yes":
        return Certificate.not_needed
    return Certificate.held if notes["has_certificate"] == "yes" else Certificate.missing


def noted_deadline(notes: Mapping[str, str]) -> Deadline:
    """The deadline that follows from what the caller told us; a KeyError if they have not told us enough."""
    found = noted_certificate(notes)
    certificate = noted_date(notes, "certificate") if found is Certificate.held else None
    return work_out(noted_date(notes, "letter"), certificate, found is Certificate.not_needed, england_and_wales())


def told_deadline(notes: Mapping[str, str]) -> Deadline | None:
    """The deadline that the caller has heard; None if they have heard none, or have keyed another date since.

    What goes into a text must be what was said: a date that was keyed and not read back yet may be wrong.
    """
    try:
        found = noted_deadline(notes)
    except (KeyError, CertificateBeforeLetter):
        return None
    return found if notes.get("told") == found.deadline.isoformat() else None


def deadline_told(notes: Mapping[str, str]) -> date | None:
    """The last day to appeal, if the caller has heard it."""
    found = told_deadline(notes)
    return found.deadline if found else None


def dates_ahead(notes: Mapping[str, str], today: date) -> Ahead | None:
    """The date to remind the caller of, as far as they have been told of a deadline."""
    found = told_deadline(notes)
    return ahead(found, noted_certificate(notes), today) if found else None
