"""What we can promise a caller that outlives the call, and what became of the promise."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class TextPromise:
    """A text to a mobile (E.164), to be sent now; the topic names it in records."""

    to: str
    body: str
    topic: str


@dataclass(frozen=True, slots=True)
class ReminderPromise:
    """Texts to a mobile at later times (aware); they take the place of earlier ones on the same topic."""

    to: str
    topic: str
    texts: tuple[tuple[datetime, str], ...]


@dataclass(frozen=True, slots=True)
class StopReminders:
    """No more reminders to a number."""

    number: str


Promise = TextPromise | ReminderPromise | StopReminders


class Kept(StrEnum):
    """What became of a promise: only `kept` may be told to the caller as done."""

    kept = "kept"
    capped = "capped"
    stopped = "stopped"
    nothing = "nothing"
    down = "down"
