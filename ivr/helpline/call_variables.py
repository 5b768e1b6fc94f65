"""The variables of a call: the dates and answers that a caller has given."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from ivr.engine.content import YOUNG_PERSON
from ivr.engine.prompts import Words
from ivr.errors import CertificateBeforeLetter
from ivr.helpline.deadlines import Deadline, work_out
from ivr.helpline.next_step import Certificate
from ivr.helpline.reminders import UpcomingDate, upcoming_date
from ivr.helpline.spoken import date_words
from ivr.helpline.working_days import Calendar, england_and_wales

DATE_PROMPT = {"date": frozenset({"weekday", "day", "month", "year"})}
"""The sentence that says how a date is put into words."""

DECISION = "decision"
"""The variable with the council's decision, by its name in `CouncilDecision`."""
FOR_A_DEADLINE = frozenset({"letter", DECISION})
"""The variables without which there is no deadline to work out."""
SAMPLE_DATES = ("2028-11-10", "2026-10-20", "2026-07-23")
"""Some dates whose deadlines stand in every way on one day or another, the last of them among the longest to say."""
MESSAGE = "message"
"""The variable with the id of the message that the caller is leaving."""
ENDED_BY = "ended_by"
"""The variable with the key that ended the recording."""
SHORTEST = 2
"""Seconds: a recording that is shorter is a click or a key, and nobody's words."""
WHOSE_RIGHT = "whose_right"
"""The variable with whose right the call is about, by its name in `RightHolder`."""


class CouncilDecision(StrEnum):
    """A decision that can be appealed (Children and Families Act 2014, s.51(2)).

    A refusal to assess again counts as the first (s.51(2)(a) and (d)).
    """

    no_assessment = "no_assessment"
    no_plan = "no_plan"
    plan = "plan"
    """What a final plan says, new or changed; a draft gives no right to appeal."""
    no_change = "no_change"
    """No change to a plan after a review."""
    ending = "ending"


class RightHolder(StrEnum):
    """Whose right the call is about (Children and Families Act 2014, s.83(2); SEND Regulations 2014, reg.63 to 65).

    Once over compulsory school age, the right to ask and to appeal is the young person's own.
    """

    child = "child"
    """That of the parent of a child of school age, who rings."""
    over_sixteen = "over_sixteen"
    """That of somebody over compulsory school age, for whom a parent rings."""
    own = "own"
    """That of the young person who rings."""


def audience_of(variables: Mapping[str, str]) -> str:
    """Return who is spoken to, as a call state has it.

    >>> audience_of({"whose_right": "own"}), audience_of({"whose_right": "over_sixteen"}), audience_of({})
    ('young_person', '', '')
    """
    return YOUNG_PERSON if variables.get(WHOSE_RIGHT) == RightHolder.own else ""


def date_variable(variables: Mapping[str, str], name: str) -> date:
    """Return a date the caller keyed, or that was worked out from one; a KeyError if there is none.

    >>> date_variable({"letter": "2026-10-14"}, "letter")
    datetime.date(2026, 10, 14)
    """
    return date.fromisoformat(variables[name])


def speak_date(day: date, words: Words) -> str:
    """Return a date as the caller hears it, in their language and its order of words."""
    return words.phrase("helpline.date", **date_words(day, words.language.tag))


def missing_for_a_deadline(variables: Mapping[str, str]) -> frozenset[str]:
    """Return the variables that a deadline cannot be worked out without, as far as it is known yet which they are.

    >>> sorted(missing_for_a_deadline({"decision": "plan"})), missing_for_a_deadline({"decision": "plan", "letter": "",
    ... "school_only": "yes"})
    (['letter', 'school_only'], frozenset())
    """
    wanted = set(FOR_A_DEADLINE)
    if variables.get(DECISION) == CouncilDecision.plan:
        wanted.add("school_only")
    if DECISION in variables and not (wanted - FOR_A_DEADLINE and variables.get("school_only", "yes") == "yes"):
        wanted |= {"has_certificate"} | ({"certificate"} if variables.get("has_certificate") == "yes" else set())
    return frozenset(wanted - variables.keys())


def certificate_status(variables: Mapping[str, str]) -> Certificate:
    """Return whether the caller has the mediation certificate, or needs none; a KeyError if they have not told us.

    Only what a final plan says can be appealed without one, and only if it is about nothing but the school.
    """
    if variables[DECISION] == CouncilDecision.plan and variables["school_only"] == "yes":
        return Certificate.not_needed
    return Certificate.held if variables["has_certificate"] == "yes" else Certificate.missing


def deadline_from_answers(variables: Mapping[str, str], calendar: Calendar) -> Deadline:
    """Return the deadline that follows from what the caller told us; a KeyError if they have not told us enough."""
    found = certificate_status(variables)
    certificate = date_variable(variables, "certificate") if found is Certificate.held else None
    return work_out(date_variable(variables, "letter"), certificate, found is Certificate.not_needed, calendar)


def announced_deadline(variables: Mapping[str, str], calendar: Calendar) -> Deadline | None:
    """Return the deadline that the caller has heard; None if they have heard none, or have keyed another date since.

    What goes into a text must be what was said: a date that was keyed and not read back yet may be wrong. The days
    that depend on bank holidays are as of now.
    """
    try:
        found = deadline_from_answers(variables, calendar)
    except (KeyError, CertificateBeforeLetter):
        return None
    return found if variables.get("told") == found.deadline.isoformat() else None


def announced_last_day(variables: Mapping[str, str]) -> date | None:
    """Return the last day to appeal, if the caller has heard it; no bank holiday moves it."""
    found = announced_deadline(variables, england_and_wales())
    return found.deadline if found else None


def upcoming_date_of(variables: Mapping[str, str], today: date, calendar: Calendar) -> UpcomingDate | None:
    """Return the date to remind the caller of, as far as they have been told of a deadline."""
    found = announced_deadline(variables, calendar)
    return upcoming_date(found, certificate_status(variables), today) if found else None
