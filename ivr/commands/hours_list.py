"""Prints our weekly hours."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from ivr.helpline.hours_format import WEEKDAYS, written_spans
from ivr.helpline.opening_hours_file import OpeningHoursFile
from ivr.staff.hours import OurHours


def lines(found: OurHours) -> Iterator[str]:
    """Yield the hours of today and those to come, as text."""
    if found.of_today:
        yield from week_lines(found.of_today, found.since)
    for later in found.to_come:
        yield from week_lines(later.ours, later.starts)


def week_lines(ours: OpeningHoursFile, since: date | None) -> Iterator[str]:
    """Yield a week of hours, who confirmed it, and until when it is good; `since` is None for the file's."""
    yield f"From {since:%a %d %b %Y}:" if since else "From flows/hours.yaml:"
    for weekday, spans in ours.weekly.week().items():
        yield f"  {WEEKDAYS[weekday].title():<9}  {written_spans(spans) or 'closed'}"
    yield f"  {ours.bank_holidays} on bank holidays"
    yield f"  confirmed {ours.checked_on:%d %b %Y} by {ours.source}" if since else f"  {ours.source}"
    yield f"  good until {ours.good_until:%d %b %Y}"


def fields(found: OurHours) -> dict[str, Any]:
    """Return the same for machines."""
    return {
        "now": week_fields(found.of_today, found.since) if found.of_today else None,
        "to_come": [week_fields(one.ours, one.starts) for one in found.to_come],
    }


def week_fields(ours: OpeningHoursFile, since: date | None) -> dict[str, Any]:
    """Return the same for machines."""
    return {
        "starts": since,
        "weekly": ours.weekly.model_dump(),
        "bank_holidays": ours.bank_holidays,
        "confirmed": ours.checked_on,
        "confirmed_by": ours.source,
        "sure": ours.sure,
        "good_until": ours.good_until,
    }
