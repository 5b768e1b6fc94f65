"""Writes shifts as a calendar (iCalendar, RFC 5545).

Each is one event in UTC. A moment is then the same wherever the telephone is, and in the night in which an hour comes
twice; there is no rule of summer time in the file that could grow old.
"""

from datetime import timedelta

from icalendar import Calendar as ICalendar
from icalendar import Event

from ivr.staff.calendar_feeds import Calendar, ShiftInCalendar

OURS = "-//Helpline//Shifts//EN"
EVERY_HOUR = timedelta(hours=1)
"""How often a calendar is to look: https://www.rfc-editor.org/rfc/rfc7986#section-5.7."""


def calendar_file(calendar: Calendar) -> bytes:
    """Return the file; the same shifts make the same one."""
    made, of_one = ICalendar(), calendar.adviser is not None
    name = f"Helpline: {calendar.adviser.name}" if calendar.adviser else "Helpline rota"
    made.add("prodid", OURS)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("refresh-interval", EVERY_HOUR, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    for shift in calendar.shifts:
        made.add_component(_event(calendar, shift, "Helpline shift" if of_one else shift.adviser.name))
    return bytes(made.to_ical())


def _event(calendar: Calendar, shift: ShiftInCalendar, title: str) -> Event:
    event = Event()
    event.add("uid", f"{shift.begins:%Y%m%dT%H%M%SZ}-{shift.adviser.id}@shifts")
    event.add("dtstamp", calendar.feed.created)
    event.add("dtstart", shift.begins)
    event.add("dtend", shift.ends)
    event.add("summary", title)
    return event
