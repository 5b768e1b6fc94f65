"""Whether somebody would answer at the helpline at a moment, and what comes next: shown beside the clock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Event:
    """Something that falls due by itself at a moment (London): `what` is a sentence, as “A reminder is sent”."""

    at: datetime
    what: str


@dataclass(frozen=True)
class HelplineHours:
    """The hours of a helpline at a moment, all times in London.

    `why` tells in a few words why it is closed, if there is a reason; `until` is when it closes, or next opens.
    `on_shift` are the names of those who would be rung. `at_ten` is the next weekday at ten at which somebody would
    answer. `events` has the next of each kind, the earliest first.
    """

    is_open: bool
    why: str
    until: datetime | None
    on_shift: tuple[str, ...]
    emergency: str
    at_ten: datetime | None
    events: tuple[Event, ...]


def hours_view(hours: HelplineHours) -> dict[str, Any]:
    """Return the hours as JSON for the page."""
    return {
        "is_open": hours.is_open,
        "why": hours.why,
        "until": _written(hours.until),
        "on_shift": list(hours.on_shift),
        "emergency": hours.emergency,
        "at_ten": _written(hours.at_ten),
        "events": [{"at": _written(event.at), "what": event.what} for event in hours.events],
    }


def _written(at: datetime | None) -> str | None:
    return at.replace(tzinfo=None).isoformat(timespec="seconds") if at else None
