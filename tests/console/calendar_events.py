"""Reads the events of a calendar file, as a calendar does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from icalendar import Calendar


@dataclass(frozen=True)
class CalendarEvent:
    """One event."""

    begins: datetime
    ends: datetime
    title: str
    uid: str


def events_in(file: bytes) -> list[CalendarEvent]:
    """Return the events in their order."""
    return [_event(one) for one in Calendar.from_ical(file).walk("VEVENT")]


def _event(read: Any) -> CalendarEvent:
    return CalendarEvent(read["dtstart"].dt, read["dtend"].dt, str(read["summary"]), str(read["uid"]))
