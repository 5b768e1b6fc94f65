"""What a caller must do first about a council's decision, and whether there is still time for it.

One place decides it for the call, the texts and `ivr deadline`, so that no two of them contradict one another.

- Without the certificate that most appeals need, the mediation adviser comes before any appeal (SEND Regulations
  2014, reg.33): within two months of the letter, and after that only with the Tribunal's permission.
- What must reach the Tribunal on a day must be there by five in the afternoon (SI 2008/2699, r.12(1)).
"""

from datetime import datetime, time
from enum import StrEnum

from ivr.helpline.deadlines import Deadline

FIVE = time(17)
"""By the clock on the wall in London, at the Tribunal."""


class Certificate(StrEnum):
    """Whether somebody who would appeal has the mediation certificate for it, or needs none."""

    held = "held"
    missing = "missing"
    not_needed = "not_needed"


class NextStep(StrEnum):
    """What comes first, and when."""

    get_certificate = "get_certificate"
    """Ring the mediation adviser, by a working day that is still ahead."""
    get_certificate_today = "get_certificate_today"
    """Contact them today: it is the last working day for it, or none is left."""
    ask_permission = "ask_permission"
    """The two months are over without a certificate: only with the Tribunal's permission."""
    appeal = "appeal"
    """Have the appeal there by a working day that is still ahead."""
    appeal_by_five = "appeal_by_five"
    """Today is the last working day for it, and it is not five o'clock yet."""
    appeal_today = "appeal_today"
    """The last day is not over, and no working day is left: send it today."""
    extension = "extension"
    """The last day is over; the Tribunal's own rules may still allow it."""
    late = "late"
    """All of that is over: a late appeal may still be allowed."""
    unknown = "unknown"
    """It depends on bank holidays that we do not know yet."""


def next_step(found: Deadline, certificate: Certificate, now: datetime) -> NextStep:
    """Return what comes first at a moment (`now`, in London).

    >>> from datetime import date
    >>> from ivr.helpline.deadlines import work_out
    >>> from ivr.helpline.working_days import england_and_wales
    >>> found = work_out(date(2026, 10, 14), None, False, england_and_wales())
    >>> [next_step(found, Certificate.missing, datetime(2026, 12, day, 10)).value for day in (11, 14, 15)]
    ['get_certificate', 'get_certificate_today', 'ask_permission']
    >>> [next_step(found, Certificate.held, datetime(2026, 12, 14, hour)).value for hour in (16, 17)]
    ['appeal_by_five', 'late']
    """
    if certificate is Certificate.missing:
        return _without_certificate(found, now)
    today, is_past_five = now.date(), now.time() >= FIVE
    if found.send_by is None or found.tribunal_last_day is None:
        return NextStep.unknown
    if today < found.send_by:
        return NextStep.appeal
    if today == found.send_by and not is_past_five:
        return NextStep.appeal_by_five
    if today <= found.deadline and found.send_by < found.deadline:
        return NextStep.appeal_today
    return NextStep.late if (today, is_past_five) >= (found.tribunal_last_day, True) else NextStep.extension


def _without_certificate(found: Deadline, now: datetime) -> NextStep:
    today = now.date()
    if today > found.mediation_contact_by:
        return NextStep.ask_permission
    if found.contact_by is None:
        return NextStep.unknown
    return NextStep.get_certificate if today < found.contact_by else NextStep.get_certificate_today
