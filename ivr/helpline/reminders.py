"""On which days we remind somebody of a date that they must keep."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from ivr.helpline.deadlines import Deadline
from ivr.helpline.next_step import Certificate
from ivr.helpline.timezone import LONDON

DAYS_BEFORE = (14, 3)
HOUR = time(10, tzinfo=LONDON)
"""By the clock on the wall: a decent hour in winter and in summer."""


class ReminderKind(StrEnum):
    """What has to be done by a date."""

    contact_by = "contact_by"
    send_by = "send_by"


@dataclass(frozen=True, slots=True)
class UpcomingDate:
    """A date ahead, what has to be done by it, and when to remind somebody of it."""

    matter: ReminderKind
    day: date
    reminders: tuple[datetime, ...]


def upcoming_date(found: Deadline, certificate: Certificate, today: date) -> UpcomingDate | None:
    """Return the next date that still matters, if there is still a day on which to remind somebody of it.

    Whoever needs a certificate must first contact the mediation adviser: what they can send by when depends on
    the certificate they then get. None, too, where it depends on bank holidays that we do not know.
    """
    is_missing = certificate is Certificate.missing
    matter, day = (ReminderKind.contact_by, found.contact_by) if is_missing else (ReminderKind.send_by, found.send_by)
    return _ahead(matter, day, today) if day else None


def _ahead(matter: ReminderKind, day: date, today: date) -> UpcomingDate | None:
    reminders = reminder_times(day, today)
    return UpcomingDate(matter, day, reminders) if reminders else None


def reminder_times(day: date, today: date) -> tuple[datetime, ...]:
    """Fourteen days and three days before a date, at ten in the morning; of these, only the days after today.

    >>> [str(due.date()) for due in reminder_times(date(2026, 12, 14), date(2026, 11, 30))]
    ['2026-12-11']
    """
    days = (day - timedelta(days=before) for before in DAYS_BEFORE)
    return tuple(reminder_time(one) for one in days if one > today)


def reminder_time(day: date) -> datetime:
    """Return when a reminder of a day is sent."""
    return datetime.combine(day, HOUR)
