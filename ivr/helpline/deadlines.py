"""The last day for an appeal to the SEND Tribunal about a council's decision.

Only for appeals about EHC assessments and plans. Claims about disability discrimination, and exclusions,
have other limits: never work those out here.

- Health, Education and Social Care Chamber Rules 2008 (SI 2008/2699), r.20(1)(c): the appeal must be received
  within two months of the council's notice, or one month of the mediation certificate if that is later.
- The same rules, r.12: what if that time ends on a day when nobody is at work, in August, or at Christmas.
- SEND Regulations 2014 (SI 2014/1530), reg.33: two months to contact the mediation adviser.
- Dodds v Walker [1981] 1 WLR 1027: a month ends on the same date of the next one, or on its last day
  where it has no such date.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from ivr.errors import BeyondCalendar, CertificateBeforeLetter
from ivr.helpline.working_days import Calendar

AUGUST, DECEMBER = 8, 12
MONTHS_APART = 4


class Basis(StrEnum):
    """What the deadline is counted from."""

    letter = "letter"
    certificate = "certificate"


class Status(StrEnum):
    """Where a day stands to a deadline: before it, on it, within the Tribunal's extension only, or past."""

    open = "open"
    due_today = "due_today"
    extension_only = "extension_only"
    passed = "passed"


@dataclass(frozen=True, slots=True)
class Deadline:
    """What there is to know about one deadline.

    `deadline` is the plain calendar date of r.20, the one to speak first. `send_by` is the last working day
    on or before it, `tribunal_last_day` the last on which r.12 still takes the appeal. `mediation_contact_by` is
    never put off by r.12, which belongs to the Tribunal and not to the SEND Regulations: so `contact_by`, the last
    working day on or before it, is the day to tell a caller who has no certificate. The three that depend on working
    days are None where any of them needs a day whose bank holidays we do not know.
    """

    deadline: date
    basis: Basis
    send_by: date | None
    tribunal_last_day: date | None
    mediation_contact_by: date
    contact_by: date | None

    def status(self, today: date) -> Status | None:
        """Return how things stand on `today` (a date in London), or None past the bank holidays we know."""
        if self.tribunal_last_day is None:
            return None
        if today < self.deadline:
            return Status.open
        if today == self.deadline:
            return Status.due_today
        return Status.extension_only if today <= self.tribunal_last_day else Status.passed


@lru_cache(maxsize=1024)  # one turn asks several times, and so does the next
def work_out(letter: date, certificate: date | None, school_only: bool, calendar: Calendar) -> Deadline:
    """Return the deadline for a decision letter of a date, and a mediation certificate of another if there is one.

    The letter's own date is safe to count from: the law counts from the day it was sent, which is no earlier.
    `school_only` is an appeal about nothing but the school named, its type, or that none is named; it needs
    no certificate (Children and Families Act 2014, s.55(3)), so one issued all the same gives no more time.
    Dates in the future are taken. Raises `CertificateBeforeLetter`.

    >>> from ivr.helpline.working_days import england_and_wales
    >>> found = work_out(date(2026, 10, 14), date(2026, 11, 20), False, england_and_wales())
    >>> str(found.deadline), found.basis.value, str(found.send_by), str(found.tribunal_last_day)
    ('2026-12-20', 'certificate', '2026-12-18', '2026-12-21')
    """
    if certificate and certificate < letter:
        raise CertificateBeforeLetter(f"the certificate ({certificate}) is older than the letter ({letter})")
    two_months = add_months(letter, 2)
    deadline, basis = two_months, Basis.letter
    if certificate and not school_only and add_months(certificate, 1) > two_months:
        deadline, basis = add_months(certificate, 1), Basis.certificate
    return _with_working_days(deadline, basis, two_months, calendar)


def of_last_day(deadline: date, calendar: Calendar) -> Deadline:
    """Return the deadline of which only the last day is known: as for a letter of two months before, without more."""
    return _with_working_days(deadline, Basis.letter, deadline, calendar)


def _with_working_days(deadline: date, basis: Basis, contact_by: date, calendar: Calendar) -> Deadline:
    try:
        send_by, last_day = calendar.on_or_before(deadline), tribunal_last_day(deadline, calendar)
        contact_by_working_day = calendar.on_or_before(contact_by)
    except BeyondCalendar:  # half an answer would mislead
        return Deadline(deadline, basis, None, None, contact_by, None)
    return Deadline(deadline, basis, send_by, last_day, contact_by, contact_by_working_day)


def is_far_apart(letter: date, certificate: date) -> bool:
    """Return whether a certificate is so much younger than the letter that one of the two dates is probably wrong.

    An adviser must be contacted within two months (reg.33), and mediation is arranged within thirty days (reg.36):
    a certificate of more than four months later often belongs to a newer decision.

    >>> is_far_apart(date(2026, 1, 10), date(2026, 5, 10)), is_far_apart(date(2026, 1, 10), date(2026, 5, 11))
    (False, True)
    """
    return certificate > add_months(letter, MONTHS_APART)


def add_months(day: date, months: int) -> date:
    """Return the day a number of months later, as Dodds v Walker counts them.

    >>> add_months(date(2026, 11, 30), 2), add_months(date(2026, 12, 31), 2)
    (datetime.date(2027, 1, 30), datetime.date(2027, 2, 28))
    """
    return day + relativedelta(months=months)


def tribunal_last_day(deadline: date, calendar: Calendar) -> date:
    """Return the last day on which the Tribunal still takes an appeal whose time ends on `deadline`.

    Rule 12(3)(a) puts off a time that ends in August, or from Christmas Day to New Year's Day, to the first
    working day after; rule 12(2) any other that ends on a day nobody works to the next working day. Only one
    is applied, once: whether Sunday 24 December leads on to January is unsettled, and the earlier is safe.
    Raises `BeyondCalendar`.
    """
    if deadline.month == AUGUST:
        return calendar.on_or_after(deadline.replace(month=9, day=1))
    if deadline.month == DECEMBER and deadline.day >= 25:
        return calendar.on_or_after(date(deadline.year + 1, 1, 2))
    if (deadline.month, deadline.day) == (1, 1):
        return calendar.on_or_after(deadline.replace(day=2))
    return calendar.on_or_after(deadline)
