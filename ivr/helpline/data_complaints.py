"""Complaints about what we do with somebody's data (Data Protection Act 2018, s. 164A): the days, the words, the ends.

The section was put there by the Data (Use and Access) Act 2025, s. 103, and is in force since 19 June 2026.
"""

from datetime import date, timedelta
from enum import StrEnum

TOPIC = "data_complaint"
"""The topic of a message in which a caller speaks a complaint."""
ACKNOWLEDGEMENT, RECEIVED = "acknowledgement", "received"
"""The sentence that is the text with which we acknowledge one, and the blank in it with the day on which it came."""
ACKNOWLEDGED_WITHIN = timedelta(days=30)
"""“Within the period of 30 days beginning when the complaint is received” (s. 164A(3)): that day is the first."""
WARNED_BEFORE = timedelta(days=7)
"""How long before its last day an acknowledgement counts as due soon."""
QUIET = timedelta(days=30)
"""After so long without anything done an open complaint is shown. The law has “without undue delay” and no number."""


class Channel(StrEnum):
    """How a complaint came."""

    telephone = "telephone"
    text = "text"
    email = "email"
    letter = "letter"
    in_person = "in_person"


class Means(StrEnum):
    """How whoever complained was told something."""

    text = "text"
    letter = "letter"
    email = "email"
    telephone = "telephone"


class Outcome(StrEnum):
    """What came of a complaint."""

    upheld = "upheld"
    partly_upheld = "partly_upheld"
    not_upheld = "not_upheld"
    withdrawn = "withdrawn"


class Standing(StrEnum):
    """How urgent it is to see to a complaint; in the order of urgency."""

    overdue = "overdue"
    """The last day to acknowledge it is over."""
    due = "due"
    """It is to be acknowledged within seven days."""
    quiet = "quiet"
    """It is acknowledged and not answered, and nothing was done for thirty days."""
    open = "open"
    closed = "closed"


def last_day_to_acknowledge(received: date) -> date:
    """Return the last day on which a complaint may be acknowledged; the day it is received counts.

    >>> last_day_to_acknowledge(date(2026, 11, 1))
    datetime.date(2026, 11, 30)
    """
    return received + ACKNOWLEDGED_WITHIN - timedelta(days=1)


def standing_of(acknowledge_by: date, today: date, done_last: date, *, acknowledged: bool, closed: bool) -> Standing:
    """Return how a complaint stands on a day; `done_last` is when something was last done about it.

    >>> day = date(2026, 11, 30)
    >>> [standing_of(day, day + timedelta(n), day, acknowledged=False, closed=False).value for n in (-8, -7, 0, 1)]
    ['open', 'due', 'due', 'overdue']
    """
    if closed:
        return Standing.closed
    if acknowledged:
        return Standing.quiet if done_last + QUIET <= today else Standing.open
    if today > acknowledge_by:
        return Standing.overdue
    return Standing.due if acknowledge_by - today <= WARNED_BEFORE else Standing.open
